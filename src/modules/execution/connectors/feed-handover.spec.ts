import fc from 'fast-check';
import { FeedHandover } from './feed-handover';

const place = (from: number, to: number, isFirst = false) => ({ lane: 'book', from, to, isFirst });

function scene() {
  const passed: string[] = [];
  return { passed, handover: new FeedHandover<string>((frame) => passed.push(frame)) };
}

it('goes on with the new connection where it leads on from what was passed', () => {
  const { passed, handover } = scene();
  handover.old(place(1, 3), 'old 3');
  handover.fresh(place(3, 6), 'new 6');
  expect(passed).toEqual(['old 3']);
  handover.begin();
  handover.old(place(3, 6), 'old 6');
  handover.fresh(place(6, 7), 'new 7');
  expect(passed).toEqual(['old 3', 'new 6', 'new 7']);
});

it('waits for the old connection while the new one is ahead, and for the new one while it is behind', () => {
  const { passed, handover } = scene();
  handover.begin();
  handover.fresh(place(5, 8), 'new 8');
  handover.old(place(1, 3), 'old 3');
  expect(handover.isComplete).toBe(false);
  handover.old(place(3, 5), 'old 5');
  expect(passed).toEqual(['old 3', 'old 5', 'new 8']);
  expect(handover.isComplete).toBe(true);
  const other = scene();
  other.handover.begin();
  other.handover.old(place(1, 9), 'old 9');
  other.handover.fresh(place(1, 7), 'new 7');
  other.handover.fresh(place(7, 9), 'new 9');
  other.handover.fresh(place(9, 10), 'new 10');
  expect(other.passed).toEqual(['old 9', 'new 10']);
});

it('joins at a whole state that the old connection has reached, and does not pass it on', () => {
  const { passed, handover } = scene();
  handover.begin();
  handover.fresh(place(-1, 4, true), 'whole 4');
  expect(handover.isComplete).toBe(true);
  handover.old(place(2, 3), 'old 3');
  expect(handover.isComplete).toBe(false);
  handover.old(place(3, 4), 'old 4');
  handover.fresh(place(4, 5), 'new 5');
  expect(passed).toEqual(['old 3', 'old 4', 'new 5']);
});

it('passes on what it holds of a lane that found no place to join, and nothing of one that never moved', () => {
  const { passed, handover } = scene();
  const prepared: string[] = [];
  handover.begin();
  handover.old(place(1, 3), 'old 3');
  handover.fresh(place(-1, 7, true), 'whole 7');
  handover.fresh(place(7, 8), 'new 8');
  handover.fresh({ lane: 'still', from: -1, to: 2, isFirst: true }, 'still');
  handover.finish((lane) => prepared.push(lane));
  handover.old(place(8, 9), 'old 9');
  handover.fresh(place(8, 9), 'new 9');
  expect([passed, prepared]).toEqual([['old 3', 'whole 7', 'new 8', 'new 9'], ['book']]);
});

it('passes every frame once, however the two connections are interleaved', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 200 }), (turns) => {
      const { passed, handover } = scene();
      const [old, fresh] = [{ at: 0 }, { at: 0 }];
      for (const turn of turns) {
        if (turn === 2) handover.begin();
        const side = turn === 0 ? old : fresh;
        side.at += 1;
        const step = [place(side.at - 1, side.at), `${side.at}`] as const;
        if (turn === 0) handover.old(...step);
        else handover.fresh(...step);
      }
      expect(passed).toEqual(passed.map((_frame, index) => String(index + 1)));
    }),
  );
});
