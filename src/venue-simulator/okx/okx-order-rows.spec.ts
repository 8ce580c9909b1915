import { MarketFormat } from '../binance/market-format';
import type { OwnTrade, VenueOrder } from '../venue-types';
import { isOlder, pageFrom } from './okx-fields';
import { OkxInstruments, stampIn } from './okx-instruments';
import { fillRow, orderEventText, orderRow } from './okx-order-rows';

const orderEventRow = (...args: Parameters<typeof orderEventText>): unknown =>
  JSON.parse(orderEventText(...args));

const market = {
  ...{
    symbol: 'BTCUSDT',
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.001',
    minQuantity: '0.001',
  },
  ...{ maxQuantity: '50', minNotional: '5', startPrice: '100', maxOpenOrders: 10 },
};
const instrument = new OkxInstruments(new Map([[market.symbol, new MarketFormat(market)]])).all[0]!;

const order = (change: Partial<VenueOrder> = {}): VenueOrder => ({
  ...{ account: 'ann', symbol: 'BTCUSDT', clientOrderId: 'm1', side: 'buy', type: 'limit' },
  ...{ timeInForce: 'GTC', price: 10_000, quantity: 30, stp: 'EXPIRE_MAKER', orderId: 7 },
  ...{ stamp: 1_780_000_000_000_123, filled: 0, filledTickLots: 0, status: 'NEW' },
  ...{ createdAt: 1_000, updatedAt: 2_000, ...change },
});
const trade = (change: Partial<OwnTrade> = {}): OwnTrade => ({
  ...{ tradeId: 5, stamp: 1_780_000_000_000_200, symbol: 'BTCUSDT', account: 'ann', orderId: 7 },
  ...{ orderStamp: 1_780_000_000_000_123, clientOrderId: 'm1', side: 'buy', price: 10_000, quantity: 10 },
  ...{ fee: '0.00001', feeAsset: 'BTC', isMaker: true, at: 1_500, ...change },
});

test.each<[Partial<VenueOrder>, string, string]>([
  [{ status: 'NEW' }, 'live', ''],
  [{ status: 'PARTIALLY_FILLED', filled: 10, filledTickLots: 100_000 }, 'partially_filled', ''],
  [{ status: 'FILLED', filled: 30, filledTickLots: 300_000 }, 'filled', ''],
  [{ status: 'CANCELED' }, 'canceled', '1'],
  [{ status: 'CANCELED', memo: { cancelSource: '20' } }, 'canceled', '20'],
  [{ status: 'CANCELED', memo: { ending: 'filled' } }, 'filled', ''],
  [{ status: 'EXPIRED', timeInForce: 'IOC' }, 'canceled', '14'],
  [{ status: 'EXPIRED', timeInForce: 'FOK' }, 'canceled', '13'],
  [{ status: 'EXPIRED', timeInForce: 'POST_ONLY' }, 'canceled', '31'],
  [{ status: 'EXPIRED_IN_MATCH' }, 'canceled', '32'],
])('%j is told as %s by %s', (change, state, cancelSource) => {
  const row = orderRow(order(change), instrument, []);
  expect(row).toMatchObject({ state, cancelSource });
  expect(row['cancelSourceReason'] === '').toBe(cancelSource === '');
});

test.each<[Partial<VenueOrder>, object]>([
  [{}, { ordType: 'limit', px: '100', sz: '0.03', tgtCcy: '', stpMode: 'cancel_maker', clOrdId: 'm1' }],
  [
    { timeInForce: 'POST_ONLY', stp: 'EXPIRE_BOTH' },
    { ordType: 'post_only', stpMode: 'cancel_both' },
  ],
  [
    { stp: 'NONE', clientOrderId: '#1/2' },
    { stpMode: '', clOrdId: '' },
  ],
  [
    { type: 'market', timeInForce: 'IOC', memo: { tgtCcy: 'quote_ccy', sz: '100' } },
    { ordType: 'market', px: '', sz: '100', tgtCcy: 'quote_ccy' },
  ],
  [{ side: 'sell' }, { feeCcy: 'USDT', rebateCcy: 'BTC' }],
])('the terms of %j', (change, expected) => {
  expect(orderRow(order(change), instrument, [])).toMatchObject(expected);
});

test('an order as it stood counts the trades it had then', () => {
  const trades = [trade(), trade({ tradeId: 6, price: 10_100, quantity: 20, fee: '0.00002', at: 1_800 })];
  const then = order({ status: 'PARTIALLY_FILLED', filled: 10, filledTickLots: 100_000 });
  expect(orderRow(then, instrument, trades)).toMatchObject({
    ...{ accFillSz: '0.01', avgPx: '100', fee: '-0.00001', fillPx: '100', fillSz: '0.01', tradeId: '5' },
  });
  const now = order({ status: 'FILLED', filled: 30, filledTickLots: 302_000 });
  expect(orderRow(now, instrument, trades)).toMatchObject({
    ...{ accFillSz: '0.03', avgPx: '100.6666666666666667', fee: '-0.00003', feeCcy: 'BTC' },
    ...{ fillPx: '101', fillSz: '0.02', tradeId: '6', fillTime: '1800', cTime: '1000', uTime: '2000' },
  });
});

test('an event of a fill tells its own part, another event none', () => {
  const filled = order({ status: 'PARTIALLY_FILLED', filled: 10, filledTickLots: 100_000 });
  const event = { type: 'order', at: 2_000, order: filled } as const;
  const told = orderEventRow({ ...event, execution: 'TRADE', trade: trade() }, instrument, [trade()], 9_990);
  expect(told).toMatchObject({
    ...{
      fillPx: '100',
      fillSz: '0.01',
      fillFee: '-0.00001',
      fillFeeCcy: 'BTC',
      execType: 'M',
      lastPx: '99.9',
    },
    ...{ fillNotionalUsd: '1', notionalUsd: '3', amendResult: '', reqId: '' },
  });
  const amended = { ...filled, memo: { reqId: 'r1' } };
  const change = { ...event, order: amended, execution: 'REPLACED' } as const;
  expect(orderEventRow(change, instrument, [trade()], 9_990)).toMatchObject({
    ...{ fillPx: '', fillSz: '0', fillFee: '0', execType: '', tradeId: '', fee: '-0.00001' },
    ...{ amendResult: '0', amendSource: '1', reqId: 'r1' },
  });
});

test('ids are longer than a double holds, and lead back to their stamps', () => {
  const id = instrument.idOf(order());
  expect(id).toBe('1780000000000123001');
  expect(String(Number(id))).not.toBe(id);
  expect(stampIn(id)).toBe(order().stamp);
  const row = fillRow(trade({ isMaker: false, side: 'sell' }), instrument, 't1');
  expect(row).toMatchObject({
    ordId: id,
    billId: '1780000000000200001',
    execType: 'T',
    subType: '2',
    tag: 't1',
  });
});

test('pages are cut by ids as numbers, newest first', () => {
  const ids = ['1000', '999', '998', '997'];
  const page = (after?: string, before?: string, limit = 100) =>
    pageFrom(ids, { after, before, limit }, (id) => id);
  expect(isOlder('999', '1000')).toBe(true);
  expect(page('1000')).toEqual(['999', '998', '997']);
  expect(page(undefined, '998')).toEqual(['1000', '999']);
  expect(page(undefined, '997', 1)).toEqual(['1000']);
  expect(page('1000', '997', 2)).toEqual(['999', '998']);
});
