import { instrumentOf, targetOf } from '../../../../test/support/decisions';
import { sceneOf } from '../../../../test/support/risk-scene';
import type { Fill } from '../../../domain/fill';
import { admit } from './admit';
import { PostTradeCheck } from './post-trade-check';

const rules = instrumentOf();
const fillOf = (change: Partial<Fill> = {}): Fill => ({
  ...{ venue: 'binance', accountId: 'a1', strategyId: 's1', instrument: 'BTC/USDT', tradeId: '1' },
  ...{ clientOrderId: 'id-1', venueOrderId: 'v1', base: 'BTC', quote: 'USDT', side: 'buy' },
  ...{ price: rules.price(9_990), quantity: '1', liquidity: 'maker', venueTime: 0, source: 'ws-trade' },
  ...change,
});

function committed(maxOrderNotional?: string): PostTradeCheck {
  const check = new PostTradeCheck(maxOrderNotional);
  const { batch, risk } = sceneOf({ places: [targetOf()] });
  for (const order of admit(batch, risk).approved) check.committed(order);
  return check;
}
const details = (check: PostTradeCheck) => check.take().map(({ detail }) => detail);

describe('the check after the trade', () => {
  it('finds nothing in an order that was committed, sent once and filled within its limits', () => {
    const check = committed('99.9');
    check.sent('id-1', 's1');
    check.filled(fillOf({ quantity: '0.4' }));
    check.filled(fillOf({ quantity: '0.6', price: '99.8', tradeId: '2' }));
    expect(details(check)).toEqual([]);
    expect(check.counters()).toEqual({ committed: 1, sent: 1, fills: 2, mismatches: 0 });
  });

  it.each<[string, (check: PostTradeCheck) => void, string]>([
    ['sent and never committed', (check) => check.sent('id-9', 's1'), 'id-9 was sent and never committed'],
    ['sent twice', (check) => check.sent('id-1', 's1'), 'id-1 was sent twice'],
    [
      'filled beyond its quantity',
      (check) => check.filled(fillOf({ quantity: '1.001' })),
      'id-1 was filled with 1.001 of 1',
    ],
    [
      'filled on the other side',
      (check) => check.filled(fillOf({ side: 'sell' })),
      'id-1 was filled as a sell',
    ],
    [
      'filled above its limit',
      (check) => check.filled(fillOf({ price: '99.91' })),
      'id-1 was filled at 99.91, its limit is 99.9',
    ],
  ])('reports an order %s, once', (_, happen, detail) => {
    const check = committed();
    check.sent('id-1', 's1');
    happen(check);
    expect(check.take()).toEqual([{ strategyId: 's1', detail }]);
    expect(check.take()).toEqual([]);
  });

  it('reports a fill of what was never sent, and a commit beyond the limit of the operator', () => {
    const check = committed('99.89');
    check.filled(fillOf());
    expect(details(check)).toEqual(['id-1 is worth 99.9, above 99.89', 'id-1 was filled and never sent']);
  });

  it('counts a fill once that is booked again after the database was set back', () => {
    const check = committed();
    check.sent('id-1', 's1');
    for (const source of ['ws-trade', 'rest-trades'] as const)
      check.filled(fillOf({ quantity: '1', source }));
    expect(details(check)).toEqual([]);
    check.filled(fillOf({ quantity: '0.001', tradeId: '2' }));
    expect(details(check)).toEqual(['id-1 was filled with 1.001 of 1']);
  });

  it('does not judge orders of an earlier process', () => {
    const check = committed();
    check.filled(fillOf({ clientOrderId: 'm-old' }));
    expect(details(check)).toEqual([]);
  });
});
