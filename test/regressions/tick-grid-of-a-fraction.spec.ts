import { ClockService } from '../../src/modules/execution/clock/clock.service';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * Found by the simulation: from a start of 49.91 ms the division by the tick falls a hair below the fourth grid
 * point, so the clock ran the third tick again, at once and for ever, and told everybody that it was a tick late.
 */
it('runs each grid point once when it began between two milliseconds', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  await runtime.advance(49.91);
  const clock = new ClockService(runtime, 500);
  const ticks: number[] = [];
  const lags: number[] = [];
  const onTick = ({ id }: { readonly id: number }): void => {
    ticks.push(id);
    lags.push(clock.counters().lastLagMs);
    if (ticks.length > 20) clock.stop();
  };
  clock.register('decide', { name: 'watcher', onTick });
  clock.start();
  await runtime.advance(5 * 500);
  expect(ticks).toEqual([1, 2, 3, 4, 5]);
  expect(Math.max(...lags)).toBeLessThan(1);
});
