import BigNumber from 'bignumber.js';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { ApprovedOrder } from '../../src/domain/approved-order';
import type { Fill } from '../../src/domain/fill';
import { fillKeyOf } from '../../src/domain/fill';
import { Instrument } from '../../src/domain/instrument';
import type { EndWhy } from '../../src/domain/order';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { Balance, IntentBatch, Store, TransferLine } from '../../src/modules/execution/store/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { emptyTables, testDatabase, testDatabaseUrl } from '../support/test-database';

interface Posted {
  readonly key: string;
  readonly holder: string;
  readonly asset: string;
  readonly quantity: string;
}

interface Bench {
  readonly store: Store;
  addStrategy(id: string, accountId: string): Promise<void>;
  halt(id: string): Promise<void>;
  postings(): Promise<readonly Posted[]>;
  fresh(): Promise<void>;
  close(): Promise<void>;
}

const ttlMs = 15_000;
const deadlineMs = 14_500;
const rules = new Instrument({
  venue: 'binance',
  id: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.0001',
  minQuantity: '0.0001',
  maxQuantity: '9000',
  minNotional: '5',
  makerFeeBps: 10,
  takerFeeBps: 10,
  maxOpenOrders: 200,
  status: 'trading',
});

async function memoryBench(): Promise<Bench> {
  let store = new MemoryStore({ now: () => Date.now() });
  return {
    get store() {
      return store;
    },
    addStrategy: async (id, accountId) => store.assignStrategy(id, accountId),
    halt: async (id) => store.setHalted(id, true),
    postings: async () => store.postings(),
    fresh: async () => {
      store = new MemoryStore({ now: () => Date.now() });
    },
    close: () => store.close(),
  };
}

async function postgresBench(): Promise<Bench> {
  const source: DataSource = await testDatabase();
  const runtime = createRealRuntime();
  const store = new PostgresStore(testDatabaseUrl(), runtime);
  return {
    store,
    addStrategy: async (id, accountId) => {
      const sql = `insert into strategies (id, name, account_id, venue, symbol) values ($1, $2, $3, 'binance', 'BTC/USDT')`;
      await source.query(sql, [id, `s-${id}`, accountId]);
    },
    halt: async (id) => {
      await source.query('update strategy_leases set halted = true where strategy_id = $1', [id]);
    },
    postings: () =>
      source.query<Posted[]>('select key, holder, asset, plain(quantity) as quantity from postings'),
    fresh: () => emptyTables(source),
    close: async () => {
      await store.close();
      await source.destroy();
      await runtime.close();
    },
  };
}

describe.each([
  ['memory', memoryBench],
  ['postgres', postgresBench],
] as const)('the %s store', (_name, makeBench) => {
  let bench: Bench;
  let store: Store;
  let account: string;
  let alpha: string;
  let beta: string;
  let made = 0;

  beforeAll(async () => {
    bench = await makeBench();
  });

  afterAll(() => bench.close());

  beforeEach(async () => {
    await bench.fresh();
    store = bench.store;
    account = randomUUID();
    // In strategy order, so that a refused alpha comes before a committed beta.
    [alpha, beta] = [randomUUID(), randomUUID()].sort() as [string, string];
    for (const id of [alpha, beta]) {
      await bench.addStrategy(id, account);
      await store.takeLease(id, 'engine-1', ttlMs);
      await fund(id, 'USDT', '1000');
      await fund(id, 'BTC', '1');
    }
  });

  afterEach(async () => {
    const sums = new Map<string, BigNumber>();
    for (const { key, asset, quantity } of await bench.postings()) {
      const name = `${key} ${asset}`;
      sums.set(name, (sums.get(name) ?? new BigNumber(0)).plus(quantity));
    }
    expect([...sums].filter(([, sum]) => !sum.isZero())).toEqual([]);
  });

  const external = (): string => `external:${account}`;
  const fund = (id: string, asset: string, quantity: string): Promise<unknown> =>
    move(`fund:${id}:${asset}`, [
      { holder: `strategy:${id}`, asset, quantity },
      { holder: external(), asset, quantity: new BigNumber(quantity).negated().toFixed() },
    ]);
  const move = (key: string, lines: readonly TransferLine[], guarded: readonly string[] = []) =>
    store.transfer({ key, kind: 'allocation', lines, guarded });
  const balance = async (holder: string, asset: string): Promise<Pick<Balance, 'total' | 'reserved'>> => {
    const rows = await store.balances([holder]);
    const { total, reserved } = rows.find((row) => row.asset === asset) ?? { total: '-', reserved: '-' };
    return { total, reserved };
  };
  /** Price in ticks of 0.01, quantity in lots of 0.0001. */
  const order = (strategyId: string, part: Partial<ApprovedOrder> = {}): ApprovedOrder => {
    made += 1;
    return {
      clientOrderId: `m000${String(made).padStart(18, '0')}`,
      strategyId,
      accountId: account,
      venue: 'binance',
      instrument: 'BTC/USDT',
      slotKey: 'bid-0',
      side: 'buy',
      price: 10_000,
      quantity: 10_000,
      type: 'limit',
      timeInForce: 'postOnly',
      epoch: 1,
      rules,
      holdAsset: part.side === 'sell' ? 'BTC' : 'USDT',
      holdRate: part.side === 'sell' ? '1' : '100.1',
      ...part,
    } as ApprovedOrder;
  };
  const batch = (strategyId: string, orders: readonly ApprovedOrder[], part: Partial<IntentBatch> = {}) => ({
    strategyId,
    ownerId: 'engine-1',
    epoch: 1,
    orders,
    ...part,
  });
  const commit = async (...orders: ApprovedOrder[]): Promise<void> => {
    const strategyId = orders[0]!.strategyId;
    const verdicts = await store.commitIntents([batch(strategyId, orders)], deadlineMs);
    expect(verdicts.get(strategyId)).toMatchObject({ kind: 'committed' });
  };
  const fillOf = (of: ApprovedOrder, part: Partial<Fill> = {}): Fill => {
    made += 1;
    return {
      venue: 'binance',
      accountId: account,
      strategyId: of.strategyId,
      clientOrderId: of.clientOrderId,
      instrument: 'BTC/USDT',
      tradeId: `t${made}`,
      venueOrderId: `v-${of.clientOrderId}`,
      side: of.side,
      price: '100',
      quantity: '0.4',
      fee: '0',
      feeAsset: of.side === 'buy' ? 'BTC' : 'USDT',
      liquidity: 'maker',
      venueTime: 1_764_000_000_123,
      source: 'ws-trade',
      base: 'BTC',
      quote: 'USDT',
      ...part,
    };
  };
  const book = async (...fills: Fill[]) => store.recordFills(fills, []);
  const end = (of: ApprovedOrder, why: EndWhy, code?: string) =>
    store.endOrders([
      { clientOrderId: of.clientOrderId, ended: { why, at: 1_764_000_000_456, ...(code ? { code } : {}) } },
    ]);
  const read = (of: ApprovedOrder) => store.findOrder({ clientOrderId: of.clientOrderId });
  const withoutFee = (fill: Fill): Fill => {
    const { fee: _fee, feeAsset: _asset, ...rest } = fill;
    return rest;
  };

  describe('commits intents', () => {
    it('writes the order, reserves what it holds and answers the database clock', async () => {
      const bid = order(alpha);
      const before = await store.now();
      const verdicts = await store.commitIntents([batch(alpha, [bid])], deadlineMs);
      const verdict = verdicts.get(alpha);
      if (verdict?.kind !== 'committed') throw new Error(JSON.stringify(verdict));
      expect(verdict.committedAt).toBeGreaterThanOrEqual(before - 1);
      expect(verdict.deadlineAt - verdict.committedAt).toBe(deadlineMs);
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '100.1' });
      expect(await read(bid)).toEqual({
        clientOrderId: bid.clientOrderId,
        strategyId: alpha,
        accountId: account,
        venue: 'binance',
        instrument: 'BTC/USDT',
        slotKey: 'bid-0',
        side: 'buy',
        type: 'limit',
        timeInForce: 'postOnly',
        price: '100',
        quantity: '1',
        epoch: 1,
        committedAt: verdict.committedAt,
        deadlineAt: verdict.deadlineAt,
        venueOrderId: undefined,
        bookedFilled: '0',
        ended: undefined,
      });
    });

    const refusals: readonly [string, string, (bid: ApprovedOrder) => Promise<IntentBatch>][] = [
      ['another owner', 'LEASE_LOST', async (bid) => batch(alpha, [bid], { ownerId: 'engine-2' })],
      ['an older epoch', 'LEASE_LOST', async (bid) => batch(alpha, [bid], { epoch: 0 })],
      [
        'a released lease',
        'LEASE_LOST',
        async (bid) => {
          await store.releaseLease(alpha, 'engine-1');
          return batch(alpha, [bid]);
        },
      ],
      [
        'an expired lease',
        'LEASE_LOST',
        async (bid) => {
          await store.renewLeases('engine-1', -1);
          return batch(alpha, [bid]);
        },
      ],
      [
        'a halt',
        'HALTED',
        async (bid) => {
          await bench.halt(alpha);
          return batch(alpha, [bid]);
        },
      ],
      [
        'an occupied slot',
        'SLOT_OCCUPIED',
        async (bid) => {
          await commit(order(alpha, { price: 1, holdRate: '0' }));
          return batch(alpha, [order(alpha, { slotKey: 'ask-0', holdRate: '0' }), bid]);
        },
      ],
      [
        'one slot twice',
        'SLOT_OCCUPIED',
        async (bid) => batch(alpha, [bid, order(alpha, { holdRate: '0' })]),
      ],
      [
        'missing funds',
        'INSUFFICIENT_FUNDS',
        async (bid) =>
          batch(alpha, [bid, order(alpha, { slotKey: 'bid-1', holdRate: '899.900000000000000001' })]),
      ],
    ];

    it.each(refusals)('%s is refused and leaves nothing', async (_why, reason, prepare) => {
      const bid = order(alpha);
      const refused = await prepare(bid);
      const verdicts = await store.commitIntents([refused], deadlineMs);
      expect(verdicts.get(alpha)).toMatchObject({ kind: 'refused', reason });
      for (const one of refused.orders) expect(await read(one)).toBeUndefined();
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '0' });
    });

    it('holds to the last unit', async () => {
      await commit(order(alpha), order(alpha, { slotKey: 'bid-1', holdRate: '899.9' }));
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '1000' });
    });

    it('refuses one session without touching the others', async () => {
      const bid = order(alpha, { holdRate: '1000.1' });
      const other = order(beta);
      const verdicts = await store.commitIntents([batch(beta, [other]), batch(alpha, [bid])], deadlineMs);
      expect(verdicts.get(alpha)).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
      expect(verdicts.get(beta)).toMatchObject({ kind: 'committed' });
      expect(await read(bid)).toBeUndefined();
      expect(await read(other)).toMatchObject({ strategyId: beta });
    });

    it('gives a slot again once its order has ended', async () => {
      const first = order(alpha);
      await commit(first);
      await end(first, 'canceled');
      await commit(order(alpha));
    });
  });

  describe('leases', () => {
    it('gives a lease to one owner at a time, each taking with a higher epoch', async () => {
      expect(await store.takeLease(alpha, 'engine-2', ttlMs)).toBeUndefined();
      expect(await store.takeLease(alpha, 'engine-1', ttlMs)).toMatchObject({ epoch: 2 });
      await store.releaseLease(alpha, 'engine-2');
      expect(await store.takeLease(alpha, 'engine-2', ttlMs)).toBeUndefined();
      await store.releaseLease(alpha, 'engine-1');
      expect(await store.takeLease(alpha, 'engine-2', ttlMs)).toMatchObject({
        epoch: 3,
        ownerId: 'engine-2',
      });
    });

    it('renews what is held and not halted', async () => {
      expect(await store.renewLeases('engine-1', ttlMs)).toEqual(new Set([alpha, beta]));
      await bench.halt(beta);
      expect(await store.renewLeases('engine-1', ttlMs)).toEqual(new Set([alpha]));
      expect(await store.renewLeases('engine-2', ttlMs)).toEqual(new Set());
    });

    it('gives an expired lease to another owner, but not a halted one', async () => {
      await store.renewLeases('engine-1', -5);
      await bench.halt(beta);
      expect(await store.takeLease(alpha, 'engine-2', ttlMs)).toMatchObject({ epoch: 2 });
      expect(await store.takeLease(beta, 'engine-2', ttlMs)).toBeUndefined();
    });
  });

  describe('books fills', () => {
    it('moves money, lowers what is held and advances the cursor', async () => {
      const bid = order(alpha);
      await commit(bid);
      const cursor = { accountId: account, instrument: 'BTC/USDT', lastTradeId: '77' };
      const results = await store.recordFills([fillOf(bid)], [cursor]);
      expect(results).toMatchObject([{ kind: 'booked', bookedFilled: '0.4' }]);
      expect(results[0]?.kind === 'booked' && results[0].balances).toEqual([
        { holder: `strategy:${alpha}`, asset: 'BTC', total: '1.4', reserved: '0' },
        { holder: `strategy:${alpha}`, asset: 'USDT', total: '960', reserved: '60.06' },
      ]);
      expect(await balance('market:binance', 'USDT')).toEqual({ total: '40', reserved: '0' });
      expect(await read(bid)).toMatchObject({ bookedFilled: '0.4', venueOrderId: `v-${bid.clientOrderId}` });
      expect((await store.load(account)).cursors).toEqual([cursor]);
    });

    it('books once, whatever is said again, and calls a different payload a conflict', async () => {
      const bid = order(alpha);
      await commit(bid);
      const fill = fillOf(bid);
      const results = await book(fill, fill, { ...fill, quantity: '0.5' });
      expect(results).toMatchObject([
        { kind: 'booked', bookedFilled: '0.4' },
        { kind: 'duplicate', bookedFilled: '0.4' },
        { kind: 'conflict' },
      ]);
      expect(await book({ ...fill, quantity: '0.400', price: '100.0' })).toMatchObject([
        { kind: 'duplicate' },
      ]);
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '960', reserved: '60.06' });
    });

    it('ends the order with the fill that completes it', async () => {
      const ask = order(alpha, { side: 'sell', slotKey: 'ask-0', quantity: 5_000 });
      await commit(ask);
      expect(await balance(`strategy:${alpha}`, 'BTC')).toEqual({ total: '1', reserved: '0.5' });
      await book(fillOf(ask, { quantity: '0.2' }), fillOf(ask, { quantity: '0.3' }));
      expect(await read(ask)).toMatchObject({
        bookedFilled: '0.5',
        ended: { why: 'filled', at: 1_764_000_000_123 },
      });
      expect(await balance(`strategy:${alpha}`, 'BTC')).toEqual({ total: '0.5', reserved: '0' });
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '1050', reserved: '0' });
    });

    it('books a late fill of an ended order and leaves what others hold', async () => {
      const bid = order(alpha);
      await commit(bid, order(alpha, { slotKey: 'bid-1' }));
      await end(bid, 'canceled');
      expect(await book(fillOf(bid))).toMatchObject([{ kind: 'booked', bookedFilled: '0.4' }]);
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '960', reserved: '100.1' });
      expect(await read(bid)).toMatchObject({ ended: { why: 'canceled' }, bookedFilled: '0.4' });
    });

    it('books beyond the quantity and into a negative balance: a fill is never refused', async () => {
      const bid = order(alpha);
      await commit(bid);
      await book(fillOf(bid, { quantity: '11' }));
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '-100', reserved: '0' });
      expect(await read(bid)).toMatchObject({ bookedFilled: '11', ended: { why: 'filled' } });
    });

    it('books a fill whose order has no row', async () => {
      const lost = order(alpha);
      expect(await book(fillOf(lost), fillOf(lost, { quantity: '0.1' }))).toMatchObject([
        { kind: 'booked' },
        { kind: 'booked', bookedFilled: '0.5' },
      ]);
      expect(await balance(`strategy:${alpha}`, 'BTC')).toEqual({ total: '1.5', reserved: '0' });
    });

    it('frees exactly what it held when rates do not divide', async () => {
      const bid = order(alpha, { holdRate: '33.333333333333333333', quantity: 3_333 });
      await commit(bid);
      await book(fillOf(bid, { quantity: '0.1111', price: '33.33' }));
      await end(bid, 'canceled');
      expect((await balance(`strategy:${alpha}`, 'USDT')).reserved).toBe('0');
    });
  });

  describe('posts fees', () => {
    it.each([
      ['base', 'BTC', '0.001', 'strategy', { BTC: '1.399', USDT: '960' }],
      ['quote', 'USDT', '0.04', 'strategy', { BTC: '1.4', USDT: '959.96' }],
      ['quote, as a rebate', 'USDT', '-0.04', 'strategy', { BTC: '1.4', USDT: '960.04' }],
      ['a third asset', 'BNB', '0.002', 'unallocated', { BTC: '1.4', USDT: '960' }],
    ] as const)('in %s', async (_name, feeAsset, fee, payer, expected) => {
      const bid = order(alpha);
      await commit(bid);
      const [result] = await book(fillOf(bid, { fee, feeAsset }));
      for (const [asset, total] of Object.entries(expected)) {
        expect((await balance(`strategy:${alpha}`, asset)).total).toBe(total);
      }
      expect((await balance('venue-fees:binance', feeAsset)).total).toBe(fee);
      if (payer === 'unallocated') {
        const paid = { holder: `unallocated:${account}`, asset: 'BNB', total: '-0.002', reserved: '0' };
        expect(result).toMatchObject({ balances: expect.arrayContaining([paid]) });
      }
    });

    it('later when they come later, once', async () => {
      const bid = order(alpha);
      await commit(bid);
      const fill = fillOf(bid, { fee: '0.001', feeAsset: 'BTC' });
      await book(withoutFee(fill));
      expect((await store.load(account)).pendingFees).toEqual([withoutFee(fill)].map((f) => ({ ...f })));
      expect(await store.recordFee(withoutFee(fill))).toMatchObject({ kind: 'conflict' });
      expect(await store.recordFee(fill)).toMatchObject({ kind: 'booked', bookedFilled: '0.4' });
      expect(await store.recordFee(fill)).toMatchObject({ kind: 'duplicate', bookedFilled: '0.4' });
      expect(await store.recordFee({ ...fill, fee: '0.002' })).toMatchObject({ kind: 'conflict' });
      expect(await store.recordFee({ ...fill, tradeId: 'never' })).toMatchObject({ kind: 'conflict' });
      expect((await balance(`strategy:${alpha}`, 'BTC')).total).toBe('1.399');
      expect((await store.load(account)).pendingFees).toEqual([]);
      const keys = (await bench.postings()).filter((line) => line.key === `fee:${fillKeyOf(fill)}`);
      expect(keys).toHaveLength(2);
    });
  });

  describe('ends orders', () => {
    it('frees what is not booked, once', async () => {
      const bid = order(alpha);
      await commit(bid);
      await book(fillOf(bid));
      expect(await end(bid, 'canceled', 'USER')).toContainEqual({
        ...{ holder: `strategy:${alpha}`, asset: 'USDT' },
        ...{ total: '960', reserved: '0' },
      });
      expect(await end(bid, 'expired')).toEqual([]);
      expect(await read(bid)).toMatchObject({
        ended: { why: 'canceled', code: 'USER', at: 1_764_000_000_456 },
      });
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '960', reserved: '0' });
    });

    it('ignores an id it never saw', async () => {
      expect(await end(order(alpha), 'denied')).toEqual([]);
    });
  });

  describe('transfers', () => {
    const lines = (quantity: string): readonly TransferLine[] => [
      { holder: `strategy:${alpha}`, asset: 'USDT', quantity: `-${quantity}` },
      { holder: `unallocated:${account}`, asset: 'USDT', quantity },
    ];

    it('happen once per key', async () => {
      expect(await move('k', lines('10'))).toMatchObject({ kind: 'done', duplicate: false });
      expect(await move('k', lines('10.0'))).toMatchObject({ kind: 'done', duplicate: true });
      expect(await move('k', lines('11'))).toMatchObject({ kind: 'conflict' });
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '990', reserved: '0' });
    });

    it('leave a guarded holder what its orders hold', async () => {
      await commit(order(alpha));
      const guarded = [`strategy:${alpha}`];
      expect(await move('k', lines('899.91'), guarded)).toMatchObject({ kind: 'insufficient' });
      expect(await balance(`strategy:${alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '100.1' });
      expect(await move('k', lines('899.9'), guarded)).toMatchObject({ kind: 'done', duplicate: false });
      expect(await move('more', lines('1'))).toMatchObject({ kind: 'done' });
    });

    it('must balance', async () => {
      await expect(async () => move('k', lines('1').slice(1))).rejects.toThrow('LEDGER_UNBALANCED');
      expect(await balance(`unallocated:${account}`, 'USDT')).toEqual({ total: '-', reserved: '-' });
    });

    it('add up to what the account should show', async () => {
      await move('k', lines('10'));
      await commit(order(alpha));
      await fund('elsewhere', 'USDT', '5');
      expect(await store.accountTotals(account)).toEqual(
        new Map([
          ['BTC', '2'],
          ['USDT', '2000'],
        ]),
      );
      expect(await store.accountTotals(randomUUID())).toEqual(new Map());
    });
  });

  describe('reads back', () => {
    it('the unended orders of one account', async () => {
      const [bid, ask] = [order(alpha), order(alpha, { side: 'sell', slotKey: 'ask-0' })];
      await commit(bid, ask);
      await end(ask, 'rejected', 'POST_ONLY');
      const loaded = await store.load(account);
      expect(loaded.orders.map((row) => row.clientOrderId)).toEqual([bid.clientOrderId]);
      expect((await store.load(randomUUID())).orders).toEqual([]);
    });

    it('an order by the id its venue gave it; the first id stays', async () => {
      const bid = order(alpha);
      await commit(bid);
      const { instrument } = bid;
      const by = { venue: 'binance', accountId: account, instrument, venueOrderId: '42' } as const;
      expect(await store.findOrder(by)).toBeUndefined();
      await store.recordAcks([{ clientOrderId: bid.clientOrderId, venueOrderId: '42' }]);
      await store.recordAcks([{ clientOrderId: bid.clientOrderId, venueOrderId: '43' }]);
      expect(await store.findOrder(by)).toMatchObject({
        clientOrderId: bid.clientOrderId,
        venueOrderId: '42',
      });
      expect(await store.findOrder({ ...by, accountId: randomUUID() })).toBeUndefined();
      expect(await store.findOrder({ ...by, instrument: 'ETH/USDT' })).toBeUndefined(); // Ids are counted per market.
    });
  });

  it('draws a nonce no boot ever had and keeps the installation', async () => {
    const draws = ['aaaaaa', 'bbbbbb', 'aaaaaa', 'cccccc'].map((text) => text.replaceAll('a', '0'));
    const next = (): string => draws.shift() ?? 'dddddd';
    const first = await store.registerEngine('host', next);
    const second = await store.registerEngine('host', next);
    expect(first).toEqual({ ownerId: 'host-000000', nonce: '000000', installation: 'bbb' });
    expect(second).toEqual({ ownerId: 'host-cccccc', nonce: 'cccccc', installation: 'bbb' });
  });
});

describe('the postgres store alone', () => {
  it('is one per database, survives the loss of its connections, and says what it does not know', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const second = new PostgresStore(testDatabaseUrl(), runtime);
    try {
      await store.registerEngine('one', () => '000000');
      await expect(second.registerEngine('two', () => '111111')).rejects.toThrow(
        'another engine runs on this database',
      );
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'mm %' and datname = current_database()`;
      await store.now();
      await source.query(cut);
      await expect(untilAnswered(store)).resolves.toBeGreaterThan(0);
      await expect(second.registerEngine('two', () => '111111')).rejects.toThrow(
        'another engine runs on this database',
      );
    } finally {
      await store.close();
      await second.close();
      await source.destroy();
      await runtime.close();
    }
  });

  it('makes a commit wait for a halt in flight, and then obey it', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const id = randomUUID();
    const halting = source.createQueryRunner();
    try {
      const insert = `insert into strategies (id, name, account_id, venue, symbol) values ($1, 's', $1, 'binance', 'BTC/USDT')`;
      await source.query(insert, [id]);
      await store.takeLease(id, 'engine-1', ttlMs);
      await halting.query('begin');
      await halting.query('update strategy_leases set halted = true where strategy_id = $1', [id]);
      const batch = { strategyId: id, ownerId: 'engine-1', epoch: 1, orders: [] };
      const verdicts = store.commitIntents([batch], deadlineMs);
      const first = await Promise.race([verdicts, runtime.sleep(150).then(() => 'waits' as const)]);
      expect(first).toBe('waits');
      await halting.query('commit');
      expect((await verdicts).get(id)).toMatchObject({ kind: 'refused', reason: 'HALTED' });
    } finally {
      await halting.release();
      await store.close();
      await source.destroy();
      await runtime.close();
    }
  });

  it('refuses to change a posting and to keep one that does not balance', async () => {
    const source = await testDatabase();
    try {
      const insert = `insert into postings (transaction_id, line, holder, asset, quantity, kind, key) values (gen_random_uuid(), 1, 'a', 'X', $1, 'credit', 'k')`;
      await expect(source.query(insert, ['1'])).rejects.toThrow('does not balance');
      await source.query(insert, ['0']);
      await expect(source.query('update postings set quantity = 1')).rejects.toThrow('append-only');
      await expect(source.query('delete from postings')).rejects.toThrow('append-only');
    } finally {
      await source.destroy();
    }
  });

  it('writes the log behind, at the latest when it closes', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const line = {
      clientOrderId: 'm1',
      kind: 'seen',
      status: 'OPEN',
      source: 'reply',
      detail: '',
      at: 1_764_000_000_000,
    };
    try {
      store.log([line, { ...line, status: 'FILLED' }]);
      await store.close();
      const rows = await source.query<{ status: string }[]>('select status from order_events order by id');
      expect(rows.map((row) => row.status)).toEqual(['OPEN', 'FILLED']);
    } finally {
      await source.destroy();
      await runtime.close();
    }
  });
});

/** The statement after a loss may meet the dead connection; it is StoreUnavailable, and the next one gets a new one. */
async function untilAnswered(store: Store): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await store.now();
    } catch (error) {
      if (attempt >= 3) throw error;
      expect(error).toMatchObject({ name: 'StoreUnavailable' });
    }
  }
}
