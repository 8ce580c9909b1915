import type { Fill } from '../../../domain/fill';
import { ExposureBook } from './exposure-book';
import { RiskMemory } from './risk-memory';

let orders = 0;
const fillOf = (change: Partial<Fill> = {}): Fill => ({
  ...{ venue: 'binance', accountId: 'a1', strategyId: 's1', instrument: 'BTC/USDT', tradeId: '1' },
  ...{ clientOrderId: `m-${(orders += 1)}`, venueOrderId: 'v1', base: 'BTC', quote: 'USDT' },
  ...{ side: 'buy', price: '100', quantity: '1', liquidity: 'maker', venueTime: 0, source: 'ws-trade' },
  ...change,
});
const noon = 1_764_072_000_000;
const place = { accountId: 'a1', instrument: 'BTC/USDT' };
const recent = (memory: RiskMemory, mono: number) => memory.recent('s1', place, mono);

describe('the rate of creates', () => {
  it('forgets after a second, per account, and counts cancels apart', () => {
    const memory = new RiskMemory();
    memory.ordered('a1', { creates: 3, cancels: 0 }, 0);
    memory.ordered('a1', { creates: 2, cancels: 7 }, 500);
    memory.ordered('a2', { creates: 9, cancels: 0 }, 500);
    expect(recent(memory, 999)).toMatchObject({ creates: 5, cancels: 7 });
    expect(recent(memory, 1_000)).toMatchObject({ creates: 2, cancels: 7 });
    expect(recent(memory, 1_500)).toMatchObject({ creates: 0, cancels: 0 });
  });
});

describe('the budget of open orders', () => {
  it('is what was live when the venue refused one more, on that account and instrument, for half a minute', () => {
    const memory = new RiskMemory();
    expect(recent(memory, 0).orderBudget).toBeUndefined();
    memory.countRefused(place, 4, 1_000);
    memory.countRefused({ ...place, instrument: 'ETH/USDT' }, 2, 1_000);
    expect(recent(memory, 30_999).orderBudget).toBe(4);
    expect(recent(memory, 31_000).orderBudget).toBeUndefined();
    memory.countRefused(place, 0, 700_000);
    expect(recent(memory, 700_000).orderBudget).toBe(1);
  });
});

describe('the day', () => {
  const marked = (base: number, price: number) => ({ price, base, quote: 1_000 });

  it('adds what was realised to what is open, and keeps its best moment', () => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(10, 100), noon);
    expect(recent(memory, 0).day).toEqual({ pnl: 0, peak: 0, equity: 2_000 });
    memory.filled(fillOf({ price: '99' }), { now: noon, mono: 0 });
    memory.mark('s1', marked(11, 100), noon);
    expect(recent(memory, 0).day).toMatchObject({ pnl: 1, peak: 1 });
    memory.mark('s1', marked(11, 90), noon);
    expect(recent(memory, 0).day).toMatchObject({ pnl: -9, peak: 1 });
    memory.filled(fillOf({ side: 'sell', price: '98' }), { now: noon, mono: 0 });
    memory.mark('s1', marked(10, 50), noon);
    expect(recent(memory, 0).day).toEqual({ pnl: -1, peak: 1, equity: 2_000 });
  });

  it('leaves out how the market moves what the strategy was given', () => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(10, 100), noon);
    memory.mark('s1', marked(10, 10), noon);
    expect(recent(memory, 0).day!.pnl).toBe(0);
  });

  it.each([
    ['quote', { fee: '0.5', feeAsset: 'USDT' }, -0.5],
    ['base', { fee: '0.01', feeAsset: 'BTC' }, -1],
    ['a third asset', { fee: '0.01', feeAsset: 'BNB' }, 0],
  ])('subtracts a fee in %s', (_, fee, pnl) => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(0, 100), noon);
    memory.filled(fillOf(fee), { now: noon, mono: 0 });
    memory.mark('s1', marked(1, 100), noon);
    expect(recent(memory, 0).day!.pnl).toBeCloseTo(pnl, 9);
  });

  it('begins anew at midnight UTC and after a person has resumed', () => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(10, 100), noon);
    memory.filled(fillOf(), { now: noon, mono: 0 });
    memory.mark('s1', marked(10, 90), noon);
    expect(recent(memory, 0).day!.pnl).toBe(-10);
    memory.mark('s1', marked(10, 90), noon + 43_199_999);
    expect(recent(memory, 0).day!.pnl).toBe(-10);
    memory.mark('s1', marked(10, 90), noon + 43_200_000);
    expect(recent(memory, 0).day).toEqual({ pnl: 0, peak: 0, equity: 1_900 });
    memory.restart('s1');
    expect(recent(memory, 0).day).toBeUndefined();
  });
});

describe('the day on record', () => {
  const marked = (base: number, price: number) => ({ price, base, quote: 1_000 });
  const record = { since: noon - 43_200_000, base: 2, quote: -220, best: 5 };

  it('goes on where an earlier process was', () => {
    const memory = new RiskMemory();
    memory.recorded('s1', record, noon);
    expect(recent(memory, 0).day).toBeUndefined(); // There is no price yet.
    memory.mark('s1', marked(12, 100), noon);
    expect(recent(memory, 0).day).toEqual({ pnl: -20, peak: 5, equity: 2_220 });
    memory.filled(fillOf({ price: '100' }), { now: noon, mono: 0 });
    memory.mark('s1', { price: 90, base: 13, quote: 900 }, noon);
    expect(recent(memory, 0).day).toEqual({ pnl: -50, peak: 5, equity: 2_220 });
  });

  it('keeps what this process has seen, with the fills another engine booked in between', () => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(10, 100), noon);
    memory.filled(fillOf({ price: '90' }), { now: noon, mono: 0 });
    memory.mark('s1', marked(11, 100), noon);
    memory.recorded('s1', record, noon + 1);
    memory.mark('s1', marked(12, 100), noon + 2);
    expect(recent(memory, 0).day).toEqual({ pnl: -20, peak: 10, equity: 2_000 });
  });

  it('forgets what it saw before a person let another engine measure anew', () => {
    const memory = new RiskMemory();
    memory.mark('s1', marked(10, 100), noon);
    memory.filled(fillOf({ price: '90' }), { now: noon, mono: 0 });
    memory.mark('s1', marked(11, 100), noon);
    memory.recorded('s1', { since: noon + 5, base: 0, quote: 0, best: 0 }, noon + 10);
    memory.mark('s1', marked(11, 100), noon + 20);
    expect(recent(memory, 0).day).toEqual({ pnl: 0, peak: 0, equity: 2_100 });
  });

  it('is over with its UTC day', () => {
    const memory = new RiskMemory();
    memory.recorded('s1', record, noon);
    memory.mark('s1', marked(12, 100), noon + 43_200_000);
    expect(recent(memory, 0).day).toEqual({ pnl: 0, peak: 0, equity: 2_200 });
  });
});

describe('the flow of fills', () => {
  const filled = (memory: RiskMemory, mono: number, change: Partial<Fill> = {}) =>
    memory.filled(fillOf(change), { now: noon, mono });

  it('counts the last minute, and different orders of one side in a row', () => {
    const memory = new RiskMemory();
    filled(memory, 0, { clientOrderId: 'm-x' });
    filled(memory, 10, { clientOrderId: 'm-x' });
    filled(memory, 20_000);
    expect(recent(memory, 59_999)).toMatchObject({ fills: 3, streak: { side: 'bid', orders: 2 } });
    expect(recent(memory, 60_000)).toMatchObject({ fills: 2 });
    filled(memory, 60_000, { side: 'sell' });
    expect(recent(memory, 60_000).streak).toEqual({ side: 'ask', orders: 1 });
  });

  it('counts an order of a streak once, however its parts are mixed with those of others', () => {
    const memory = new RiskMemory();
    for (const clientOrderId of ['m-x', 'm-y', 'm-x', 'm-z', 'm-y']) filled(memory, 0, { clientOrderId });
    expect(recent(memory, 0).streak).toEqual({ side: 'bid', orders: 3 });
  });

  it('ends a streak after a minute without fills', () => {
    const memory = new RiskMemory();
    filled(memory, 0);
    expect(recent(memory, 59_999).streak).toBeDefined();
    expect(recent(memory, 60_000).streak).toBeUndefined();
  });
});

describe('exposure of others', () => {
  const scopes = ['global', 'strategy:s1', 'venue:binance', 'account:a1'];

  it('sums per capped scope and quote asset, without the strategy itself', () => {
    const book = new ExposureBook({ global: '1000', account: '500' });
    book.set('s1', scopes, 'USDT', 100);
    book.set('s2', ['global', 'account:a2'], 'USDT', 70);
    book.set('s3', scopes, 'EUR', 1_000);
    book.set('s2', ['global', 'account:a2'], 'USDT', 50);
    expect(book.of('s1', scopes, 'USDT')).toEqual([
      { scope: 'global', others: 50, limit: 1_000 },
      { scope: 'account:a1', others: 0, limit: 500 },
    ]);
    book.retain(new Map([['s1', 1]]));
    expect(book.of('s1', scopes, 'USDT')[0]).toMatchObject({ others: 0 });
  });
});
