import { partOf } from '../../src/domain/fill';
import type { Fill } from '../../src/domain/fill';
import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, loadOrder } from '../support/account-bench';

let bench: AccountBench;
let counted: Fill[];
let booked: Fill[];
let id: string;

const place = () => {
  const { base, quote } = bench.orders.rulesOf(id)!;
  return { venue: 'binance', accountId: 'a1', strategyId: 's1', clientOrderId: id, base, quote } as const;
};
const fees = { fee: '0.02', feeAsset: 'USDT' };

beforeEach(async () => {
  bench = await accountBench();
  counted = [];
  booked = [];
  bench.orders.listen({
    fillBooked: (fill, news) => {
      booked.push(fill);
      if (news) counted.push(news);
    },
    halt: (_strategyId, code, detail) => {
      throw new Error(`${code}: ${detail}`);
    },
    storeAnswered: () => undefined,
  });
  id = loadOrder(bench, 1_000);
});

/**
 * Simulation y1-11: an engine that was taking over had booked a trade of the strategy before the engine that leased it
 * heard of it. The limits on loss and on one-sided fills never counted it, and it quoted on beyond its cap. The same held
 * after a commit that took effect and was not answered.
 */
describe('a fill counts towards the limits of the engine that trades', () => {
  it('once, although another engine has booked it', async () => {
    const fill = fillOf(id, fees);
    await bench.store.recordFills([{ ...fill, ...place() }], []);
    for (let i = 0; i < 2; i += 1) {
      bench.orders.onFill('binance', 'a1', fill);
      await bench.runtime.advance(100);
    }
    expect(counted.map(({ quantity, fee }) => [quantity, fee])).toEqual([['0.5', '0.02']]);
  });

  it('with all that another engine has booked of its order', async () => {
    const parts = ['1', '2'].map((tradeId) => fillOf(id, { ...fees, tradeId, quantity: '0.25' }));
    await bench.store.recordFills(
      parts.map((part) => ({ ...part, ...place() })),
      [],
    );
    for (const part of parts) bench.orders.onFill('binance', 'a1', part);
    await bench.runtime.advance(100);
    expect(counted.map(({ quantity, fee }) => [quantity, fee])).toEqual([['0.5', '0.04']]);
    // The check after the trade counts on its own, and by key: simulation fin-875.
    expect(booked.map(({ tradeId, quantity }) => [tradeId, quantity])).toEqual([
      ['1', '0.25'],
      ['2', '0.25'],
    ]);
  });

  it('once, although a database that was set back books it again', async () => {
    const fill = fillOf(id, fees);
    bench.orders.onFill('binance', 'a1', fill);
    await bench.runtime.advance(100);
    const { recordFills } = bench.store;
    bench.store.recordFills = async (...args) =>
      (await recordFills.apply(bench.store, args)).map(
        (result) => ({ ...result, kind: 'booked' as const }) as never,
      );
    bench.orders.doubtRecord('a1');
    bench.orders.onFill('binance', 'a1', { ...fill, source: 'rest-trades' });
    await bench.runtime.advance(100);
    expect(counted).toHaveLength(1);
  });
});

it('takes the fee in proportion', () => {
  const whole = { quantity: '0.5', fee: '0.02' } as Fill;
  expect(partOf(whole, '0.25')).toEqual({ quantity: '0.25', fee: '0.01' });
  expect(partOf(whole, '0.50')).toBe(whole);
});
