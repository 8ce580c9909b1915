import type { ApprovedOrder } from '../../domain/approved-order';
import type { RejectCode } from '../../domain/sent';
import { Session } from './session';

const bid = { side: 'buy', slotKey: 'bid-0' } as unknown as ApprovedOrder;

/** A session that wants nothing; what it holds back each tick, in words. */
function sceneOf(backoffs: ConstructorParameters<typeof Session>[2] = new Map()) {
  let frozen: readonly string[] = [];
  const strategy = {
    id: 's1',
    decide: () => ({ targets: [], reasons: [], trace: { lean: 0 } }),
    plan: (_decision: unknown, _view: unknown, sides: ReadonlySet<string>) => {
      frozen = [...sides];
      return { keep: [], cancels: [], places: [], reasons: [] };
    },
  };
  const doors = {
    view: () => ({ gate: { reasons: [] }, orders: [], book: {} }),
    admit: () => ({ approved: [], refused: [] }),
    isCommitting: () => false,
    notify: () => undefined,
  };
  const session = new Session(
    strategy as unknown as Session['strategy'],
    doors as unknown as ConstructorParameters<typeof Session>[1],
    backoffs,
  );
  return {
    session,
    refuse: (code: RejectCode, now: number) =>
      session.rejected(bid, { kind: 'rejected', code, venueCode: '', text: '' }, now),
    at: (mono: number): string => {
      session.onTick({ id: 0, mono, now: mono });
      const reasons = session.reasons().map(({ code, side, slot }) => `${code} ${slot ?? side}`);
      return [...frozen.map((side) => `frozen ${side}`), ...reasons].join(', ');
    },
  };
}

it('tells a refused post-only order in the next tick alone, and holds nothing for it', () => {
  const { refuse, at } = sceneOf();
  refuse('POST_ONLY', 100);
  expect(at(1_000)).toBe('POST_ONLY_REJECTED bid-0');
  expect(at(2_000)).toBe('');
});

it('waits longer with every refusal, and as shortly as at first once an order was accepted', () => {
  const { session, refuse, at } = sceneOf();
  refuse('BALANCE', 0);
  expect(at(4_999)).toBe('frozen bid, REJECT_BACKOFF bid');
  expect(at(5_000)).toBe('');
  refuse('BALANCE', 5_000);
  expect(at(14_999)).toBe('frozen bid, REJECT_BACKOFF bid');
  session.accepted(bid, 4_990); // It left beside the refused one.
  expect(at(14_999)).toBe('frozen bid, REJECT_BACKOFF bid');
  session.accepted(bid, 15_000);
  refuse('BALANCE', 15_100);
  expect(at(20_099)).toBe('frozen bid, REJECT_BACKOFF bid');
  expect(at(20_100)).toBe('');
});

it('waits on when it is opened again: the venue has spoken of the account, not of a session', () => {
  const backoffs = new Map();
  sceneOf(backoffs).refuse('BALANCE', 0);
  expect(sceneOf(backoffs).at(4_999)).toBe('frozen bid, REJECT_BACKOFF bid');
});

it('tells since when a reason stands, and begins anew with one that had gone', () => {
  const { session, refuse, at } = sceneOf();
  const since = (): readonly number[] => session.reasons().map((reason) => reason.since);
  refuse('BALANCE', 0);
  at(1_000);
  at(2_000);
  expect(since()).toEqual([1_000]);
  at(5_000);
  expect(since()).toEqual([]);
  refuse('BALANCE', 6_000);
  at(7_000);
  expect(since()).toEqual([7_000]);
});
