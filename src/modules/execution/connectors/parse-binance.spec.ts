import { countedTogether } from '../common/rate-limits';
import { DecimalGrid } from './decimal-grid';
import { executionReportOf, fillOfTrade, fillsOfReply, orderOfRow } from './parse-binance-account';
import { BinanceMarketParser } from './parse-binance-market';
import { limitsOf, symbolsOf } from './parse-binance-rules';

const stamp = { receivedAt: 5, generation: 2 };
const symbol = {
  instrument: 'BTC/USDT',
  grids: { price: new DecimalGrid('0.01'), quantity: new DecimalGrid('0.00001') },
};
const parser = new BinanceMarketParser((name) => (name === 'BTCUSDT' ? symbol : undefined));
const depth = { e: 'depthUpdate', E: 9, s: 'BTCUSDT', U: 3, u: 5, b: [['100.01', '0.5']], a: [['101', '0']] };
const execution = {
  ...{ e: 'executionReport', s: 'BTCUSDT', c: 'ours', C: '', S: 'SELL', p: '1', q: '2', x: 'NEW', X: 'NEW' },
  ...{ r: 'NONE', i: 8, l: '0', z: '0', L: '0', n: '0', N: null, T: 7, t: -1, m: false },
};

describe('market frames', () => {
  it.each([
    ['bare', depth],
    ['wrapped', { stream: 'btcusdt@depth', data: depth }],
  ])('reads a %s depth frame into ticks and lots', (_name, frame) => {
    const event = parser.frame(frame, stamp);
    expect(event).toMatchObject({
      type: 'depth',
      snapshot: false,
      firstId: 3,
      lastId: 5,
      venueTime: 9,
      ...stamp,
    });
    if (event?.type !== 'depth') throw new Error('not a depth event');
    expect([event.bids.length, event.bids.ticks[0], event.bids.lots[0]]).toEqual([1, 10_001, 50_000]);
    expect([event.asks.ticks[0], event.asks.lots[0]]).toEqual([10_100, 0]);
  });

  it('carries the previous id of a futures frame', () => {
    expect(parser.frame({ ...depth, pu: 2 }, stamp)).toMatchObject({ prevId: 2 });
  });

  it('reports a level off the grid instead of rounding it', () => {
    expect(parser.frame({ ...depth, b: [['100.001', '1']] }, stamp)).toMatchObject({
      type: 'offGrid',
      instrument: 'BTC/USDT',
    });
  });

  it('carries nothing for other symbols, confirmations and tickers', () => {
    const frames = [
      { ...depth, s: 'ETHUSDT' },
      { result: null, id: 1 },
      { u: 1, s: 'BTCUSDT', b: '1', B: '1', a: '2', A: '1' },
    ];
    expect(frames.map((frame) => parser.frame(frame, stamp))).toEqual([undefined, undefined, undefined]);
  });

  it.each([[[]], ['text'], [{ ...depth, U: 'x' }], [{ ...depth, b: null }]])('throws on %j', (frame) => {
    expect(() => parser.frame(frame, stamp)).toThrow();
  });
});

describe('account rows', () => {
  it.each([
    ['NEW', 'open'],
    ['PENDING_NEW', 'open'],
    ['PARTIALLY_FILLED', 'partiallyFilled'],
    ['FILLED', 'filled'],
    ['CANCELED', 'canceled'],
    ['EXPIRED', 'expired'],
    ['EXPIRED_IN_MATCH', 'expired'],
    ['REJECTED', 'rejected'],
    ['PENDING_CANCEL', 'unrecognised'],
    ['toString', 'unrecognised'],
  ])('status %s is %s', (status, expected) => {
    expect(executionReportOf({ ...execution, X: status }, 'BTC/USDT').order.status).toBe(expected);
  });

  it('takes our id from C when a cancel put it there', () => {
    expect(executionReportOf({ ...execution, c: 'cancel', C: 'ours' }, 'BTC/USDT').order.clientOrderId).toBe(
      'ours',
    );
  });

  it('has a fill for a trade only, and leaves out a fee that is not known', () => {
    expect(executionReportOf(execution, 'BTC/USDT').fill).toBeUndefined();
    const trade = { ...execution, x: 'TRADE', l: '1', L: '3', t: 44 };
    const { fill } = executionReportOf(trade, 'BTC/USDT');
    expect(fill).toMatchObject({
      tradeId: '44',
      price: '3',
      quantity: '1',
      liquidity: 'taker',
      side: 'sell',
    });
    expect(fill).not.toHaveProperty('fee');
  });

  describe('an order that would have traded with ourselves', () => {
    it('ends with what was executed before, in the reply to its create', () => {
      const row = {
        ...{ orderId: 7, clientOrderId: 'ours', side: 'BUY', price: '3', origQty: '2', executedQty: '0.5' },
        ...{ status: 'EXPIRED_IN_MATCH', transactTime: 3, selfTradePreventionMode: 'EXPIRE_TAKER' },
        ...{ preventedMatchId: 8, preventedQuantity: '1.5' },
        fills: [{ price: '3', qty: '0.5', commission: '0.1', commissionAsset: 'BNB', tradeId: 6 }],
      };
      const report = orderOfRow(row, 'BTC/USDT', 'reply');
      expect(report).toMatchObject({ status: 'expired', endReason: 'SELF_TRADE', cumFilled: '0.5' });
      expect(fillsOfReply(row, report).map(({ quantity }) => quantity)).toEqual(['0.5']);
    });

    it('and on the stream, where the report of the prevention is no trade', () => {
      const prevented = {
        ...{ ...execution, x: 'TRADE_PREVENTION', X: 'EXPIRED_IN_MATCH', z: '0.5', l: '0', L: '0', t: -1 },
        ...{ v: 8, A: '1.5', B: '1.5', u: -1, U: 9, Cs: 'BTCUSDT', pl: '1.5', pL: '3', pY: '4.5' },
      };
      const { order, fill } = executionReportOf(prevented, 'BTC/USDT');
      expect(order).toMatchObject({ status: 'expired', endReason: 'SELF_TRADE', cumFilled: '0.5' });
      expect(fill).toBeUndefined();
    });
  });

  it('prefers the original id of a cancel reply', () => {
    const row = {
      ...{ orderId: '9223372036854775807', clientOrderId: 'x', origClientOrderId: 'ours', side: 'BUY' },
      ...{ price: '1', origQty: '2', executedQty: '1', status: 'CANCELED', transactTime: 3 },
    };
    const report = orderOfRow(row, 'BTC/USDT', 'reply');
    expect(report).toMatchObject({
      clientOrderId: 'ours',
      venueOrderId: '9223372036854775807',
      cumFilled: '1',
      venueTime: 3,
    });
    const fills = [{ price: '1', qty: '1', commission: '0.1', commissionAsset: 'BNB', tradeId: 6 }];
    expect(fillsOfReply({ ...row, fills }, report)).toMatchObject([
      { tradeId: '6', fee: '0.1', feeAsset: 'BNB', venueTime: 3 },
    ]);
  });

  it('reads a trade row', () => {
    const row = {
      id: 1,
      orderId: 2,
      price: '3',
      qty: '4',
      commission: '0',
      commissionAsset: 'BTC',
      time: 5,
      isBuyer: true,
      isMaker: true,
    };
    expect(fillOfTrade(row, 'BTC/USDT')).toMatchObject({
      tradeId: '1',
      side: 'buy',
      liquidity: 'maker',
      fee: '0',
    });
  });
});

describe('exchange metadata', () => {
  it('leaves out a symbol without the filters it needs', () => {
    const filters = [
      { filterType: 'PRICE_FILTER', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', stepSize: '0.1', minQty: '0.1', maxQty: '10' },
    ];
    const row = { symbol: 'AB', baseAsset: 'A', quoteAsset: 'B', status: 'BREAK' };
    const symbols = symbolsOf({
      symbols: [
        { ...row, filters },
        { ...row, symbol: 'CD', filters: [] },
      ],
    });
    expect(symbols.map((s) => [s.rules.venueSymbol, s.rules.rules.status])).toEqual([['AB', 'halted']]);
  });

  it('reads the band around its average price, when the venue states all of it', () => {
    const filters = [
      { filterType: 'PRICE_FILTER', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', stepSize: '0.1', minQty: '0.1', maxQty: '10' },
    ];
    const up = { bidMultiplierUp: '5', askMultiplierUp: '6' };
    const down = { bidMultiplierDown: '0.2', askMultiplierDown: '0.3' };
    const row = { symbol: 'AB', baseAsset: 'A', quoteAsset: 'B', status: 'TRADING' };
    const bandOf = (filter: object) =>
      symbolsOf({
        symbols: [{ ...row, filters: [...filters, { filterType: 'PERCENT_PRICE_BY_SIDE', ...filter }] }],
      })[0]?.rules.rules.percentPrice;
    expect(bandOf({ ...up, ...down })).toEqual({ bid: { down: 0.2, up: 5 }, ask: { down: 0.3, up: 6 } });
    expect(bandOf(up)).toBeUndefined();
  });

  it('reads the limits and stays cautious about those not stated', () => {
    const rateLimits = [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 }];
    expect(limitsOf({ rateLimits })).toEqual(
      countedTogether({ weightPerMinute: 6000, ordersPer10s: 50, ordersPerDay: 100_000 }),
    );
  });
});
