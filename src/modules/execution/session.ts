import type { ApprovedOrder } from '../../domain/approved-order';
import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Decision, StrategyView, TargetQuote, Touch } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import type { Sent } from '../../domain/sent';
import { quoteSideOf } from '../../domain/units';
import type { Mono, Ms } from '../../domain/units';
import type { Tick, TimeIterator } from './clock/types';
import type { Step } from './executors/order-executor.service';
import type { Plan } from './executors/plan-orders';
import type { RejectBackoff } from './common/reject-backoff';
import { afterAcceptance, afterRejection } from './common/reject-backoff';
import type { AccountConfig, DecisionView, SessionState } from './types';

/** What runs, as values. `decide` and `plan` close over the validated configuration. */
export interface RunningStrategy {
  readonly id: string;
  readonly number: number;
  readonly account: AccountConfig;
  readonly rules: Instrument;
  /** Every scope whose halts cover it. */
  readonly scopes: readonly string[];
  readonly decide: (view: StrategyView) => Decision;
  readonly plan: (decision: Decision, view: StrategyView, frozen: ReadonlySet<'bid' | 'ask'>) => Plan;
}

export interface Admission {
  readonly approved: readonly ApprovedOrder[];
  readonly refused: readonly Reason[];
}

/** What a session needs of the engine, as functions: values in, values out. */
export interface SessionDoors {
  readonly view: (session: Session, tick: Tick) => StrategyView;
  readonly admit: (session: Session, places: readonly TargetQuote[], view: StrategyView) => Admission;
  readonly step: (
    session: Session,
    cancels: readonly ClientOrder[],
    approved: readonly ApprovedOrder[],
  ) => Step;
  readonly isCommitting: () => boolean;
  readonly hand: (step: Step) => void;
  readonly notify: (session: Session, code: string, detail: string) => void;
}

const decisionsKept = 3_600;
const nothing: readonly Reason[] = [];
const noSides: ReadonlySet<'bid' | 'ask'> = new Set();

/** One running strategy. `onTick` is the body of a tick: view, decide, plan, admit; the executor does the rest. */
export class Session implements TimeIterator {
  readonly name: string;
  /** Under what its money stands in the books. */
  readonly holder: string;
  mode: 'running' | 'closing' | 'halted' | 'quarantined' = 'running';
  haltCode: string | undefined;
  private readonly ring: KeptDecision[] = [];
  private standing: readonly StandingReason[] = [];
  /** Quotes that would have taken from the book; the next tick says so, once. */
  private wouldTake: readonly Reason[] = [];
  private latest: { readonly reasons: readonly Reason[]; readonly lean: number } = {
    reasons: nothing,
    lean: 0,
  };

  constructor(
    readonly strategy: RunningStrategy,
    private readonly doors: SessionDoors,
    /** The waits of its sides: kept by the engine, for they outlive a session. */
    private readonly backoffs: Map<'bid' | 'ask', RejectBackoff>,
  ) {
    this.name = `session:${strategy.id}`;
    this.holder = `strategy:${strategy.id}`;
  }

  onTick(tick: Tick): void {
    const view = this.doors.view(this, tick); // Settled: what arrives later is for the next tick.
    const decision = this.strategy.decide(view);
    const plan = this.strategy.plan(decision, view, this.frozenSides(tick.mono));
    // What blocks one side alone keeps its targets from being made.
    const isHeld = view.gate.reasons.some(({ effect, side }) => effect !== 'info' && side === 'both');
    const mayPlace = !this.doors.isCommitting() && !isHeld;
    const free = plan.places.filter((place) => !isEnding(view.orders, place.slot));
    const { approved, refused } = this.doors.admit(this, mayPlace ? free : [], view);
    const cancels = plan.cancels.map((cancel) => cancel.order);
    if (cancels.length + approved.length > 0) this.doors.hand(this.doors.step(this, cancels, approved));
    const late = this.refusalReasons(tick.mono);
    const isQuiet = plan.reasons.length + refused.length + late.length === 0;
    const reasons = isQuiet ? decision.reasons : [...decision.reasons, ...plan.reasons, ...refused, ...late];
    this.explain(tick, view, { decision, plan, reasons, placed: approved });
  }

  onQuarantine(error: unknown): void {
    this.mode = 'quarantined';
    this.doors.notify(this, 'QUARANTINED', error instanceof Error ? error.message : String(error));
  }

  /** A promise was broken: no more creates, quotes are pulled, a person decides. */
  halt(code: string, detail: string): void {
    if (this.mode !== 'closing') this.mode = 'halted';
    this.haltCode = code;
    this.doors.notify(this, code, detail);
  }

  get state(): SessionState {
    if (this.mode === 'closing') return 'closing';
    return this.mode === 'running' ? 'running' : 'quarantined';
  }

  get lean(): number {
    return this.latest.lean;
  }

  /** Without since when each stands. */
  get latestReasons(): readonly Reason[] {
    return this.latest.reasons;
  }

  reasons(): readonly (Reason & { readonly since: Ms })[] {
    return this.standing.map(({ reason, since }) => ({ since, ...reason }));
  }

  decisions(limit: number): readonly DecisionView[] {
    return this.ring.slice(-limit).reverse().map(decisionViewOf);
  }

  /** A definitive refusal: terminal for the order, and its side waits before the next try. Post-only just re-decides. */
  rejected(order: ApprovedOrder, sent: Extract<Sent, { kind: 'rejected' }>, now: Mono): void {
    const side = quoteSideOf(order.side);
    if (sent.code === 'POST_ONLY') {
      const about = { side, slot: order.slotKey, params: {} };
      this.wouldTake = [...this.wouldTake, { code: 'POST_ONLY_REJECTED', effect: 'hold', ...about }];
      return;
    }
    this.backoffs.set(side, afterRejection(this.backoffs.get(side), sent, now));
    this.doors.notify(this, 'ORDER_REJECTED', `${order.side} ${sent.code} ${sent.venueCode} ${sent.text}`);
  }

  /** The venue took an order: its side is not at fault any more. */
  accepted(order: ApprovedOrder, sentAt: Mono): void {
    const side = quoteSideOf(order.side);
    if (!afterAcceptance(this.backoffs.get(side), sentAt)) this.backoffs.delete(side);
  }

  private frozenSides(now: Mono): ReadonlySet<'bid' | 'ask'> {
    if (this.backoffs.size === 0) return noSides;
    const frozen = [...this.backoffs].filter(([, backoff]) => backoff.until > now);
    return new Set(frozen.map(([side]) => side));
  }

  private refusalReasons(now: Mono): readonly Reason[] {
    if (this.backoffs.size + this.wouldTake.length === 0) return this.wouldTake;
    const waiting = [...this.backoffs].filter(([, { until }]) => until > now);
    const held = waiting.map(([side, { until, rejects }]): Reason => {
      const params = { waitMs: Math.round(until - now), rejects };
      return { code: 'REJECT_BACKOFF', effect: 'hold', side, params };
    });
    const reasons = [...held, ...this.wouldTake];
    this.wouldTake = [];
    return reasons;
  }

  private explain(
    tick: Tick,
    view: StrategyView,
    made: {
      readonly decision: Decision;
      readonly plan: Plan;
      readonly reasons: readonly Reason[];
      readonly placed: readonly ApprovedOrder[];
    },
  ): void {
    const before = this.standing;
    this.standing = made.reasons.map((reason) => ({ reason, since: sinceOf(before, reason) ?? tick.now }));
    this.latest = { reasons: made.reasons, lean: made.decision.trace.lean };
    this.ring.push({
      at: tick.now,
      tick: tick.id,
      touch: view.book.publicTouch,
      rules: view.instrument,
      decision: made.decision,
      plan: {
        keep: made.plan.keep.length,
        place: made.placed.map((order) => order.slotKey),
        cancel: made.plan.cancels.map((cancel) => cancel.order.slotKey),
      },
      reasons: made.reasons,
    });
    if (this.ring.length > decisionsKept) this.ring.shift();
  }
}

/** The order of the slot is over, but its end is not committed yet: until then the slot is not free. */
const isEnding = (orders: readonly ClientOrder[], slot: string): boolean =>
  orders.some((order) => order.slotKey === slot);

/** A reason of the last tick, and since when it stands. */
interface StandingReason {
  readonly reason: Reason;
  readonly since: Ms;
}

function sinceOf(standing: readonly StandingReason[], { code, side, slot }: Reason): Ms | undefined {
  for (const { reason, since } of standing)
    if (reason.code === code && reason.side === side && reason.slot === slot) return since;
  return undefined;
}

/** A decision as it is kept: one an hour may be read, so its prices become decimals when it is. */
interface KeptDecision extends Omit<DecisionView, 'bestBid' | 'bestAsk'> {
  readonly touch: Touch | undefined;
  readonly rules: Instrument;
}

const decisionViewOf = ({ touch, rules, at, tick, ...made }: KeptDecision): DecisionView => ({
  at,
  tick,
  bestBid: touch && rules.price(touch.bid),
  bestAsk: touch && rules.price(touch.ask),
  ...made,
});
