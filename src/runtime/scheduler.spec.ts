import * as fc from 'fast-check';
import { Scheduler } from './scheduler';

it('runs what is due soonest first, and equal moments in the order they were asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ms: fc.integer({ min: 0, max: 20 }), isUndone: fc.boolean() })),
      (wanted) => {
        const scheduler = new Scheduler();
        const ran: number[] = [];
        const events = wanted.map(({ ms }, i) => scheduler.after(ms, () => void ran.push(i)));
        events.forEach((event, i) => {
          if (wanted[i]!.isUndone) scheduler.undo(event);
        });
        while (scheduler.runNext(1_000));
        const expected = wanted
          .map(({ ms, isUndone }, i) => ({ ms, isUndone, i }))
          .filter(({ isUndone }) => !isUndone)
          .sort((a, b) => a.ms - b.ms || a.i - b.i)
          .map(({ i }) => i);
        expect(ran).toEqual(expected);
      },
    ),
  );
});

it('stops at the moment it may not pass, and lets a positive wait end later than now', () => {
  const scheduler = new Scheduler();
  const at: number[] = [];
  scheduler.after(5, () => at.push(scheduler.elapsed));
  scheduler.after(10, () => at.push(scheduler.elapsed));
  expect([scheduler.runNext(7), scheduler.runNext(7), scheduler.elapsed, at]).toEqual([true, false, 7, [5]]);
  scheduler.after(1e-9, () => at.push(scheduler.elapsed));
  scheduler.runNext(20);
  expect(at).toEqual([5, 7.001]);
});
