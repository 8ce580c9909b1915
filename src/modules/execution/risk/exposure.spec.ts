import { orderOf } from '../../../../test/support/decisions';
import type { ClientOrder } from '../../../domain/order';
import { worstLong, worstShort } from './exposure';

describe('worst case of a position', () => {
  it.each<[string, Partial<ClientOrder>, number, number]>([
    ['a live buy', {}, 6_000, 5_000],
    ['a live sell', { side: 'sell' }, 5_000, 4_000],
    ['an unknown buy', { acknowledged: false, doubtSince: 1 }, 6_000, 5_000],
    ['a lost sell', { side: 'sell', doubtSince: 1 }, 5_000, 4_000],
    ['a buy whose fill is booked', { maxFilled: 400, bookedFilled: 400 }, 5_600, 5_000],
    ['a buy whose fill is not booked', { maxFilled: 400 }, 6_000, 5_000],
    ['a cancelled buy', { ended: { why: 'canceled', at: 1 } }, 5_000, 5_000],
    [
      'a cancelled buy with a fill to book',
      { ended: { why: 'canceled', at: 1 }, maxFilled: 400, bookedFilled: 100 },
      5_300,
      5_000,
    ],
  ])('%s', (_, change, long, short) => {
    const orders = [orderOf(change)];
    expect([worstLong(5_000, orders), worstShort(5_000, orders)]).toEqual([long, short]);
  });
});
