import { Instrument } from '../../../domain/instrument';
import type { VenueEvent } from '../../../domain/venue-event';
import { DecimalGrid } from './decimal-grid';
import type { VenueRequest } from './dialect';
import { gateMarket } from './gate.market';
import { gatePages, gateTrading } from './gate.trading';
import { gateUser } from './gate.user';
import { gateFill, gateOrder } from './parse-gate-account';
import { gateParser } from './parse-gate-market';
import type { JsonRecord } from './venue-json';

const id = 'BTC/USDT';
const row: JsonRecord = {
  ...{
    id: '1700',
    text: 't-mabc',
    status: 'open',
    currency_pair: 'BTC_USDT',
    type: 'limit',
    account: 'spot',
  },
  ...{ side: 'buy', amount: '0.01', price: '60000', left: '0.01', filled_total: '0', finish_as: 'open' },
  update_time_ms: 1_700_000_000_001,
};
const trade: JsonRecord = {
  ...{ id: '7', create_time_ms: '1700000000123.456', currency_pair: 'BTC_USDT', side: 'sell', role: 'maker' },
  ...{ amount: '0.004', price: '60000', order_id: '1700', fee: '0.02', fee_currency: 'USDT', text: 't-mabc' },
  ...{ point_fee: '0', gt_fee: '0' },
};

it.each([
  ['open', '0.01', 'open', 'open', undefined],
  ['open', '0.004', 'open', 'partiallyFilled', undefined],
  ['closed', '0', 'filled', 'filled', undefined],
  ['cancelled', '0.01', 'cancelled', 'canceled', 'cancelled'],
  ['cancelled', '0.01', 'poc', 'expired', 'POST_ONLY'],
  ['cancelled', '0.004', 'poc', 'canceled', 'poc'],
  ['cancelled', '0.004', 'ioc', 'expired', 'ioc'],
  ['cancelled', '0.01', 'fok', 'expired', 'fok'],
  ['cancelled', '0.004', 'stp', 'expired', 'stp'],
  ['frozen', '0.01', 'open', 'unrecognised', 'frozen'],
])('reads %s with %s left and %s as %s', (status, left, finish, expected, endReason) => {
  const order = gateOrder({ ...row, status, left, finish_as: finish }, id, 'rest-order');
  expect([order.status, order.endReason]).toEqual([expected, endReason]);
});

it('reads an order by our id without the prefix, and what was filled from what is left', () => {
  expect(gateOrder({ ...row, left: '0.0073' }, id, 'rest-list')).toMatchObject({
    ...{ clientOrderId: 'mabc', venueOrderId: '1700', cumFilled: '0.0027', venueTime: 1_700_000_000_001 },
  });
  expect(gateOrder({ ...row, text: 'apiv4' }, id, 'rest-list')).not.toHaveProperty('clientOrderId');
});

it.each([
  ['in quote', {}, { fee: '0.02', feeAsset: 'USDT' }],
  ['in GT', { fee: '0', gt_fee: '0.3' }, { fee: '0.3', feeAsset: 'GT' }],
  ['in points', { fee: '0', point_fee: '0.1' }, { fee: '0.1', feeAsset: 'POINT' }],
  ['none', { fee: '0' }, { fee: '0', feeAsset: 'USDT' }],
])('reads a fee %s', (_name, change, expected) => {
  expect(gateFill({ ...trade, ...change }, id, 'ws-trade')).toMatchObject({
    ...{ tradeId: '7', venueOrderId: '1700', clientOrderId: 'mabc', liquidity: 'maker' },
    ...{ venueTime: 1_700_000_000_123, ...expected },
  });
});

it.each([{ gt_fee: '0.3' }, { fee: undefined }, { fee_currency: '' }])('knows no fee with %j', (change) => {
  expect(gateFill({ ...trade, ...change }, id, 'rest-trades')).not.toHaveProperty('fee');
});

it('reads the rules of pairs, of all and of one', () => {
  const pair = {
    ...{ id: 'BTC_USDT', base: 'BTC', quote: 'USDT', fee: '0.2', min_quote_amount: '3' },
    ...{ amount_precision: 6, precision: 1, trade_status: 'tradable' },
  };
  const [symbol] = gateMarket.symbolsOf([pair]);
  expect(symbol!.rules.rules).toMatchObject({
    ...{ tickSize: '0.1', lotSize: '0.000001', minQuantity: '0', minNotional: '3', takerFeeBps: 20 },
    status: 'trading',
  });
  const [one] = gateMarket.symbolsOf({ ...pair, trade_status: 'sellable' });
  expect(one!.rules.rules.status).toBe('cancel_only');
});

it('keeps a book through frames without levels, and finds a gap', () => {
  const symbol = { instrument: id, grids: { price: new DecimalGrid('1'), quantity: new DecimalGrid('1') } };
  const parser = gateParser((pair) => (pair === 'BTC_USDT' ? symbol : undefined));
  const said: unknown[] = [];
  const say = (result: object): void =>
    parser.frame(
      { channel: 'spot.obu', event: 'update', result: { t: 1, s: 'ob.BTC_USDT.50', ...result } },
      { receivedAt: 0, generation: 1 },
      (event: VenueEvent) => {
        if (event.type === 'depth')
          said.push([event.snapshot, event.firstId, event.lastId, event.bids.length, event.asks.length]);
      },
    );
  say({ U: 5, u: 6, b: [['1', '1']] });
  say({ full: true, u: 100, b: [['5', '1']], a: [['6', '1']] });
  say({ U: 101, u: 103 });
  say({ U: 100, u: 102 });
  say({ U: 104, u: 104, a: [['7', '0']] });
  say({ U: 106, u: 107, a: [['7', '0']] });
  expect(said).toEqual([
    [true, 100, 100, 1, 1],
    [false, 101, 103, 0, 0],
    [false, 104, 104, 0, 1],
    [false, 106, 106, 0, 0],
  ]);
});

it('counts the answer about the book by the id of our frame', () => {
  const frame = {
    channel: 'spot.obu',
    event: 'subscribe',
    error: null,
    id: 3,
    result: { status: 'success' },
  };
  expect(gateMarket.answerOf(frame)).toEqual({ kind: 'confirmed', id: 3 });
  expect(gateMarket.answerOf({ ...frame, event: 'unsubscribe' })).toEqual({ kind: 'left', id: 3 });
  expect(gateMarket.answerOf({ ...frame, error: { code: 2, message: 'x' } })).toEqual({
    kind: 'refused',
    id: 3,
  });
  expect(gateMarket.answerOf({ ...frame, channel: 'spot.trades' })).toEqual({ kind: 'other' });
  expect(gateMarket.answerOf({ ...frame, event: 'update' })).toBeUndefined();
});

describe('the private channels', () => {
  const open = () =>
    gateUser.session({
      ...{ number: 1, venueNow: () => 1_700_000_000_900, sign: (frame: unknown) => ({ signed: frame }) },
      instrumentOf: (pair: string) => (pair === 'BTC_USDT' ? id : undefined),
    });

  it('are signed one by one, and live when all are confirmed', () => {
    const session = open();
    const frames = session.open() as readonly Record<string, unknown>[];
    expect(frames.map(({ channel, payload }) => [channel, payload])).toEqual([
      ['spot.orders', ['!all']],
      ['spot.usertrades', ['!all']],
      ['spot.balances', undefined],
    ]);
    expect(frames[0]).toMatchObject({
      auth: { signed: { channel: 'spot.orders', event: 'subscribe', time: 1_700_000_000 } },
    });
    const words = frames.map(({ channel }) => session.read({ channel, event: 'subscribe', error: null }));
    expect(words).toEqual([undefined, undefined, { kind: 'live' }]);
  });

  it.each([
    [4, 'authentication failed', 'blocked'],
    [6, 'invalid sign', 'blocked'],
    [4, 'request time expired', 'again'],
    [2, 'bad subscription', 'again'],
  ])('answer error %s (%s) with %s', (code, message, kind) => {
    const frame = { channel: 'spot.orders', event: 'subscribe', error: { code, message } };
    expect(open().read(frame)?.kind).toBe(kind);
  });

  it('ask again for the one that failed, and leave it to a new connection at last', () => {
    const session = open();
    session.open();
    const error = { code: 2, message: 'service is busy' };
    const refuse = (channel: string) => session.read({ channel, event: 'subscribe', error });
    for (let i = 0; i < 5; i += 1) {
      const word = refuse('spot.balances');
      expect(word?.kind === 'again' && word.frames()).toMatchObject([{ channel: 'spot.balances' }]);
    }
    expect(refuse('spot.balances')).toMatchObject({ kind: 'down' });
    expect(refuse('spot.orders')).toMatchObject({ kind: 'again' });
  });

  it('bring orders without a status, trades and balances, each row by itself', () => {
    const { status: _none, ...pushed } = row;
    const result = [
      { ...pushed, event: 'put' },
      { ...pushed, event: 'finish', finish_as: 'filled', left: '0' },
      { ...pushed, event: 'finish', finish_as: 'cancelled' },
      { ...pushed, event: 'put', currency_pair: 'NO_PE' },
    ];
    const word = open().read({ channel: 'spot.orders', event: 'update', result });
    const events = word?.kind === 'events' ? word.events : [];
    expect(events.map((e) => (e.type === 'order' ? e.report.status : e.type))).toEqual([
      ...['open', 'filled', 'canceled', 'quarantine'],
    ]);
    const balance = { currency: 'BTC', available: '1', freeze: '2', total: '3', timestamp_ms: '5' };
    expect(open().read({ channel: 'spot.balances', event: 'update', result: [balance] })).toEqual({
      kind: 'events',
      events: [{ type: 'balance', assets: [{ asset: 'BTC', free: '1', locked: '2' }], venueTime: 5 }],
    });
    expect(open().read({ channel: 'spot.usertrades', event: 'update', result: [trade] })).toMatchObject({
      events: [{ type: 'fill', fill: { tradeId: '7', source: 'ws-trade' } }],
    });
  });
});

describe('requests', () => {
  const rules = new Instrument({
    ...{ venue: 'gate', id, venueSymbol: 'BTC_USDT', base: 'BTC', quote: 'USDT', tickSize: '0.1' },
    ...{ lotSize: '0.001', minQuantity: '0', maxQuantity: '10', minNotional: '0', makerFeeBps: 0 },
    ...{ takerFeeBps: 0, maxOpenOrders: 1, status: 'trading' },
  });
  const order = { clientOrderId: 'mabc', rules, side: 'buy', price: 10, quantity: 5 } as const;

  it.each([
    ['limit', 'postOnly', 'poc'],
    ['limit', 'gtc', 'gtc'],
    ['limit', 'fok', 'fok'],
    ['market', 'ioc', 'ioc'],
  ] as const)(
    'a %s order %s is a limit order %s with a prefixed id and an expiry',
    (type, timeInForce, sent) => {
      const request = gateTrading.create({ ...order, type, timeInForce }, undefined);
      expect(request).toMatchObject({
        ...{ path: 'orders', method: 'POST', expires: true },
        params: { text: 't-mabc', price: '1', amount: '0.005', time_in_force: sent, type: 'limit' },
      });
    },
  );

  it('refuses a market order to buy without a worst price', () => {
    const market = { ...order, type: 'market', timeInForce: 'ioc', price: 0 } as const;
    expect(() => gateTrading.create(market, undefined)).toThrow('worst price');
    expect(gateTrading.create({ ...market, side: 'sell' }, undefined).params).toMatchObject({
      type: 'market',
    });
  });

  it.each([
    [0, 2],
    [5, 2],
    [4, 0],
    [5.5, 0],
  ])("sets the dead-man's switch of each pair to %s s in %s requests", (seconds, count) => {
    expect(gateTrading.deadMan?.(seconds, ['BTC_USDT', 'ETH_USDT'])).toHaveLength(count);
  });

  it('names an order by its text, or by the id of the venue', () => {
    expect(gateTrading.query('BTC_USDT', { clientOrderId: 'm1' }).params).toMatchObject({ order_id: 't-m1' });
    expect(gateTrading.cancel('BTC_USDT', { venueOrderId: '9' }).params).toMatchObject({ order_id: '9' });
  });
});

describe('pages', () => {
  const day = 86_400_000;
  const now = 100 * day;
  /** Trade n is made on day n. */
  const venueOf = (count: number) => {
    const asked: { readonly from: number; readonly to: number; readonly page: number }[] = [];
    const rows = Array.from({ length: count }, (_, i) => ({
      ...trade,
      id: String(i + 1),
      at: (i + 1) * day,
    })).reverse();
    const ask = ({ params }: VenueRequest): Promise<unknown> => {
      const { from = 0, to = Infinity, page = 1, limit = 100 } = params as Record<string, number>;
      asked.push({ from, to, page });
      const fit = rows.filter(({ at }) => at >= from * 1_000 && at <= to * 1_000);
      return Promise.resolve(fit.slice((page - 1) * limit, page * limit));
    };
    return { ask, asked };
  };
  const query = { venueSymbol: 'BTC_USDT', now };
  const ids = (rows: readonly JsonRecord[]): number => new Set(rows.map((r) => r['id'])).size;

  it('read trades since a moment, thirty days at a time', async () => {
    const { ask, asked } = venueOf(100);
    expect(ids(await gatePages.fills(ask, { ...query, since: 10 * day }))).toBe(91);
    const spans = asked.map(({ from, to }) => Math.round((to - from) / 86_400));
    expect(spans).toEqual([30, 30, 30, 0]);
    expect(asked.at(-1)!.to * 1_000).toBeGreaterThan(now);
  });

  it('look backwards for a trade that is known by its id', async () => {
    const { ask, asked } = venueOf(100);
    expect(ids(await gatePages.fills(ask, { ...query, fromId: '99' }))).toBe(2);
    expect(asked).toHaveLength(1);
    expect(ids(await gatePages.fills(ask, { ...query, fromId: '60' }))).toBe(41);
    expect(asked).toHaveLength(3);
  });

  it('read every page of open orders, of one pair and of all', async () => {
    const open = Array.from({ length: 230 }, (_, i) => ({ ...row, id: String(i) }));
    const ask = ({ path, params }: VenueRequest): Promise<unknown> => {
      const { page = 1, limit = 100 } = params as Record<string, number>;
      const rows = open.slice((page - 1) * limit, page * limit);
      return Promise.resolve(
        path === 'orders' ? rows : [{ currency_pair: 'BTC_USDT', total: 230, orders: rows }],
      );
    };
    expect(await gatePages.openOrders(ask, 'BTC_USDT')).toHaveLength(230);
    expect(await gatePages.openOrders(ask)).toHaveLength(230);
  });
});
