import fc from 'fast-check';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVenueCore, crowd } from './core';
import { defaultMarkets } from './default-markets';
import { openVenueJournal } from './venue-journal.store';
import type { VenueCore } from './venue-types';

const accounts = ['ann', 'bob'] as const;
const symbol = 'BTCUSDT';
const limits = { endedOrders: 6, trades: 8 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mm-venue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Drawn {
  readonly cancels: boolean;
  readonly pick: number;
  readonly account: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly type: 'limit' | 'market';
}

const step: fc.Arbitrary<Drawn> = fc.record({
  cancels: fc.boolean(),
  pick: fc.nat(),
  account: fc.constantFrom(...accounts, crowd),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  price: fc.integer({ min: 6_499_995, max: 6_500_005 }),
  quantity: fc.integer({ min: 1, max: 50_000 }),
  type: fc.constantFrom('limit' as const, 'limit' as const, 'market' as const),
});

/** A venue over the folder; its clock stands, so that only what was kept can move the sequences on. */
function open(where = folder): VenueCore {
  const journal = openVenueJournal(where);
  const core = createVenueCore({
    ...{ now: () => 1_000, markets: defaultMarkets, makerFeeBps: 10, takerFeeBps: 10 },
    ...{ kept: journal.state, journal, limits },
  });
  for (const account of accounts) core.addAccount(account, { BTC: '3', USDT: '250000' });
  return core;
}

function run(core: VenueCore, drawn: Drawn, index: number): void {
  const { account, side, price, quantity, type } = drawn;
  const all = accounts.flatMap((name) => core.openOrders(name));
  const target = all[drawn.pick % Math.max(1, all.length)];
  if (drawn.cancels && target) {
    const { orderId } = target;
    core.cancel({ account: target.account, symbol, orderId });
    return;
  }
  const timeInForce = account === crowd ? 'IOC' : 'GTC';
  const clientOrderId = `c${index}`;
  core.place({ account, symbol, clientOrderId, side, type, timeInForce, price, quantity, stp: 'NONE' });
}

const seen = (core: VenueCore): unknown =>
  accounts.map((account) => ({
    orders: core.allOrders(account),
    open: core.openOrders(account),
    trades: core.trades(account, symbol),
    balances: core.balances(account),
  }));

describe('a venue that is killed and started again', () => {
  it('knows every order, trade and balance, whatever was placed, cancelled and traded', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 10 }), (before, after) => {
        const where = mkdtempSync(join(folder, 'run-'));
        const first = open(where);
        before.forEach((drawn, index) => run(first, drawn, index));
        const second = open(where);
        expect(seen(second)).toEqual(seen(first));
        after.forEach((drawn, index) => {
          run(first, drawn, 100 + index);
          run(second, drawn, 100 + index);
        });
        expect(accounts.map((account) => second.balances(account))).toEqual(
          accounts.map((account) => first.balances(account)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('has written before anyone hears of it', () => {
    const core = open();
    const known: boolean[] = [];
    core.onEvent((event) => {
      if (event.type !== 'order') return;
      const { orders } = openVenueJournal(folder).state;
      known.push(
        orders.some(
          ({ orderId, status }) => orderId === event.order.orderId && status === event.order.status,
        ),
      );
    });
    run(core, { ...quiet, side: 'buy' }, 1);
    core.cancel({ account: 'ann', symbol, clientOrderId: 'c1' });
    expect(known).toEqual([true, true]);
  });

  it('gives out no id a second time, not even ids that no account has seen', () => {
    const first = open();
    for (let i = 0; i < 3_000; i += 1) {
      const rest = { account: crowd, symbol, clientOrderId: '', side: 'buy', price: 6_400_000 + i } as const;
      first.place({ ...rest, type: 'limit', timeInForce: 'GTC', quantity: 1, stp: 'NONE' });
    }
    const second = open();
    expect(second.depth(symbol, 1).updateId).toBeGreaterThanOrEqual(first.depth(symbol, 1).updateId);
  });

  it('stamps what it takes after everything that was kept, and what was kept before there were stamps', () => {
    const maker = { ...quiet, side: 'sell', price: 6_500_000 } as const;
    run(open(), maker, 1);
    run(open(), { ...quiet, account: 'bob', price: 6_500_000 }, 2);
    run(open(), quiet, 3);
    const stampsOf = (core: VenueCore): readonly number[] => [
      ...accounts.flatMap((account) => core.allOrders(account)).map(({ stamp }) => stamp),
      ...accounts.flatMap((account) => core.trades(account, symbol)).map(({ stamp }) => stamp),
    ];
    expect([...stampsOf(open())].sort()).toEqual([1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_000_004]);
    const path = (): string => join(folder, readdirSync(folder)[0]!);
    writeFileSync(path(), readFileSync(path(), 'utf8').replaceAll(/"(stamp|orderStamp)":\d+,/g, ''));
    const [order, trade] = [open().allOrders('ann')[0]!, open().trades('ann', symbol)[0]!];
    expect(trade).toMatchObject({ orderId: order.orderId, orderStamp: order.stamp });
    expect(Math.min(...stampsOf(open()))).toBeGreaterThanOrEqual(1_000_000);
  });

  it('tolerates a torn last line, and names a line that is broken elsewhere', () => {
    const core = open();
    run(core, quiet, 1);
    const path = (): string => join(folder, readdirSync(folder)[0]!);
    appendFileSync(path(), '{"orders":[{"accou');
    expect(open().openOrders('ann')).toEqual(core.openOrders('ann'));
    writeFileSync(path(), 'broken\n{}\n');
    expect(() => open()).toThrow(/line 1 cannot be read/);
  });

  it('keeps every open order and only the latest of the ended ones', () => {
    const core = open();
    run(core, { ...quiet, price: 6_000_000 }, 0);
    for (let i = 1; i <= 20; i += 1) {
      run(core, quiet, i);
      core.cancel({ account: 'ann', symbol, clientOrderId: `c${i}` });
    }
    for (const each of [core, open()]) {
      expect(each.allOrders('ann').map(({ clientOrderId }) => clientOrderId)).toEqual([
        ...['c0', 'c15', 'c16', 'c17', 'c18', 'c19', 'c20'],
      ]);
      expect(each.order({ account: 'ann', symbol, clientOrderId: 'c3' })).toBeUndefined();
      expect(each.openOrders('ann')).toHaveLength(1);
    }
  });

  it('moves a journal that has grown long into a new file, piece by piece, and loses nothing', () => {
    const journal = openVenueJournal(folder);
    const balances = [{ account: 'ann', asset: 'BTC', free: '1', locked: '0' }];
    journal.begin([{ balances }]);
    const long = 'x'.repeat(1_000_000);
    const whole = () => [{ balances }, { balances: [{ ...balances[0]!, asset: 'USDT' }] }];
    const files: number[] = [];
    for (let i = 0; i < 24; i += 1) {
      journal.append({ balances: [{ account: 'bob', asset: long, free: String(i), locked: '0' }] }, whole);
      files.push(readdirSync(folder).length);
      expect(openVenueJournal(folder).state.balances).toContainEqual(balances[0]);
    }
    expect([...new Set(files)]).toEqual([1, 2]);
    expect(files.at(-1)).toBe(1);
    const { balances: kept } = openVenueJournal(folder).state;
    expect(kept.map(({ account, asset, free }) => `${account} ${asset.slice(0, 4)} ${free}`).sort()).toEqual([
      ...['ann BTC 1', 'ann USDT 1', 'bob xxxx 23'],
    ]);
  });
});

const quiet: Drawn = {
  ...{ cancels: false, pick: 0, account: 'ann', side: 'buy', price: 6_400_000, quantity: 100, type: 'limit' },
};
