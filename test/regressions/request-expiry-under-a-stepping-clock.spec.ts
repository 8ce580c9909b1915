import { ClockOffset } from '../../src/modules/execution/connectors/clock-offset';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const startMs = 1_764_000_000_000;
const stepMs = 20_000;

/**
 * The time a venue is told, and with it the moment after which it refuses a create, was our wall clock and a measured
 * difference. A step of the wall clock went into both until the next measurement: one forward by less than OKX (30 s)
 * or Gate (60 s) objects to let a create be accepted that much later than absence and the drain of a lease count on.
 */
it.each([stepMs, -stepMs])(
  'a step of the wall clock by %i ms does not move the time of the venue',
  async (step) => {
    const runtime = createVirtualRuntime({
      ...{ seed: 1, startMs },
      wallOffsetMs: (elapsed) => (elapsed < 5_000 ? 0 : step),
    });
    const venueTime = (): number => startMs + 700 + runtime.monotonic();
    const clock = new ClockOffset(runtime, async () => {
      await runtime.sleep(10);
      return venueTime();
    });
    clock.start();
    await runtime.advance(4_000);
    expect(Math.abs(clock.venueNow() - venueTime())).toBeLessThan(50);
    await runtime.advance(4_000);
    expect(Math.abs(clock.venueNow() - venueTime())).toBeLessThan(50);
    expect(Math.abs(clock.offsetMs - (700 - step))).toBeLessThan(50);
    clock.stop();
  },
);
