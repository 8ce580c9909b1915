import { decodeClientOrderId } from '../../src/domain/ids';
import { TestService } from '../support/service';

const service = new TestService();
const ids = ['01990000-0000-7000-8000-000000000021', '01990000-0000-7000-8000-000000000022'] as const;
const [first, second] = ids;
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 2, levelSpacingBps: 5 },
  ...{ orderQuantityBase: '0.01', costMode: 'none' },
};
const numbers = new Map<string, number>();
const strategy = (id: string) => service.get(`/strategies/${id}`);
const restingOf = (id: string) =>
  service
    .atVenue()
    .filter((order) => decodeClientOrderId(order.clientOrderId)?.strategyNumber === numbers.get(id));
const quotes = (id: string) =>
  service.eventually(`quotes of ${id}`, () => restingOf(id).length === 4, 30_000);
const is = (id: string, state: string) =>
  service.eventually(`${id} is ${state}`, async () => (await strategy(id))['state'] === state);
const operation = (scopeKey: string) => service.get(`/kill-switch/${encodeURIComponent(scopeKey)}/operation`);

beforeAll(async () => {
  await service.open();
  for (const [index, id] of ids.entries()) {
    const body = { accountId: service.accountId, symbol: 'BTC/USDT', config };
    const allocation = { base: '1', quote: '50000' };
    const made = await service.post('/strategies', { ...body, allocation, id, name: `kill-${index}` }, 201);
    numbers.set(id, made['number']);
    await service.post(`/strategies/${id}/start`, {}, 202);
  }
  for (const id of ids) await quotes(id);
  for (const id of ids) await is(id, 'running');
}, 90_000);
afterAll(() => service.close(), 30_000);

describe('the kill switch', () => {
  it('wants a scope and a reason', async () => {
    await service.post('/kill-switch', { scope: 'strategy', scopeId: first }, 422);
    await service.post('/kill-switch', { scope: 'strategy', reason: 'no id' }, 422);
    await service.post('/kill-switch', { scope: 'planet', scopeId: 'x', reason: 'no scope' }, 422);
    expect(restingOf(first)).toHaveLength(4);
  });

  it('of one strategy takes its orders away, proves it twice, and leaves the other alone', async () => {
    const body = { scope: 'strategy', scopeId: first, reason: 'looks wrong' };
    const scopeKey = `strategy:${first}`;
    const engaged = await service.post('/kill-switch', body, 202);
    expect(engaged).toMatchObject({ kind: 'kill', state: 'running', requestedBy: 'user:admin' });
    expect(engaged['observed']).toMatchObject({ isSaved: true, leasesCount: 1, swept: false });
    await service.eventually('confirmed', async () => (await operation(scopeKey))['observed']['confirmed']);
    expect(restingOf(first)).toEqual([]);
    expect((await operation(scopeKey))['observed']['swept']).toBe(false);
    expect(restingOf(second).length).toBeGreaterThan(0);
    await is(first, 'paused');
    expect(await strategy(first)).toMatchObject({
      desiredState: 'paused',
      stateReason: { code: 'KILL_SWITCH', detail: `${scopeKey} by admin: looks wrong` },
    });
    const refused = await service.post(`/strategies/${first}/resume`, {}, 423);
    expect(refused).toMatchObject({ code: 'KILL_SWITCH_ENGAGED' });
    const isSwept = async () => (await operation(scopeKey))['state'] === 'succeeded';
    await service.eventually('swept', isSwept, 20_000);
    const { observed, remaining } = await operation(scopeKey);
    expect(remaining).toEqual([]);
    const apart = Date.parse(observed['sweptAt']) - Date.parse(observed['confirmedAt']);
    expect(apart).toBeGreaterThan(10_000);
  }, 60_000);

  it('of everything stands over a restart, and nothing is created under it', async () => {
    await service.post('/kill-switch', { scope: 'global', reason: 'stop it all' }, 202);
    await service.eventually('nothing rests', () => service.atVenue().length === 0, 5_000);
    const before = service.venue.creates().length;
    await service.stop();
    await service.start();
    await is(second, 'paused');
    const { data } = await service.get('/kill-switch');
    expect(data).toMatchObject([
      { scopeKey: `strategy:${first}`, state: 'HALTED', actor: 'admin', reason: 'looks wrong' },
      { scopeKey: 'global', state: 'HALTED', leasesCount: 2, isSaved: true },
    ]);
    await service.post(`/strategies/${second}/resume`, {}, 423);
    expect(service.venue.creates()).toHaveLength(before);
    const again = await operation('global');
    expect(again).toMatchObject({ state: 'running', reason: 'stop it all', requestedBy: 'user:admin' });
    const isProved = async () => (await operation('global'))['state'] === 'succeeded';
    await service.eventually('proved by the new process too', isProved, 25_000);
    await service.get('/kill-switch/venue:okx/operation', 404);
  }, 60_000);

  it('is released by a person with a reason; a strategy then waits to be resumed by name', async () => {
    await service.delete('/kill-switch/global', {}, 422);
    const { data } = await service.delete('/kill-switch/global', { reason: 'understood' }, 200);
    expect(data).toMatchObject([{ scopeKey: 'global', reason: 'stop it all' }]);
    await service.delete('/kill-switch/global', { reason: 'again' }, 404);
    await service.runtime.sleep(2_500);
    expect(service.atVenue()).toEqual([]);
    await service.post(`/strategies/${first}/resume`, {}, 423);
    await service.post(`/strategies/${second}/resume`, {}, 202);
    await quotes(second);
    const rows = await service.database.query(
      'select lifted_by, lift_reason from halts where lifted_at is not null',
    );
    expect(rows).toEqual([{ lifted_by: 'admin', lift_reason: 'understood' }]);
    const audit = await service.database.query(
      `select action, detail->>'outcome' as outcome from audit_log where action like 'kill-switch%' order by id`,
    );
    expect(audit).toContainEqual({ action: 'kill-switch.release', outcome: 'done' });
  }, 60_000);

  it('has milder states: CANCEL_ONLY pulls, and ACTIVE lifts it', async () => {
    const state = { scope: 'account', id: service.accountId, reason: 'watching' };
    const { data } = await service.post('/risk/state', { ...state, state: 'CANCEL_ONLY' }, 200);
    expect(data).toMatchObject([{ scopeKey: `account:${service.accountId}`, state: 'CANCEL_ONLY' }]);
    await service.eventually('pulled', () => service.atVenue().length === 0, 5_000);
    await is(second, 'paused');
    expect((await strategy(second))['stateReason']['code']).toBe('PAUSED_BY_RISK');
    await service.post('/risk/state', { ...state, state: 'ACTIVE' }, 200);
    await service.post(`/strategies/${second}/resume`, {}, 202);
    await quotes(second);
  }, 60_000);
});
