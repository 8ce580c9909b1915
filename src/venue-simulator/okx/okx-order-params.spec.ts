import { MarketFormat } from '../binance/market-format';
import type { DepthView, VenueOrder } from '../venue-types';
import { OkxInstruments } from './okx-instruments';
import { changeOf, placeRequestOf, timeOutOf } from './okx-order-params';

const market = {
  ...{ symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', tickSize: '0.1', lotSize: '0.01', minQuantity: '0.02' },
  ...{ maxQuantity: '50', minNotional: '5', startPrice: '100', maxOpenOrders: 10 },
};
const instrument = new OkxInstruments(new Map([[market.symbol, new MarketFormat(market)]])).all[0]!;
const book: DepthView = {
  updateId: 1,
  bids: [
    [999, 100],
    [990, 100],
  ],
  asks: [
    [1_000, 100],
    [1_010, 200],
  ],
};
type Fields = Readonly<Record<string, unknown>>;

const usual = { tdMode: 'cash', side: 'buy', ordType: 'limit', sz: '0.5', px: '99.9' };
const placed = (fields: Fields) =>
  placeRequestOf({ fields: { ...usual, ...fields }, name: 'm1' }, 'ann', instrument, book);
const order = (change: Partial<VenueOrder>): VenueOrder => ({
  ...{ ...placed({}), orderId: 1, stamp: 1, filled: 0, filledTickLots: 0, status: 'NEW' },
  ...{ createdAt: 0, updatedAt: 0, ...change },
});
const refused = (act: () => unknown, code: string): void =>
  expect(act).toThrow(expect.objectContaining({ code }) as Error);

test.each<[Fields, object]>([
  [{}, { type: 'limit', timeInForce: 'GTC', price: 999, quantity: 50, stp: 'EXPIRE_MAKER', memo: {} }],
  [
    { sz: 0.5, px: 99.9 },
    { price: 999, quantity: 50 },
  ],
  [{ ordType: 'post_only' }, { timeInForce: 'POST_ONLY', crossing: 'EXPIRE' }],
  [{ ordType: 'ioc' }, { timeInForce: 'IOC', type: 'limit' }],
  [{ ordType: 'fok' }, { timeInForce: 'FOK', type: 'limit' }],
  [{ stpMode: 'cancel_taker' }, { stp: 'EXPIRE_TAKER' }],
  [{ stpMode: 'cancel_both' }, { stp: 'EXPIRE_BOTH' }],
  [
    { tag: 'abc', clOrdId: 'm1' },
    { clientOrderId: 'm1', memo: { tag: 'abc' } },
  ],
  [
    { ordType: 'market', side: 'sell', px: '' },
    { type: 'market', timeInForce: 'IOC', price: 0, quantity: 50, memo: { tgtCcy: 'base_ccy' } },
  ],
  [
    { ordType: 'market', tgtCcy: 'base_ccy' },
    { quantity: 50, memo: { tgtCcy: 'base_ccy' } },
  ],
])('%j becomes an order', (fields, expected) => {
  expect(placed(fields)).toMatchObject({ account: 'ann', symbol: 'BTCUSDT', ...expected });
});

test.each([
  ['buy', '50', 50, 'half of the best level'],
  ['buy', '100', 100, 'exactly the best level'],
  ['buy', '110.1', 110, 'some of the next one'],
  ['buy', '110.05', 109, 'whole lots only'],
  ['buy', '1000', 301, 'more than stands there, so that the rest ends'],
  ['sell', '99.9', 100, 'the best bid'],
])('a market %s for %s of quote trades %i lots: %s', (side, sz, quantity) => {
  const memo = { tgtCcy: 'quote_ccy', sz };
  expect(placed({ ordType: 'market', side, sz, tgtCcy: 'quote_ccy' })).toMatchObject({
    price: 0,
    quantity,
    memo,
  });
});

test.each<[Fields, string]>([
  [{ tdMode: 'isolated' }, '51010'],
  [{ tdMode: 'spot_isolated' }, '51000'],
  [{ side: undefined }, '50014'],
  [{ ordType: 'optimal_limit_ioc' }, '51000'],
  [{ ordType: 'constructor' }, '51000'],
  [{ sz: '1e3' }, '51000'],
  [{ sz: '0' }, '51000'],
  [{ sz: { much: 1 } }, '51000'],
  [{ sz: '0.01' }, '51020'],
  [{ sz: '0.025' }, '51121'],
  [{ sz: '50.01' }, '51005'],
  [{ px: '99.95' }, '51000'],
  [{ px: '500.1' }, '51137'],
  [{ px: '19.9', side: 'sell' }, '51138'],
  [{ ordType: 'market', sz: '1' }, '51020'],
  [{ ordType: 'market', sz: '1000001' }, '51201'],
])('%j is refused with %s', (fields, code) => {
  refused(() => placed(fields), code);
});

test('a buy far below and a sell far above rest', () => {
  expect(placed({ px: '0.1' })).toMatchObject({ price: 1 });
  expect(placed({ px: '9999', side: 'sell' })).toMatchObject({ price: 99_990 });
});

test.each<[Fields, Partial<VenueOrder>, object]>([
  [{ newSz: '0.4' }, {}, { quantity: 40, price: 999, memo: { reqId: '' } }],
  [{ newPx: '99' }, {}, { quantity: 50, price: 990 }],
  [{ newSz: '0.4', reqId: 'r1' }, { memo: { tag: 'a' } }, { memo: { tag: 'a', reqId: 'r1' } }],
  [{ newSz: '0.4' }, { filled: 40 }, { memo: { reqId: '', ending: 'filled' } }],
  [{ newSz: '0.4' }, { filled: 39 }, { quantity: 40, memo: { reqId: '' } }],
])('%j changes an order', (fields, before, change) => {
  expect(changeOf(fields, instrument, order(before))).toMatchObject(change);
});

test.each<[Fields, Partial<VenueOrder>, string]>([
  [{}, {}, '51500'],
  [{ reqId: 'r1' }, {}, '51500'],
  [{ newSz: '0.4' }, { type: 'market' }, '51506'],
  [{ newSz: '0.4', reqId: 'r-1' }, {}, '51000'],
  [{ newPx: '-1' }, {}, '51000'],
])('the change %j is refused', (fields, before, code) => {
  refused(() => changeOf(fields, instrument, order(before)), code);
});

test.each([
  ['0', 0],
  ['10', 10],
  [120, 120],
])('a switch of %s is %i seconds', (timeOut, seconds) => {
  expect(timeOutOf({ timeOut })).toBe(seconds);
});

test.each([
  ['9', '51000'],
  ['121', '51000'],
  ['30.5', '51000'],
  ['', '50014'],
])('a switch of %j is refused with %s', (timeOut, code) => {
  refused(() => timeOutOf({ timeOut }), code);
});
