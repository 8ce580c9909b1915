import type { Fill } from '../../../domain/fill';
import type { InstrumentId } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import type { FillReport } from '../../../domain/venue-event';
import { feePageMs } from '../common/constants';
import type { Notify } from '../common/notices';
import { feeQuestionAfterMs } from './reconcile';

export interface FeeParts {
  readonly bookFee: (fill: Fill) => void;
  readonly notify: Notify;
}

interface Pending {
  readonly fill: Fill;
  readonly since: Mono;
  readonly addedAt: Mono;
  asked: number;
  isSaid: boolean;
}

/** The trades of one order are read to learn a fee. */
export interface FeeQuestion {
  readonly instrument: InstrumentId;
  readonly venueOrderId: string;
}

/** Fills in the books whose fee the venue has not said yet. A fee is posted when it is learned, never guessed. */
export class FeeFollowUp {
  private readonly pending = new Map<string, Pending>();

  constructor(private readonly parts: FeeParts) {}

  get isEmpty(): boolean {
    return this.pending.size === 0;
  }

  /** Instruments with a fill whose fee is missing. */
  get instruments(): ReadonlySet<InstrumentId> {
    return new Set([...this.pending.values()].map(({ fill }) => fill.instrument));
  }

  /** `since`: when the fill happened, on the monotonic clock. */
  add(fill: Fill, since: Mono, now: Mono): void {
    const key = keyOf(fill);
    if (!this.pending.has(key)) this.pending.set(key, { fill, since, addedAt: now, asked: 0, isSaid: false });
  }

  /** A trade from any source may bring the fee. */
  learn(report: FillReport): void {
    const { fee, feeAsset } = report;
    if (fee === undefined || feeAsset === undefined || this.pending.size === 0) return;
    const key = keyOf(report);
    const known = this.pending.get(key);
    if (!known) return;
    this.pending.delete(key);
    this.parts.bookFee({ ...known.fill, fee, feeAsset });
  }

  /** The orders whose trades are to be read now, each once however many of its fees are missing. */
  due(now: Mono): readonly FeeQuestion[] {
    const questions = new Map<string, FeeQuestion>();
    for (const each of this.pending.values()) {
      this.page(each, now);
      if (now < each.addedAt + feeQuestionAfterMs(each.asked)) continue;
      each.asked += 1;
      const { instrument, venueOrderId } = each.fill;
      questions.set(`${instrument}|${venueOrderId}`, { instrument, venueOrderId });
    }
    return [...questions.values()];
  }

  private page(each: Pending, now: Mono): void {
    if (each.isSaid || now - each.since < feePageMs) return;
    each.isSaid = true;
    const { tradeId, instrument, clientOrderId, strategyId, accountId } = each.fill;
    const detail = `the fee of trade ${tradeId} on ${instrument} (${clientOrderId}) is still not known`;
    this.parts.notify({ code: 'FEE_MISSING', severity: 'page', detail, strategyId, accountId });
  }
}

const keyOf = ({ instrument, tradeId, venueOrderId, side }: FillReport): string =>
  [instrument, tradeId, venueOrderId, side].join('|');
