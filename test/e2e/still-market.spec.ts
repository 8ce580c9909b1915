import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 10 });
  await bench.execution.open(session);
  await bench.eventually('two levels a side', () => bench.atVenue().length === 4, 10_000);
}, 60_000);
afterAll(() => bench.stop(), 30_000);

const restingIds = (): readonly string[] => bench.atVenue().map((order) => order.clientOrderId);
const cancelled = (): number =>
  bench.venue.core.allOrders(demoAccount.apiKey).filter((order) => order.status === 'CANCELED').length;

it('sends nothing in 1,000 ticks while every slot rests and the market stands still', async () => {
  const before = {
    ids: restingIds(),
    creates: bench.venue.creates().length,
    ticks: bench.engine.clock.counters().ticks,
  };
  const ticks = (): number => bench.engine.clock.counters().ticks - before.ticks;
  await bench.eventually('1,000 ticks', () => ticks() >= 1_000, 30_000);
  expect(restingIds()).toEqual(before.ids);
  expect(bench.venue.creates()).toHaveLength(before.creates);
  expect(cancelled()).toBe(0);
}, 40_000);

it('replaces exactly the four quotes after the market has moved by 20 bps', async () => {
  const before = { ids: restingIds(), creates: bench.venue.creates().length };
  bench.venue.pushMid('BTCUSDT', 20);
  const isReplaced = (): boolean =>
    restingIds().length === 4 && restingIds().every((id) => !before.ids.includes(id));
  await bench.eventually('four new quotes', isReplaced, 15_000);
  await bench.runtime.sleep(500);
  expect(bench.venue.creates()).toHaveLength(before.creates + 4);
  expect(cancelled()).toBe(4);
}, 40_000);

it('ends with nothing at the venue', async () => {
  const closed = await bench.execution.close(strategyId, 10_000);
  expect(closed.confirmed).toBe(true);
  expect(restingIds()).toEqual([]);
}, 20_000);
