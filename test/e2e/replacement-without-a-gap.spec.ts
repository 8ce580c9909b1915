import type { EngineBench } from '../support/engine-bench';
import { session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  await bench.execution.open(session);
  await bench.eventually('every level', () => bench.atVenue().length === 4, 10_000);
}, 60_000);
afterEach(() => bench.stop(), 30_000);

const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
const slots = (): readonly string[] =>
  bench.engine.orders
    .unended(strategyId)
    .map(({ slotKey }) => slotKey)
    .sort();

it('leaves no level empty while the market moves, and ends with one order in each', async () => {
  const before = ids();
  const resting: number[] = [];
  const isReplaced = (): boolean => {
    const now = ids();
    resting.push(now.length);
    return now.length === 4 && now.every((id) => !before.includes(id));
  };
  bench.venue.pushMid('BTCUSDT', 6);
  await bench.eventually('every order replaced', isReplaced, 20_000);
  expect(Math.min(...resting)).toBe(4);
  expect(Math.max(...resting)).toBeGreaterThan(4);
  await bench.eventually('one order a level', () => slots().length === 4, 5_000);
  expect(slots()).toEqual(['ask-0b', 'ask-1b', 'bid-0b', 'bid-1b']);
}, 60_000);
