import { orderOf } from '../../../../test/support/decisions';
import type { ClientOrder } from '../../../domain/order';
import { OverduePages } from './overdue-pages';

const unbooked: Partial<ClientOrder> = { maxFilled: 5, bookedFilled: 2 };
const unproven: Partial<ClientOrder> = { acknowledged: false, doubtSince: 1, deadlineAt: 100_000 };

/** Codes said at each moment; the database's clock is `now`. */
function said(change: Partial<ClientOrder>, moments: readonly number[]): readonly string[][] {
  const pages = new OverduePages();
  return moments.map((now) => pages.due([orderOf(change)], now, now).map((notice) => notice.code));
}

describe('an open question that lasts', () => {
  it.each<readonly [string, Partial<ClientOrder>, readonly number[], readonly string[][]]>([
    ['a fill 29.9 s out of the books', unbooked, [0, 29_900], [[], []]],
    ['a fill 30 s out of the books is said once', unbooked, [0, 30_000, 31_000], [[], ['FILL_UNBOOKED'], []]],
    ['unproven until a minute after the deadline', unproven, [100_001, 160_000], [[], []]],
    ['unproven any longer is said once', unproven, [160_001, 161_000], [['ORDER_UNKNOWN'], []]],
    ['not committed yet', { ...unproven, deadlineAt: 0 }, [900_000], [[]]],
    ['live', {}, [900_000], [[]]],
    ['lost has a page of its own', { ...unproven, acknowledged: true }, [900_000], [[]]],
  ])('%s', (_name, change, moments, expected) => {
    expect(said(change, moments)).toEqual(expected);
  });

  it('counts and is said anew when it comes up again', () => {
    const pages = new OverduePages();
    const at = (change: Partial<ClientOrder>, now: number): number =>
      pages.due([orderOf(change)], now, now).length;
    expect([at(unbooked, 0), at(unbooked, 30_000), at({}, 40_000), at(unbooked, 50_000)]).toEqual([
      0, 1, 0, 0,
    ]);
    expect([at(unbooked, 79_000), at(unbooked, 80_000)]).toEqual([0, 1]);
  });

  it('names the order and its strategy, as a page', () => {
    const pages = new OverduePages();
    expect(pages.due([orderOf(unproven)], 0, 200_000)).toEqual([
      {
        ...{ code: 'ORDER_UNKNOWN', severity: 'page', strategyId: 's1', accountId: 'a1' },
        detail: 'm-1 the venue has not said what became of it',
      },
    ]);
  });
});
