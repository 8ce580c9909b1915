import BigNumber from 'bignumber.js';
import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import type { Fill } from '../../../src/domain/fill';
import type { IntentBatch, OrderEnd, OrderRow } from '../../../src/modules/execution/store/types';
import { makerFeeBps } from '../seed-plan';
import type { SeedPlan } from '../seed-plan';
import type { StoreCall } from '../store-adapter';
import type { Ear } from './ears';
import type { Findings } from './findings';

/** A row as the database keeps it, with what it says of its hold. */
interface HeldRow extends OrderRow {
  readonly holdAsset: string;
  readonly holdRate: string;
}

interface Tables {
  readonly orders: ReadonlyMap<string, HeldRow>;
  /** Unended orders by strategy and slot. */
  readonly open: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly ledger: {
    /** By holder and asset. */
    readonly rows: ReadonlyMap<
      string,
      ReadonlyMap<string, { readonly total: BigNumber; readonly reserved: BigNumber }>
    >;
  };
}

type Due = Pick<HeldRow, 'quantity' | 'bookedFilled' | 'holdRate'> & { readonly due: BigNumber };

const ratePlaces = 18;
const nothing = new BigNumber(0);

/** I2: what is reserved is what the unended orders hold, summed here from their rows, and never more than there is. */
export class FundsJudge implements Ear {
  private readonly tables: Tables;
  /** What the venue takes of a maker is part of what a buy holds. */
  private readonly feeShare: BigNumber;

  constructor(
    private readonly findings: Findings,
    store: MemoryStore,
    private readonly plan: SeedPlan,
  ) {
    this.tables = store as unknown as Tables;
    this.feeShare = new BigNumber(makerFeeBps[plan.venue]).div(10_000).plus(1);
  }

  /** Asked when a transaction may have moved what is held. */
  applied(name: StoreCall, args: readonly unknown[]): void {
    if (name === 'adopt') this.noteAdopted();
    const strategies = this.touchedBy(name, args[0]);
    for (const id of new Set(strategies)) this.judge(id, name);
  }

  /** Asked of every strategy at the stop. */
  judgeAll(): void {
    for (const { id } of this.plan.strategies) this.judge(id, 'the stop');
  }

  private touchedBy(name: StoreCall, subject: unknown): readonly string[] {
    if (name === 'commitIntents') return (subject as readonly IntentBatch[]).map((one) => one.strategyId);
    if (name === 'recordFills') return (subject as readonly Fill[]).map((one) => one.strategyId);
    if (name === 'endOrders')
      return (subject as readonly OrderEnd[]).flatMap(
        (one) => this.tables.orders.get(one.clientOrderId)?.strategyId ?? [],
      );
    return name === 'adopt' ? this.plan.strategies.map(({ id }) => id) : [];
  }

  private judge(strategyId: string, after: string): void {
    const { base, quote } = this.plan.strategies.find(({ id }) => id === strategyId)!.market;
    const held = this.heldBy(strategyId);
    const rows = this.tables.ledger.rows.get(`strategy:${strategyId}`);
    for (const asset of [base, quote]) {
      const row = rows?.get(asset);
      const [total, reserved] = [row?.total ?? nothing, row?.reserved ?? nothing];
      const due = held.get(asset) ?? nothing;
      const who = (): string => `strategy ${strategyId.slice(-2)} ${asset} after ${after}`;
      const isSum = reserved.eq(due);
      this.findings.check(
        'I2',
        isSum,
        () => `${who()}: reserved ${reserved.toFixed()}, orders hold ${due.toFixed()}`,
      );
      const isCovered = reserved.lte(total) || this.isSetBack(strategyId);
      this.findings.check(
        'I2',
        isCovered,
        () => `${who()}: reserved ${reserved.toFixed()} of ${total.toFixed()}`,
      );
    }
  }

  private noteAdopted(): void {
    for (const [strategyId, slots] of this.tables.open)
      for (const [slot, clientOrderId] of slots)
        if (slot.startsWith('adopted-'))
          this.adoptedAt.set(strategyId, this.tables.orders.get(clientOrderId)!.committedAt);
  }

  /**
   * An order that lost its row holds its funds again, whatever a copy of the books says is there, and so do orders of
   * that copy which ended after it was made. It lasts until none of either kind is open.
   */
  private isSetBack(strategyId: string): boolean {
    const adoptedAt = this.adoptedAt.get(strategyId) ?? -Infinity;
    return this.openOf(strategyId).some((id) => this.tables.orders.get(id)!.committedAt <= adoptedAt);
  }

  private heldBy(strategyId: string): ReadonlyMap<string, BigNumber> {
    const held = new Map<string, BigNumber>();
    for (const clientOrderId of this.openOf(strategyId)) {
      const row = this.tables.orders.get(clientOrderId)!;
      this.judgeRate(row);
      const sum = held.get(row.holdAsset);
      held.set(row.holdAsset, sum ? sum.plus(this.dueOf(row)) : this.dueOf(row));
    }
    return held;
  }

  private openOf(strategyId: string): readonly string[] {
    return [...(this.tables.open.get(strategyId)?.values() ?? [])];
  }

  /** Counted again when a figure of the row is another one than at the last look. */
  private dueOf({ clientOrderId, quantity, bookedFilled, holdRate }: HeldRow): BigNumber {
    const last = this.dues.get(clientOrderId);
    if (last?.quantity === quantity && last.bookedFilled === bookedFilled && last.holdRate === holdRate)
      return last.due;
    const left = BigNumber.max(0, new BigNumber(quantity).minus(bookedFilled));
    const due = left.times(holdRate).decimalPlaces(ratePlaces);
    this.dues.set(clientOrderId, { quantity, bookedFilled, holdRate, due });
    return due;
  }

  /** A sale holds its base, a buy its price and the fee on it. */
  private judgeRate({ clientOrderId, side, price, holdRate }: HeldRow): void {
    if (this.rated.has(clientOrderId)) return;
    this.rated.add(clientOrderId);
    const due = side === 'sell' ? '1' : this.feeShare.times(price).toFixed();
    const isRight = new BigNumber(holdRate).eq(due);
    this.findings.check(
      'I2',
      isRight,
      () => `${clientOrderId} holds ${holdRate} a unit, not ${due}`,
      clientOrderId,
    );
  }

  private readonly rated = new Set<string>();
  private readonly dues = new Map<string, Due>();
  /** When the latest order of a strategy without a row was given one. */
  private readonly adoptedAt = new Map<string, number>();
}
