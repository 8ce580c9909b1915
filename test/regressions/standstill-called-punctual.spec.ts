import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { ClockService } from '../../src/modules/execution/clock/clock.service';

/**
 * A process that stood still for ten seconds and woke shortly after a grid point called its first tick almost
 * punctual: lateness was measured from the last grid point that had passed, not from the tick that was due. Orders
 * were created over what was known ten seconds before.
 */
it('a tick after a standstill is as late as the time since it was due', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const clock = new ClockService(runtime, 1_000);
  const lags: number[] = [];
  clock.register('observe', { name: 'lag', onTick: () => void lags.push(clock.counters().lastLagMs) });
  clock.start();
  await runtime.advance(1_500);
  runtime.freeze(9_600); // Wakes at 11,100: the tick of 2,000 is due, 3,000 to 11,000 have passed too.
  await runtime.advance(11_000);
  clock.stop();
  expect(lags.slice(0, 3)).toEqual([0, 9_100, 0]);
  expect(clock.counters().skipped).toBe(9);
});
