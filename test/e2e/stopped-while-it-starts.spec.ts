import type { EngineBench } from '../support/engine-bench';
import { session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
});
afterEach(() => bench.stop(), 30_000);

/**
 * Simulation y2-604: a start waited for an account whose questions were held by the rate limit. The stop that came
 * meanwhile was given up on as not confirmed; then the start came through and the strategy quoted until somebody asked
 * again.
 */
it('creates nothing once it was asked to stop, however long its start still takes', async () => {
  const { execution, engine, runtime } = bench;
  const load = engine.store.load.bind(engine.store);
  engine.store.load = async (accountId) => {
    await runtime.sleep(2_000);
    return load(accountId);
  };
  const started = execution.open(session);
  await runtime.sleep(100);
  expect(await execution.close(strategyId, 500)).toMatchObject({ confirmed: false });
  await started;
  await runtime.sleep(1_000);
  expect(execution.session(strategyId)?.state).toBe('closing');
  expect(bench.venue.creates()).toEqual([]);
  expect(await execution.close(strategyId, 5_000)).toMatchObject({ confirmed: true, remaining: [] });
  engine.store.load = load;
  await execution.open(session);
  await bench.eventually('quotes after all', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
}, 60_000);
