import BigNumber from 'bignumber.js';
import { randomUUID } from 'node:crypto';
import type { ApprovedOrder } from '../../src/domain/approved-order';
import type { Fill } from '../../src/domain/fill';
import { Instrument } from '../../src/domain/instrument';
import type { EndWhy } from '../../src/domain/order';
import type {
  Balance,
  FillResult,
  IntentBatch,
  OrderRow,
  Store,
  TransferLine,
  TransferResult,
} from '../../src/modules/execution/store/types';
import type { StoreBench } from './store-bench';
import { memoryBench, postgresBench } from './store-bench';

export const ttlMs = 15_000;
export const deadlineMs = 14_500;
const rules = new Instrument({
  ...{ venue: 'binance', id: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' },
  ...{ tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '9000', minNotional: '5' },
  ...{ makerFeeBps: 10, takerFeeBps: 10, maxOpenOrders: 200, status: 'trading' },
});

/** Two funded strategies of one account whose leases `engine-1` holds, on one store. */
export class StoreSuite {
  bench!: StoreBench;
  account = '';
  alpha = '';
  beta = '';
  private made = 0;

  get store(): Store {
    return this.bench.store;
  }

  async fresh(): Promise<void> {
    await this.bench.fresh();
    this.account = randomUUID();
    // In strategy order, so that a refused alpha comes before a committed beta.
    [this.alpha, this.beta] = [randomUUID(), randomUUID()].sort() as [string, string];
    for (const [index, id] of [this.alpha, this.beta].entries()) {
      await this.bench.addStrategy(id, {
        accountId: this.account,
        number: index + 1,
        owner: `user-${index}`,
      });
      await this.store.takeLease(id, 'engine-1', ttlMs);
      await this.fund(id, 'USDT', '1000');
      await this.fund(id, 'BTC', '1');
    }
  }

  async unbalanced(): Promise<readonly unknown[]> {
    const sums = new Map<string, BigNumber>();
    for (const { key, asset, quantity } of await this.bench.postings()) {
      const name = `${key} ${asset}`;
      sums.set(name, (sums.get(name) ?? new BigNumber(0)).plus(quantity));
    }
    return [...sums].filter(([, sum]) => !sum.isZero());
  }

  fund(id: string, asset: string, quantity: string): Promise<TransferResult> {
    return this.move(`fund:${id}:${asset}`, [
      { holder: `strategy:${id}`, asset, quantity },
      { holder: `external:${this.account}`, asset, quantity: new BigNumber(quantity).negated().toFixed() },
    ]);
  }

  move(
    key: string,
    lines: readonly TransferLine[],
    guarded: readonly string[] = [],
  ): Promise<TransferResult> {
    return this.store.transfer({ key, kind: 'allocation', lines, guarded });
  }

  async balance(holder: string, asset: string): Promise<Pick<Balance, 'total' | 'reserved'>> {
    const rows = await this.store.balances([holder]);
    const { total, reserved } = rows.find((row) => row.asset === asset) ?? { total: '-', reserved: '-' };
    return { total, reserved };
  }

  /** Price in ticks of 0.01, quantity in lots of 0.0001. */
  order(strategyId: string, part: Partial<ApprovedOrder> = {}): ApprovedOrder {
    this.made += 1;
    return {
      clientOrderId: `m000${String(this.made).padStart(18, '0')}`,
      ...{ strategyId, accountId: this.account, venue: 'binance', instrument: 'BTC/USDT', slotKey: 'bid-0' },
      ...{ side: 'buy', price: 10_000, quantity: 10_000, type: 'limit', timeInForce: 'postOnly' },
      ...{ epoch: 1, rules },
      holdAsset: part.side === 'sell' ? 'BTC' : 'USDT',
      holdRate: part.side === 'sell' ? '1' : '100.1',
      ...part,
    } as ApprovedOrder;
  }

  batch(strategyId: string, orders: readonly ApprovedOrder[], part: Partial<IntentBatch> = {}): IntentBatch {
    return { strategyId, ownerId: 'engine-1', epoch: 1, orders, ...part };
  }

  async commit(...orders: ApprovedOrder[]): Promise<void> {
    const strategyId = orders[0]!.strategyId;
    const verdicts = await this.store.commitIntents([this.batch(strategyId, orders)], deadlineMs);
    expect(verdicts.get(strategyId)).toMatchObject({ kind: 'committed' });
  }

  fillOf(of: ApprovedOrder, part: Partial<Fill> = {}): Fill {
    this.made += 1;
    return {
      ...{ venue: 'binance', accountId: this.account, strategyId: of.strategyId, side: of.side },
      ...{ clientOrderId: of.clientOrderId, instrument: 'BTC/USDT', tradeId: `t${this.made}` },
      ...{ venueOrderId: `v-${of.clientOrderId}`, price: '100', quantity: '0.4', fee: '0' },
      feeAsset: of.side === 'buy' ? 'BTC' : 'USDT',
      ...{ liquidity: 'maker', venueTime: 1_764_000_000_123, source: 'ws-trade', base: 'BTC', quote: 'USDT' },
      ...part,
    };
  }

  book(...fills: Fill[]): Promise<readonly FillResult[]> {
    return this.store.recordFills(fills, []);
  }

  end(of: ApprovedOrder, why: EndWhy, code?: string): Promise<readonly Balance[]> {
    const ended = { why, at: 1_764_000_000_456, ...(code ? { code } : {}) };
    return this.store.endOrders([{ clientOrderId: of.clientOrderId, ended }]);
  }

  read(of: ApprovedOrder): Promise<OrderRow | undefined> {
    return this.store.findOrder({ clientOrderId: of.clientOrderId });
  }
}

export function withoutFee(fill: Fill): Fill {
  const { fee: _fee, feeAsset: _asset, ...rest } = fill;
  return rest;
}

/** The same tests against both stores; after each one the books must balance. */
export function describeStores(define: (s: StoreSuite) => void): void {
  describe.each([
    ['memory', memoryBench],
    ['postgres', postgresBench],
  ] as const)('the %s store', (_name, makeBench) => {
    const suite = new StoreSuite();
    beforeAll(async () => {
      suite.bench = await makeBench();
    });
    afterAll(() => suite.bench.close());
    beforeEach(() => suite.fresh());
    afterEach(async () => expect(await suite.unbalanced()).toEqual([]));
    define(suite);
  });
}
