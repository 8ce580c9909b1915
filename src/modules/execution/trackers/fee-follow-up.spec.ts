import type { Fill } from '../../../domain/fill';
import type { Notice } from '../common/notices';
import { FeeFollowUp } from './fee-follow-up';
import { feeQuestionAfterMs } from './reconcile';

const fill: Fill = {
  ...{
    venue: 'binance',
    accountId: 'a1',
    strategyId: 's1',
    clientOrderId: 'm-1',
    base: 'BTC',
    quote: 'USDT',
  },
  ...{ instrument: 'BTC/USDT', tradeId: '7', venueOrderId: 'v1', side: 'buy', price: '100', quantity: '1' },
  ...{ liquidity: 'maker', venueTime: 1, source: 'ws-trade' },
};

function world() {
  const booked: Fill[] = [];
  const notices: Notice[] = [];
  const fees = new FeeFollowUp({
    bookFee: (each) => void booked.push(each),
    notify: (notice) => void notices.push(notice),
  });
  return { fees, booked, notices };
}

it.each([
  [0, 1_000],
  [1, 5_000],
  [2, 30_000],
  [3, 120_000],
  [4, 240_000],
  [5, 360_000],
])('asked %d times: asked again %d ms after the fill', (asked, expected) => {
  expect(feeQuestionAfterMs(asked)).toBe(expected);
});

it('asks at these moments and at no other', () => {
  const { fees } = world();
  fees.add(fill, 0, 10_000);
  const asked: number[] = [];
  for (let now = 10_000; now <= 260_000; now += 500) if (fees.due(now).length > 0) asked.push(now - 10_000);
  expect(asked).toEqual([1_000, 5_000, 30_000, 120_000, 240_000]);
});

it('asks once for all fees of one order', () => {
  const { fees } = world();
  fees.add(fill, 0, 0);
  fees.add({ ...fill, tradeId: '8' }, 0, 0);
  fees.add({ ...fill, tradeId: '9', venueOrderId: 'v2' }, 0, 0);
  expect(fees.due(1_000)).toEqual([
    { instrument: 'BTC/USDT', venueOrderId: 'v1' },
    { instrument: 'BTC/USDT', venueOrderId: 'v2' },
  ]);
});

it('posts the fee of this very trade once, and only with its asset', () => {
  const { fees, booked } = world();
  fees.add(fill, 0, 0);
  fees.learn(fill);
  fees.learn({ ...fill, fee: '0.1' });
  fees.learn({ ...fill, tradeId: '8', fee: '0.1', feeAsset: 'USDT' });
  expect([booked, fees.isEmpty]).toEqual([[], false]);
  fees.learn({ ...fill, fee: '0.1', feeAsset: 'USDT' });
  fees.learn({ ...fill, fee: '0.1', feeAsset: 'USDT' });
  expect([booked, fees.isEmpty]).toEqual([[{ ...fill, fee: '0.1', feeAsset: 'USDT' }], true]);
});

it('pages once, ten minutes after the fill', () => {
  const { fees, notices } = world();
  fees.add(fill, -500_000, 0);
  fees.due(99_999);
  expect(notices).toEqual([]);
  fees.due(100_000);
  fees.due(200_000);
  expect(notices.map(({ code, severity }) => [code, severity])).toEqual([['FEE_MISSING', 'page']]);
});
