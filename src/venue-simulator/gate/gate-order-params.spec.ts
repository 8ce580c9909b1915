import { MarketFormat } from '../binance/market-format';
import type { DepthView } from '../venue-types';
import { GatePairs } from './gate-pairs';
import { changeOf, placeRequestOf } from './gate-order-params';
import type { Surroundings } from './gate-order-params';

const market = {
  ...{ symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', tickSize: '0.1', lotSize: '0.01', minQuantity: '0.02' },
  ...{ maxQuantity: '50', minNotional: '5', startPrice: '100', maxOpenOrders: 10 },
};
const pair = new GatePairs(new Map([[market.symbol, new MarketFormat(market)]])).all[0]!;
const book: DepthView = {
  updateId: 1,
  bids: [[999, 100]],
  asks: [
    [1_000, 100],
    [1_010, 200],
  ],
};

const usual = { currency_pair: 'BTC_USDT', side: 'buy', amount: '0.5', price: '99.9' };
const placed = (fields: Record<string, unknown>, around: Partial<Surroundings> = {}) =>
  placeRequestOf({ fields: { ...usual, ...fields }, name: 't-1' }, 'ann', {
    ...{ pair, book, stpGroup: undefined, acceptsCrossing: false },
    ...around,
  });

test.each([
  [{}, { type: 'limit', timeInForce: 'GTC', price: 999, quantity: 50, stp: 'NONE', memo: {} }],
  [
    { amount: 0.5, price: 99.9 },
    { price: 999, quantity: 50 },
  ],
  [{ time_in_force: 'poc' }, { timeInForce: 'POST_ONLY' }],
  [{ time_in_force: 'fok' }, { timeInForce: 'FOK' }],
  [
    { type: 'market', side: 'sell' },
    { type: 'market', timeInForce: 'IOC', price: 0, quantity: 50 },
  ],
  [{ stp_act: '-' }, { stp: 'NONE', memo: {} }],
])('%j becomes an order', (fields, expected) => {
  expect(placed(fields)).toMatchObject({
    account: 'ann',
    symbol: 'BTCUSDT',
    clientOrderId: 't-1',
    ...expected,
  });
});

test.each([
  ['50', 50, 'half of the best level'],
  ['100', 100, 'exactly the best level'],
  ['110.1', 110, 'some of the next one'],
  ['110.05', 109, 'whole lots only'],
  ['1000', 301, 'more than stands there, so that the rest expires'],
])('a market buy for %s takes %i lots: %s', (amount, quantity) => {
  expect(placed({ type: 'market', amount })).toMatchObject({
    price: 0,
    quantity,
    memo: { quoteAmount: amount },
  });
});

test.each([
  ['cn', 'EXPIRE_TAKER'],
  ['co', 'EXPIRE_MAKER'],
  ['cb', 'EXPIRE_BOTH'],
])('inside a group stp_act %s asks for %s', (act, stp) => {
  expect(placed({ stp_act: act }, { stpGroup: 3 })).toMatchObject({ stp, memo: { stpAct: act } });
});

test('inside a group the newest order gives way unless asked otherwise', () => {
  expect(placed({}, { stpGroup: 3 })).toMatchObject({ stp: 'EXPIRE_TAKER', memo: {} });
});

test.each([
  [{ stp_act: 'cn' }, 'INVALID_PARAM_VALUE'],
  [{ stp_act: 'toString' }, 'INVALID_PARAM_VALUE'],
  [{ time_in_force: 'constructor' }, 'INVALID_PARAM_VALUE'],
  [{ text: 'x' }, 'INVALID_PARAM_VALUE'],
  [{ iceberg: '1' }, 'INVALID_PARAM_VALUE'],
  [{ amount: { a: 1 } }, 'INVALID_PARAM_VALUE'],
  [{ amount: '0.505' }, 'INVALID_PRECISION'],
  [{ amount: '0.01' }, 'INVALID_PARAM_VALUE'],
  [{ amount: '0.04' }, 'INVALID_PARAM_VALUE'],
  [{ amount: '51' }, 'AMOUNT_TOO_MUCH'],
  [{ price: '600' }, 'PRICE_TOO_DEVIATED'],
  [{ type: 'market', amount: '4' }, 'INVALID_PARAM_VALUE'],
])('%j is refused with %s', (fields, label) => {
  expect(() => placed(fields)).toThrow(expect.objectContaining({ label }) as Error);
});

test('an amend changes what it names and keeps the rest', () => {
  const order = placed({}, { stpGroup: 3 });
  expect(changeOf({ amount: '0.4' }, pair, order)).toEqual({ price: 999, quantity: 40 });
  expect(changeOf({ price: '99.8' }, pair, order)).toEqual({ price: 998, quantity: 50 });
  const noted = changeOf({ price: '99.8', amend_text: 'why' }, pair, { ...order, memo: { stpAct: 'cn' } });
  expect(noted.memo).toEqual({ stpAct: 'cn', amendText: 'why' });
  expect(() => changeOf({}, pair, order)).toThrow(
    expect.objectContaining({ label: 'MISSING_REQUIRED_PARAM' }) as Error,
  );
});
