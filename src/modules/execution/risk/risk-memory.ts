import type { Fill } from '../../../domain/fill';
import type { AccountId, InstrumentId } from '../../../domain/instrument';
import type { Mono, Ms, QuoteSide } from '../../../domain/units';
import type { RejectBackoff } from '../common/reject-backoff';
import type { DayPnl, DayRecord, Mark } from './day-pnl';
import { withFill, withMark, withRecord } from './day-pnl';
import type { FillFlow } from './fill-flow';
import { fillsLastMinute, streakOf, withFlow } from './fill-flow';

const secondMs = 1_000;
/** How long a budget that a refusal lowered lasts: the venue counts orders of others too, and they go. */
const orderBudgetMs = 30_000;

/** What of the past decides about a new order. */
export interface Recent {
  /** Creates admitted for the account within the last second; cancels beside them are counted, never refused. */
  readonly creates: number;
  readonly cancels: number;
  /** Fills of the strategy within the last minute. */
  readonly fills: number;
  readonly streak: { readonly side: QuoteSide; readonly orders: number } | undefined;
  /** Result of the UTC day in quote units; undefined before its first mark. */
  readonly day: { readonly pnl: number; readonly peak: number; readonly equity: number } | undefined;
  /** Open orders the venue was seen to allow on the account and instrument; undefined leaves its published limit. */
  readonly orderBudget?: number | undefined;
}

export const nothingRecent: Recent = { creates: 0, cancels: 0, fills: 0, streak: undefined, day: undefined };

interface Place {
  readonly accountId: AccountId;
  readonly instrument: InstrumentId;
}

interface Sent {
  readonly at: Mono;
  readonly creates: number;
  readonly cancels: number;
}

const nothingSent: readonly Sent[] = [];

/** The moment of an event on both clocks: UTC for days, monotonic for intervals. */
export interface Moment {
  readonly now: Ms;
  readonly mono: Mono;
}

/**
 * What the gate remembers from tick to tick. Time comes in with each call. Nothing here is durable: who runs a strategy
 * from now on tells first what is on record of its day.
 */
export class RiskMemory {
  private readonly sent = new Map<AccountId, readonly Sent[]>();
  private readonly flows = new Map<string, FillFlow>();
  private readonly days = new Map<string, DayPnl>();
  private readonly budgets = new Map<string, { readonly orders: number; readonly until: Mono }>();
  private readonly backoffs = new Map<string, Map<QuoteSide, RejectBackoff>>();

  ordered(accountId: AccountId, counts: Omit<Sent, 'at'>, at: Mono): void {
    if (counts.creates + counts.cancels === 0) return;
    const kept = (this.sent.get(accountId) ?? nothingSent).filter((sent) => at - sent.at < secondMs);
    this.sent.set(accountId, [...kept, { at, ...counts }]);
  }

  /** How long each side waits after its refusals. A session that is opened again waits on: the venue's word stands. */
  backoffsOf(strategyId: string): Map<QuoteSide, RejectBackoff> {
    const known = this.backoffs.get(strategyId) ?? new Map<QuoteSide, RejectBackoff>();
    this.backoffs.set(strategyId, known);
    return known;
  }

  /** The venue refused one more order for their number beside so many of ours. One is always tried. */
  countRefused({ accountId, instrument }: Place, beside: number, at: Mono): void {
    const orders = Math.max(1, beside);
    this.budgets.set(`${accountId}|${instrument}`, { orders, until: at + orderBudgetMs });
  }

  filled(fill: Fill, { now, mono }: Moment): void {
    const { strategyId } = fill;
    this.flows.set(strategyId, withFlow(this.flows.get(strategyId), fill, mono));
    this.days.set(strategyId, withFill(this.days.get(strategyId), fill, now));
  }

  recorded(strategyId: string, record: DayRecord, now: Ms): void {
    this.days.set(strategyId, withRecord(this.days.get(strategyId), record, now));
  }

  mark(strategyId: string, mark: Mark, now: Ms): void {
    this.days.set(strategyId, withMark(this.days.get(strategyId), mark, now));
  }

  /** A loss limit has halted the strategy: what a person resumes is measured anew. */
  restart(strategyId: string): void {
    this.days.delete(strategyId);
  }

  recent(strategyId: string, { accountId, instrument }: Place, mono: Mono): Recent {
    const budget = this.budgets.size === 0 ? undefined : this.budgets.get(`${accountId}|${instrument}`);
    let [creates, cancels] = [0, 0];
    for (const sent of this.sent.get(accountId) ?? nothingSent) {
      if (mono - sent.at >= secondMs) continue;
      creates += sent.creates;
      cancels += sent.cancels;
    }
    const flow = this.flows.get(strategyId);
    const day = this.days.get(strategyId);
    return {
      orderBudget: budget && mono < budget.until ? budget.orders : undefined,
      creates,
      cancels,
      fills: fillsLastMinute(flow, mono),
      streak: streakOf(flow, mono),
      day: day?.equity === undefined ? undefined : { pnl: day.pnl, peak: day.peak, equity: day.equity },
    };
  }
}
