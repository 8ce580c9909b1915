import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import { ClockOffset } from './clock-offset';

const startMs = 1_764_000_000_000;

function clockOf(answerMs: number) {
  const runtime = createVirtualRuntime({ seed: 1, startMs });
  const venue = { aheadMs: 0, isDown: false, asked: 0, turnMs: 0 };
  const clock = new ClockOffset(runtime, async (leaving) => {
    venue.asked += 1;
    await runtime.sleep(venue.turnMs);
    leaving();
    const ahead = venue.aheadMs; // As it was when the request was sent.
    await runtime.sleep(answerMs);
    if (venue.isDown) throw new Error('no answer');
    return runtime.now() + ahead;
  });
  return { runtime, venue, clock };
}

it('is doubted until it has been measured anew', async () => {
  const { runtime, venue, clock } = clockOf(10);
  venue.aheadMs = 700;
  void clock.doubt();
  expect(clock.isDoubted).toBe(true);
  await runtime.advance(100);
  expect([clock.isDoubted, Math.round(clock.offsetMs / 100)]).toEqual([false, 7]);
});

it('does not believe a measurement that began before the doubt', async () => {
  const { runtime, venue, clock } = clockOf(10);
  void clock.measure();
  await runtime.advance(15);
  venue.aheadMs = 700;
  void clock.doubt();
  await runtime.advance(35); // The first three samples are in, the best of them from before.
  expect(clock.isDoubted).toBe(true);
  await runtime.advance(100);
  expect([clock.isDoubted, Math.round(clock.offsetMs / 100)]).toEqual([false, 7]);
});

it('is doubted for as long as the venue does not tell its time', async () => {
  const { runtime, venue, clock } = clockOf(10);
  clock.start();
  venue.isDown = true;
  void clock.doubt();
  await runtime.advance(30_000);
  expect(clock.isDoubted).toBe(true);
  venue.isDown = false;
  await runtime.advance(2_000);
  expect(clock.isDoubted).toBe(false);
  clock.stop();
});

it('does not count the wait for its turn as a part of the way', async () => {
  const { runtime, venue, clock } = clockOf(10);
  venue.turnMs = 4_000;
  void clock.measure();
  await runtime.advance(13_000);
  expect(Math.abs(clock.offsetMs)).toBeLessThan(10);
});

it('asks no more once it is stopped', async () => {
  const { runtime, venue, clock } = clockOf(10);
  clock.start();
  venue.isDown = true;
  void clock.doubt();
  await runtime.advance(500);
  clock.stop();
  await runtime.advance(2_000);
  const asked = venue.asked;
  await runtime.advance(120_000);
  expect(venue.asked).toBe(asked);
});
