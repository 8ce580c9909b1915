import { encodeClientOrderId } from '../../src/domain/ids';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { foreignId, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  await bench.execution.open(session);
  await bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
}, 60_000);
afterAll(() => bench?.stop(), 30_000);

describe('an order of ours whose record is gone', () => {
  const lostId = (counter: number): string =>
    encodeClientOrderId({
      installation: bench.engine.boot.installation,
      ...{ strategyNumber: session.number, nonce: 'zzzzzz', counter },
    });
  const place = (clientOrderId: string) =>
    bench.venue.core.place({
      ...{ account: demoAccount.apiKey, symbol: 'BTCUSDT', clientOrderId, side: 'buy', type: 'limit' },
      ...{ timeInForce: 'GTC', price: 5_000_000, quantity: 1_000, stp: 'NONE' },
    });

  it('is recorded in a slot of its own, cancelled, and its funds are free again', async () => {
    const id = lostId(1);
    place(id);
    const isAtVenue = () => bench.atVenue().some((order) => order.clientOrderId === id);
    await bench.eventually('cancelled', () => !isAtVenue(), 15_000);
    await bench.engine.orders.idle();
    const read = () => bench.engine.store.findOrder({ clientOrderId: id });
    const until = bench.runtime.monotonic() + 5_000;
    while (!(await read())?.ended && bench.runtime.monotonic() < until) await bench.runtime.sleep(50);
    expect(await read()).toMatchObject({
      ...{ strategyId, slotKey: 'adopted-1', epoch: 0, bookedFilled: '0' },
      ended: { why: 'canceled' },
    });
    await bench.execution.close(strategyId, 10_000);
    const rows = await bench.engine.store.balances([`strategy:${strategyId}`]);
    expect(rows.map(({ reserved }) => reserved)).toEqual(['0', '0']);
    expect(bench.venue.core.openOrders(demoAccount.apiKey).map((order) => order.clientOrderId)).toEqual([
      foreignId,
    ]);
  }, 40_000);
});
