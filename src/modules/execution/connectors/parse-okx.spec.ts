import { okxMarket } from './okx.market';
import { okxPages, okxTrading } from './okx.trading';
import { okxUser } from './okx.user';
import { okxFill, okxOrder, okxPush } from './parse-okx-account';
import type { JsonRecord } from './venue-json';
import type { VenueRequest } from './dialect';

const id = 'BTC/USDT';
const row: JsonRecord = {
  ...{ instType: 'SPOT', instId: 'BTC-USDT', ordId: '680800019749904384', clOrdId: 'mabc', tag: '' },
  ...{ px: '60000', sz: '0.01', ordType: 'post_only', side: 'buy', tdMode: 'cash', tgtCcy: '' },
  ...{ accFillSz: '0', fillPx: '', fillSz: '0', fillTime: '', tradeId: '', avgPx: '', state: 'live' },
  ...{ fee: '0', feeCcy: 'BTC', rebate: '0', rebateCcy: 'USDT', cancelSource: '', uTime: '1700000000001' },
};
const fillRow: JsonRecord = {
  ...{
    instId: 'BTC-USDT',
    tradeId: '7',
    ordId: '9',
    clOrdId: '',
    billId: '11',
    fillPx: '60000',
    fillSz: '0.004',
  },
  ...{ side: 'sell', execType: 'M', fee: '0.02', feeCcy: 'USDT', ts: '5', fillTime: '4' },
};

it.each([
  ['live', '', 'open', undefined],
  ['partially_filled', '', 'partiallyFilled', undefined],
  ['filled', '', 'filled', undefined],
  ['canceled', '1', 'canceled', '1'],
  ['canceled', '31', 'canceled', 'POST_ONLY'],
  ['mmp_canceled', '', 'canceled', undefined],
  ['toString', '', 'unrecognised', 'toString'],
])('reads the state %s (%s) as %s', (state, cancelSource, status, endReason) => {
  const order = okxOrder({ ...row, state, cancelSource }, id, 'rest-order');
  expect([order.status, order.endReason]).toEqual([status, endReason]);
});

it('reads an order, and leaves out what OKX leaves empty', () => {
  expect(okxOrder({ ...row, clOrdId: '' }, id, 'rest-list')).toEqual({
    ...{ instrument: id, venueOrderId: '680800019749904384', side: 'buy', price: '60000', quantity: '0.01' },
    ...{ cumFilled: '0', status: 'open', venueTime: 1_700_000_000_001, source: 'rest-list' },
  });
  expect(() => okxOrder({ ...row, side: 'up' }, id, 'rest-order')).toThrow('side up is unknown');
});

it('takes the fee of one fill, not the sum, and turns its sign', () => {
  const pushed = { ...row, state: 'partially_filled', accFillSz: '0.007', tradeId: '77', fillPx: '59999.9' };
  const fees = { fillSz: '0.004', fillTime: '12', fee: '-0.000007', fillFee: '-0.000004', fillFeeCcy: 'BTC' };
  expect(okxPush({ ...pushed, ...fees, execType: 'T' }, id)).toMatchObject({
    order: { cumFilled: '0.007', status: 'partiallyFilled', source: 'ws-order' },
    fill: {
      tradeId: '77',
      quantity: '0.004',
      fee: '0.000004',
      feeAsset: 'BTC',
      liquidity: 'taker',
      venueTime: 12,
    },
  });
  expect(okxPush(row, id).fill).toBeUndefined();
  expect(okxPush({ ...pushed, ...fees, fillFee: '' }, id).fill).not.toHaveProperty('fee');
});

it('reads a rebate as a fee below zero', () => {
  const fill = okxFill(fillRow, id);
  expect(fill).toMatchObject({ fee: '-0.02', feeAsset: 'USDT', liquidity: 'maker', venueTime: 4 });
  expect(fill).not.toHaveProperty('clientOrderId');
  expect(okxFill({ ...fillRow, fee: '0' }, id).fee).toBe('0');
});

it('reads the rules of listed pairs and leaves out what it cannot read', () => {
  const rules = { baseCcy: 'BTC', quoteCcy: 'USDT', instId: 'BTC-USDT', minSz: '0.00001', maxLmtSz: '9999' };
  const rows = [
    { ...rules, tickSz: '0.10', lotSz: '0.00000001', state: 'live' },
    { ...rules, baseCcy: 'ETH', tickSz: '0', lotSz: '1', state: 'live' },
    { ...rules, baseCcy: 'OLD', tickSz: '1', lotSz: '1', state: 'suspend' },
  ];
  const symbols = okxMarket.symbolsOf({ code: '0', data: rows });
  expect(symbols.map(({ instrument }) => instrument)).toEqual(['BTC/USDT', 'OLD/USDT']);
  expect(symbols[0]!.rules.rules).toMatchObject({
    tickSize: '0.1',
    lotSize: '0.00000001',
    status: 'trading',
  });
  expect(symbols[1]!.rules.rules.status).toBe('halted');
});

it('counts the answer about the book, and reads a notice of the end', () => {
  const arg = { channel: 'books', instId: 'BTC-USDT' };
  expect(okxMarket.answerOf({ event: 'subscribe', arg })).toEqual({
    kind: 'confirmed',
    venueSymbol: 'BTC-USDT',
  });
  expect(okxMarket.answerOf({ event: 'unsubscribe', arg })).toMatchObject({ kind: 'left' });
  expect(okxMarket.answerOf({ event: 'subscribe', arg: { ...arg, channel: 'trades' } })).toEqual({
    kind: 'other',
  });
  expect(okxMarket.answerOf({ event: 'notice', code: '64008', msg: '' })).toMatchObject({ kind: 'shutdown' });
  expect(okxMarket.answerOf({ arg, action: 'update', data: [] })).toBeUndefined();
});

describe('the private stream', () => {
  const open = () =>
    okxUser.session({
      ...{ number: 1, venueNow: () => 0, sign: () => ({ apiKey: 'k' }) },
      instrumentOf: (symbol) => (symbol === 'BTC-USDT' ? id : undefined),
    });

  it('logs in, subscribes, and is live when both channels are confirmed', () => {
    const session = open();
    expect(session.open()).toEqual([{ op: 'login', args: [{ apiKey: 'k' }] }]);
    const args = [{ channel: 'orders', instType: 'SPOT' }, { channel: 'account' }];
    expect(session.read({ event: 'login', code: '0', msg: '' })).toEqual({
      kind: 'send',
      frames: [{ op: 'subscribe', args }],
    });
    expect(session.read({ event: 'subscribe', arg: args[0] })).toBeUndefined();
    expect(session.read({ event: 'subscribe', arg: args[1] })).toEqual({ kind: 'live' });
  });

  it.each([
    ['60005', { kind: 'blocked', reason: 'KEY_REJECTED 60005 x' }],
    ['60024', { kind: 'blocked', reason: 'KEY_REJECTED 60024 x' }],
    ['60006', { kind: 'down', reason: 'refused: 60006 x', isClock: true }],
    ['60009', { kind: 'down', reason: 'refused: 60009 x', isClock: false }],
  ])('answers the error %s with %j', (code, word) => {
    expect(open().read({ event: 'error', code, msg: 'x', connId: 'c' })).toEqual(word);
  });

  it('leaves when the venue announces the end', () => {
    expect(open().read({ event: 'notice', code: '64008', msg: '' })).toMatchObject({ kind: 'move' });
    expect(open().read({ event: 'channel-conn-count', channel: 'orders' })).toBeUndefined();
  });

  it('reads every row, and sets a row aside that it cannot read', () => {
    const filled = {
      ...row,
      tradeId: '7',
      fillPx: '1',
      fillSz: '1',
      fillTime: '1',
      fillFee: '0',
      fillFeeCcy: 'BTC',
    };
    const data = [
      { ...row, instId: 'NO-PE' },
      { ...filled, execType: 'M' },
    ];
    const word = open().read({ arg: { channel: 'orders', instType: 'SPOT' }, data });
    expect(word?.kind === 'events' && word.events.map(({ type }) => type)).toEqual([
      'quarantine',
      'fill',
      'order',
    ]);
    const details = [{ ccy: 'BTC', availBal: '1', frozenBal: '', cashBal: '1' }];
    expect(open().read({ arg: { channel: 'account' }, data: [{ uTime: '3', details }] })).toEqual({
      kind: 'events',
      events: [{ type: 'balance', assets: [{ asset: 'BTC', free: '1', locked: '0' }], venueTime: 3 }],
    });
  });
});

describe('pages', () => {
  /** Trades 1 to `count`, one a minute, behind a venue that pages as OKX does. */
  const venueOf = (count: number, recentFrom: number) => {
    const asked: VenueRequest[] = [];
    const rows = Array.from({ length: count }, (_, i) => ({
      ...{ ...fillRow, tradeId: String(i + 1), billId: String(1_000 + i), ts: String(i * 60_000) },
    })).reverse();
    const ask = (request: VenueRequest): Promise<unknown> => {
      asked.push(request);
      const { after, begin } = request.params as Record<string, string>;
      const from = request.path === 'trade/fills' ? recentFrom : 0;
      const fit = rows.filter(
        (r) =>
          Number(r.tradeId) > from &&
          (!after || r.billId < after) &&
          (!begin || Number(r.ts) >= Number(begin)),
      );
      return Promise.resolve({ code: '0', data: fit.slice(0, 100) });
    };
    return { ask, asked };
  };
  const ids = (rows: readonly JsonRecord[]): readonly number[] =>
    rows.map((r) => Number(r['tradeId'])).sort((a, b) => a - b);
  const query = { venueSymbol: 'BTC-USDT', now: 450 * 60_000 };

  it('reads all pages since a moment, each trade once', async () => {
    const { ask, asked } = venueOf(451, 0);
    const found = ids(await okxPages.fills(ask, { ...query, since: 0 }));
    expect([found.length, new Set(found).size, asked.length]).toEqual([451, 451, 5]);
  });

  it('stops at the id it begins with', async () => {
    const { ask, asked } = venueOf(451, 0);
    expect(ids(await okxPages.fills(ask, { ...query, fromId: '450' }))).toEqual([450, 451]);
    expect(asked).toHaveLength(1);
  });

  it('goes on in the history where the recent trades end', async () => {
    const { ask, asked } = venueOf(250, 200);
    expect(ids(await okxPages.fills(ask, { ...query, fromId: '120' }))).toHaveLength(131);
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['trade/fills', 'trade/fills-history']));
  });

  it('pages open orders by the last order of each page', async () => {
    const rows = Array.from({ length: 230 }, (_, i) => ({ ...row, ordId: String(1_000 - i) }));
    const ask = ({ params }: VenueRequest): Promise<unknown> => {
      const { after } = params as Record<string, string>;
      const fit = rows.filter(({ ordId }) => !after || Number(ordId) < Number(after));
      return Promise.resolve({ code: '0', data: fit.slice(0, 100) });
    };
    expect(await okxPages.openOrders(ask)).toHaveLength(230);
  });
});

it.each([
  [0, ['0']],
  [10, ['10']],
  [120, ['120']],
  [9, []],
  [0.5, []],
  [121, []],
])("sets the dead-man's switch to %s s, or refuses what would disarm it", (seconds, sent) => {
  const asked = okxTrading.deadMan?.(seconds, ['BTC-USDT']) ?? [];
  expect(asked.map(({ params }) => (params as Record<string, string>)['timeOut'])).toEqual(sent);
});
