import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { createVenueCore } from './core';

type Core = ReturnType<typeof createVenueCore>;
type Request = Parameters<Core['place']>[0];

const symbol = 'BTCUSDT';
const funds: Readonly<Record<string, string>> = { BTC: '3', USDT: '250000' };
const accounts = ['ann', 'bob'] as const;
const market = {
  symbol,
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.00001',
  maxOpenOrders: 200,
} as Core['markets'][number];

function open(): Core {
  let clock = 1_000;
  const now = (): number => (clock += 1);
  const core = createVenueCore({ now, markets: [market], makerFeeBps: 10, takerFeeBps: 20 });
  for (const account of accounts) core.addAccount(account, funds);
  return core;
}

const request = (change: Partial<Request>): Request => ({
  account: 'ann',
  symbol,
  clientOrderId: 'm1',
  side: 'buy',
  type: 'limit',
  price: 6_500_000,
  quantity: 1_000,
  timeInForce: 'GTC',
  stp: 'NONE',
  ...change,
});

const maker = (change: Partial<Request> = {}): Request =>
  request({ account: 'bob', clientOrderId: 'maker', side: 'sell', ...change });

const amounts = (core: Core, account: string, asset: string): { free: BigNumber; locked: BigNumber } => {
  const row = core.balances(account).find((balance) => balance.asset === asset);
  return { free: new BigNumber(row?.free ?? 0), locked: new BigNumber(row?.locked ?? 0) };
};

describe('venue core', () => {
  it('stamps every order and both sides of a trade, each later one higher', () => {
    const core = open();
    core.place(maker());
    core.place(request({ quantity: 1_000 }));
    core.place(request({ clientOrderId: 'm2' }));
    const trades = accounts.flatMap((account) => core.trades(account, symbol));
    const orders = accounts.flatMap((account) => core.allOrders(account));
    const stamps = [...orders, ...trades].sort((a, b) => a.stamp - b.stamp);
    expect(new Set(stamps.map(({ stamp }) => stamp)).size).toBe(5);
    expect(stamps.map((one) => ('tradeId' in one ? 'trade' : one.clientOrderId))).toEqual([
      ...['maker', 'm1', 'trade', 'trade', 'm2'],
    ]);
  });

  it('remembers why an order was canceled', () => {
    const core = open();
    core.place(request({ memo: { tag: 'a' } }));
    const key = { account: 'ann', symbol, clientOrderId: 'm1' };
    const memo = { tag: 'a', cause: 'switch' };
    expect(core.cancel(key, { cause: 'switch' })).toMatchObject({ ok: true, order: { memo } });
    expect(core.order(key)).toMatchObject({ memo });
  });

  it.each([
    { timeInForce: 'GTC', quantity: 1_500, status: 'PARTIALLY_FILLED', filled: 1_000, rests: 500 },
    { timeInForce: 'IOC', quantity: 1_500, status: 'EXPIRED', filled: 1_000, rests: 0 },
    { timeInForce: 'FOK', quantity: 1_500, status: 'EXPIRED', filled: 0, rests: 0 },
    { timeInForce: 'FOK', quantity: 1_000, status: 'FILLED', filled: 1_000, rests: 0 },
  ] as const)('$timeInForce for $quantity against 1000 ends $status', (row) => {
    const core = open();
    core.place(maker());
    const { timeInForce, quantity } = row;
    const answer = core.place(request({ timeInForce, quantity }));
    expect(answer).toMatchObject({ ok: true, order: { status: row.status, filled: row.filled } });
    expect(core.depth(symbol, 5).bids.reduce((sum, [, lots]) => sum + lots, 0)).toBe(row.rests);
  });

  it.each([
    { change: { timeInForce: 'POST_ONLY' }, reason: 'WOULD_MATCH' },
    { change: { quantity: 1_000_000 }, reason: 'INSUFFICIENT_BALANCE' },
    { change: { account: 'bob', clientOrderId: 'maker' }, reason: 'DUPLICATE_ID' },
    { change: { symbol: 'NOPE' }, reason: 'UNKNOWN_SYMBOL' },
  ] as const)('refuses with $reason and changes nothing', ({ change, reason }) => {
    const core = open();
    core.place(maker());
    const before = [core.depth(symbol, 5), ...accounts.map((account) => core.balances(account))];
    expect(core.place(request(change as Partial<Request>))).toEqual({ ok: false, reason });
    expect([core.depth(symbol, 5), ...accounts.map((account) => core.balances(account))]).toEqual(before);
  });

  it.each([
    { stp: 'EXPIRE_MAKER', maker: 'EXPIRED_IN_MATCH', taker: 'NEW' },
    { stp: 'EXPIRE_TAKER', maker: 'NEW', taker: 'EXPIRED_IN_MATCH' },
    { stp: 'NONE', maker: 'FILLED', taker: 'FILLED' },
  ] as const)('self-trade prevention $stp', (row) => {
    const core = open();
    core.place(maker());
    core.place(request({ account: 'bob', clientOrderId: 'taker', stp: row.stp }));
    const status = (clientOrderId: string) => core.order({ account: 'bob', symbol, clientOrderId })?.status;
    expect([status('maker'), status('taker')]).toEqual([row.maker, row.taker]);
  });

  it('trades at the maker price and charges each side in what it receives', () => {
    const core = open();
    core.place(maker({ price: 6_400_000 }));
    core.place(request({}));
    expect(core.trades('ann', symbol)[0]).toMatchObject({
      price: 6_400_000,
      fee: '0.00002',
      feeAsset: 'BTC',
    });
    expect(core.trades('bob', symbol)[0]).toMatchObject({ price: 6_400_000, fee: '0.64', feeAsset: 'USDT' });
    expect(amounts(core, 'ann', 'USDT').free.toFixed()).toBe('249360');
  });

  it('frees what a cancelled order held', () => {
    const core = open();
    core.place(request({}));
    expect(amounts(core, 'ann', 'USDT').locked.toFixed()).toBe('650');
    expect(core.cancel({ account: 'ann', symbol, clientOrderId: 'm1' }).ok).toBe(true);
    expect(core.cancel({ account: 'ann', symbol, clientOrderId: 'm1' }).ok).toBe(false);
    expect(amounts(core, 'ann', 'USDT')).toEqual({ free: new BigNumber(250_000), locked: new BigNumber(0) });
  });

  it('accepts a post-only order that would take, and ends it at once, when asked to', () => {
    const core = open();
    core.place(maker());
    const answer = core.place(request({ timeInForce: 'POST_ONLY', crossing: 'EXPIRE' }));
    expect(answer).toMatchObject({ ok: true, order: { status: 'EXPIRED', filled: 0 }, trades: [] });
    expect(amounts(core, 'ann', 'USDT').locked.toFixed()).toBe('0');
    expect(core.depth(symbol, 1).asks).toEqual([[6_500_000, 1_000]]);
  });

  it.each([
    { change: { quantity: 400 }, first: 'm1', why: 'less at the same price' },
    { change: { quantity: 1_400 }, first: 'm2', why: 'more' },
    { change: { price: 6_499_999 }, first: 'm2', why: 'another price' },
  ])('an order amended to $why leaves $first in front', ({ change, first }) => {
    const core = open();
    core.place(request({ clientOrderId: 'm1', memo: { text: 'kept' } }));
    core.place(request({ clientOrderId: 'm2' }));
    const amended = core.amend({ account: 'ann', symbol, clientOrderId: 'm1' }, change);
    expect(amended).toMatchObject({ ok: true, order: { ...change, status: 'NEW', memo: { text: 'kept' } } });
    core.place(maker({ quantity: 1 }));
    expect(core.order({ account: 'ann', symbol, clientOrderId: first })?.filled).toBe(1);
  });

  it('amends what it can and says why it cannot', () => {
    const core = open();
    core.place(maker({ price: 6_500_100 }));
    core.place(request({ timeInForce: 'POST_ONLY' }));
    const amend = (change: Parameters<Core['amend']>[1]) =>
      core.amend({ account: 'ann', symbol, clientOrderId: 'm1' }, change);
    expect(amend({ price: 6_500_100 })).toEqual({ ok: false, reason: 'WOULD_MATCH' });
    expect(amend({ quantity: 1_000_000 })).toEqual({ ok: false, reason: 'INSUFFICIENT_BALANCE' });
    expect(amounts(core, 'ann', 'USDT').locked.toFixed()).toBe('650');
    core.place(maker({ clientOrderId: 'hits', quantity: 300 }));
    expect(amend({ quantity: 300 })).toMatchObject({ ok: true, order: { status: 'CANCELED', filled: 300 } });
    expect(amend({ quantity: 200 })).toEqual({ ok: false, reason: 'NOT_OPEN' });
    expect(amounts(core, 'ann', 'USDT').locked.toFixed()).toBe('0');
  });

  it('never crosses, and loses neither quantity nor money, whatever is placed, amended and cancelled', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 50 }), (actions) => {
        const core = open();
        actions.forEach((drawn, i) => {
          if (drawn.act === 'cancel') cancelOne(core, drawn.pick);
          else if (drawn.act === 'amend') amendOne(core, drawn.pick, drawn.order);
          else core.place(request({ ...drawn.order, clientOrderId: `m${i}` }));
          expectUncrossed(core);
          expectQuantities(core);
          for (const asset of ['BTC', 'USDT']) expectMoney(core, asset);
        });
      }),
      { numRuns: 80 },
    );
  });
});

const action = fc.record({
  act: fc.constantFrom('place' as const, 'cancel' as const, 'amend' as const),
  pick: fc.nat(),
  order: fc.record({
    account: fc.constantFrom(...accounts),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    type: fc.constantFrom('limit' as const, 'limit' as const, 'market' as const),
    price: fc.integer({ min: 6_499_990, max: 6_500_010 }),
    quantity: fc.integer({ min: 1, max: 90_000 }),
    timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const, 'POST_ONLY' as const),
    stp: fc.constantFrom('NONE' as const, 'EXPIRE_TAKER' as const, 'EXPIRE_MAKER' as const),
  }),
});

const everyOrder = (core: Core) => accounts.flatMap((account) => core.allOrders(account));
const everyTrade = (core: Core) => accounts.flatMap((account) => core.trades(account, symbol));

function drawnOrder(core: Core, pick: number): ReturnType<Core['order']> {
  const open = accounts.flatMap((account) => core.openOrders(account));
  return open[pick % Math.max(1, open.length)];
}

function cancelOne(core: Core, pick: number): void {
  const target = drawnOrder(core, pick);
  if (target) core.cancel({ account: target.account, symbol, clientOrderId: target.clientOrderId });
}

function amendOne(core: Core, pick: number, { price, quantity }: { price: number; quantity: number }): void {
  const target = drawnOrder(core, pick);
  if (target) core.amend({ account: target.account, symbol, orderId: target.orderId }, { price, quantity });
}

function expectUncrossed(core: Core): void {
  const { bids, asks } = core.depth(symbol, 1);
  if (bids[0] && asks[0]) expect(bids[0][0]).toBeLessThan(asks[0][0]);
}

/** Every trade has two halves; every order has filled what its trades say; the book shows what is open. */
function expectQuantities(core: Core): void {
  const trades = everyTrade(core);
  for (const side of ['buy', 'sell']) {
    const halves = trades
      .filter((trade) => trade.side === side)
      .map(({ tradeId, quantity }) => [tradeId, quantity]);
    const byId = halves.sort(([a = 0], [b = 0]) => a - b);
    const first = byId[0]?.[0] ?? 0; // Consecutive, from wherever the sequence stood.
    expect(byId.map(([id]) => id)).toEqual(byId.map((_, i) => first + i));
  }
  for (const order of everyOrder(core)) {
    const own = trades.filter((trade) => trade.orderId === order.orderId && trade.side === order.side);
    expect(own.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(order.filled);
    expect(order.filled).toBeLessThanOrEqual(order.quantity);
  }
  const open = accounts.flatMap((account) => core.openOrders(account));
  const { bids, asks } = core.depth(symbol, 1_000);
  const shown = [...bids, ...asks].reduce((sum, [, lots]) => sum + lots, 0);
  expect(shown).toBe(open.reduce((sum, order) => sum + order.quantity - order.filled, 0));
}

function expectMoney(core: Core, asset: string): void {
  const fees = everyTrade(core).filter((trade) => trade.feeAsset === asset);
  let sum = fees.reduce((total, trade) => total.plus(trade.fee), new BigNumber(0));
  for (const account of accounts) {
    const { free, locked } = amounts(core, account, asset);
    expect(free.gte(0)).toBe(true);
    expect(locked.toFixed()).toBe(heldBy(core, account, asset).toFixed());
    sum = sum.plus(free).plus(locked);
  }
  expect(sum.toFixed()).toBe(new BigNumber(funds[asset]!).times(accounts.length).toFixed());
}

function heldBy(core: Core, account: string, asset: string): BigNumber {
  return core.openOrders(account).reduce((sum, order) => {
    const lots = new BigNumber('0.00001').times(order.quantity - order.filled);
    if (order.side === 'sell') return asset === 'BTC' ? sum.plus(lots) : sum;
    return asset === 'USDT' ? sum.plus(lots.times('0.01').times(order.price)) : sum;
  }, new BigNumber(0));
}
