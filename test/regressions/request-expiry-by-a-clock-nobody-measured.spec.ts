import { requestExpiryMs, maxClockSkewMs } from '../../src/modules/execution/common/constants';
import { ClockOffset } from '../../src/modules/execution/connectors/clock-offset';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const startMs = 1_764_000_000_000;

/** A venue whose clock is `aheadMs` from ours; a question is under way for `thereMs`, its answer for `backMs`. */
function clockOf(aheadMs: number, way: { thereMs: number; backMs: number; isDown: boolean }) {
  const runtime = createVirtualRuntime({ seed: 1, startMs });
  const venueTime = (): number => runtime.now() + aheadMs;
  const clock = new ClockOffset(runtime, async (leaving) => {
    leaving();
    await runtime.sleep(way.thereMs);
    if (way.isDown) throw new Error('no answer');
    const told = venueTime();
    await runtime.sleep(way.backMs);
    return told;
  });
  /** How long after now the venue still takes a request that is signed now. */
  const validForMs = (): number => clock.venueNow() + requestExpiryMs - venueTime();
  return { runtime, clock, validForMs };
}

/**
 * An engine whose first questions for the venue's time were not answered signed by its own wall clock, and quoted. With a
 * clock twenty seconds ahead OKX and Gate would have taken a create that much later than absence counts on.
 */
it('doubts a clock that was never measured, and asks until it is', async () => {
  const way = { thereMs: 5, backMs: 5, isDown: true };
  const { runtime, clock, validForMs } = clockOf(-20_000, way);
  await Promise.all([clock.measure(), runtime.advance(100)]);
  clock.start();
  expect([clock.isDoubted, validForMs()]).toEqual([true, 20_000 + requestExpiryMs]);
  way.isDown = false;
  await runtime.advance(1_100);
  expect([clock.isDoubted, validForMs()]).toEqual([false, requestExpiryMs]);
  clock.stop();
});

/**
 * Half of a round trip is how far a measurement may be off, and one of up to five seconds was believed. A question that
 * takes 4.5 s to arrive moved the moment after which the venue refuses a create by 2.25 s; absence allows for one.
 */
it.each([
  { thereMs: 4_500, backMs: 10, isDown: false },
  { thereMs: 10, backMs: 4_500, isDown: false },
])('keeps what it knows when an answer takes too long to tell the time: %j', async (slow) => {
  const way = { thereMs: 10, backMs: 10, isDown: false };
  const { runtime, clock, validForMs } = clockOf(700, way);
  await Promise.all([clock.measure(), runtime.advance(100)]);
  Object.assign(way, slow);
  await Promise.all([clock.measure(), runtime.advance(20_000)]);
  expect(Math.abs(validForMs() - requestExpiryMs)).toBeLessThanOrEqual(maxClockSkewMs);
  expect(clock.isDoubted).toBe(false);
});
