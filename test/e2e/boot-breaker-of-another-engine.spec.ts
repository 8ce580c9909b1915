import type { EngineBench } from '../support/engine-bench';
import { session, startBench } from '../support/engine-bench';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  await bench.execution.open(session);
  await bench.eventually('every level', () => bench.atVenue().length === 4, 10_000);
}, 60_000);
afterAll(() => bench?.stop(), 30_000);

const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
const trip = (engineId: string): Promise<unknown> =>
  bench.engine.store.kill({
    ...{
      scopeKey: `engine:${engineId}`,
      level: 'CANCEL_ONLY',
      reason: 'BOOT_BREAKER: 3 boots',
      actor: 'engine',
    },
  });

/**
 * Found by the simulation: one of two engines died again and again, and the halt that is to keep it from trading took
 * the quotes of the other one away.
 */
it('leaves the quotes of this engine where they are, and its own takes them away', async () => {
  const before = ids();
  await trip('another');
  await bench.runtime.sleep(2_000);
  expect(ids()).toEqual(before);
  await trip('test');
  await bench.eventually('nothing rests', () => ids().length === 0, 5_000);
}, 30_000);
