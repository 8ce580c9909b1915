import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { TestService } from '../support/service';

interface Line {
  readonly at: string;
  readonly kind: string;
  readonly status: string;
  readonly source: string;
  readonly worker: string | null;
  readonly detail: string;
}

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000021';
const config = {
  ...{ bidSpreadBps: 50, askSpreadBps: 50, levels: 1, orderQuantityBase: '0.01', costMode: 'none' },
};

beforeAll(async () => {
  await service.open();
  const terms = { accountId: service.accountId, symbol: 'BTC/USDT', config };
  const allocation = { base: '1', quote: '50000' };
  await service.post('/strategies', { ...terms, allocation, id, name: 'history' }, 201);
  await service.post(`/strategies/${id}/start`, {}, 202);
  await service.eventually('both sides', () => service.sidesAtVenue() === 'buy,sell');
}, 60_000);
afterAll(() => service.close(), 30_000);

/** The log is written behind: reads until the history holds a line of each kind. */
async function historyWith(clientOrderId: string, ...kinds: readonly string[]): Promise<readonly Line[]> {
  let lines: readonly Line[] = [];
  await service.eventually(`${kinds.join()} in the history`, async () => {
    lines = (await service.get(`/orders/${clientOrderId}/events`))['data'] as readonly Line[];
    return kinds.every((kind) => lines.some((line) => line.kind === kind));
  });
  return lines;
}

it('shows who committed, sent and saw an order, and how it ended, oldest first', async () => {
  const [order] = service.atVenue();
  const { clientOrderId } = order!;
  const start = (await historyWith(clientOrderId, 'seen')).map(({ kind, status }) => `${kind} ${status}`);
  expect(start.slice(0, 2)).toEqual(['committed INTENT', 'sent PENDING_CREATE']);
  expect(start).toContain('seen OPEN');
  await service.post(`/strategies/${id}/stop`, {}, 202);
  const lines = await historyWith(clientOrderId, 'cancel_sent', 'ended');
  const last = service.venue.core.order({ account: demoAccount.apiKey, symbol: 'BTCUSDT', clientOrderId });
  expect(lines.at(-1)).toMatchObject({ kind: 'ended', status: last!.status, source: 'store' });
  const asked = lines.findIndex(({ kind }) => kind === 'cancel_sent');
  const ended = lines.findIndex(({ kind, status }) => kind === 'seen' && status === 'CANCELED');
  expect(asked).toBeGreaterThan(0);
  expect(ended).toBeGreaterThan(asked);
  expect(lines[ended]!.source).toMatch(/^(ws|reply|rest)/);
  for (const line of lines) expect(line.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
  expect(lines.slice(1).map(({ at }) => at)).toEqual(
    lines
      .slice(1)
      .map(({ at }) => at)
      .sort(),
  );
  const workers = new Set(lines.slice(0, -1).map(({ worker }) => worker));
  expect([...workers]).toEqual([expect.stringMatching(/^test-[a-z0-9]{6}$/)]);
}, 60_000);

it('knows no order of another id', async () => {
  const problem = await service.get('/orders/m0000000000000000000x/events', 404);
  expect(problem).toMatchObject({ type: '/docs/errors#not-found', status: 404, code: 'NOT_FOUND' });
});
