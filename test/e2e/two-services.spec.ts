import type { INestApplication } from '@nestjs/common';
import { decodeClientOrderId } from '../../src/domain/ids';
import { TestService } from '../support/service';

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000031';
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 2, levelSpacingBps: 5 },
  ...{ orderQuantityBase: '0.01', costMode: 'none' },
};
let another: INestApplication;
const nonces = () =>
  new Set(service.venue.creates().map(({ clientOrderId }) => decodeClientOrderId(clientOrderId)?.nonce));
const moves = async () =>
  (
    await service.database.query(
      'select to_state from strategy_transitions where to_state <> from_state order by id',
    )
  ).map((row: { to_state: string }) => row.to_state);

beforeAll(async () => {
  await service.open();
  const body = { accountId: service.accountId, symbol: 'BTC/USDT', config, id, name: 'shared' };
  await service.post('/strategies', { ...body, allocation: { base: '1', quote: '50000' } }, 201);
  await service.post(`/strategies/${id}/start`, {}, 202);
  await service.eventually('quotes', () => service.atVenue().length === 4);
}, 60_000);
afterAll(async () => {
  await another?.close();
  await service.close();
}, 30_000);

describe('two services on one database', () => {
  it('leave a running strategy to the one that has it', async () => {
    const isRunning = async () => (await service.get(`/strategies/${id}`))['state'] === 'running';
    await service.eventually('running', isRunning);
    const before = await moves();
    another = await service.startAnother('another');
    await service.runtime.sleep(6_500);
    expect(await moves()).toEqual(before);
    expect(nonces().size).toBe(1);
    expect(service.atVenue().length).toBeGreaterThan(0);
  }, 30_000);

  it('take it over by themselves when that one is gone', async () => {
    await service.stop(); // Without a word: its orders rest on, its lease runs out.
    expect(service.atVenue().length).toBeGreaterThan(0);
    const before = service.venue.creates().length;
    await service.eventually('quotes of the other', () => nonces().size === 2, 40_000);
    await service.eventually('all of them', () => service.atVenue().length === 4);
    const later = service.venue.creates().slice(before);
    expect(new Set(later.map(({ clientOrderId }) => decodeClientOrderId(clientOrderId)?.nonce)).size).toBe(1);
    expect((await moves()).at(-1)).toBe('running');
    expect(service.venue.duplicateCreates()).toEqual([]);
  }, 60_000);
});
