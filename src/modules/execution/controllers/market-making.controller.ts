import type { Instrument } from '../../../domain/instrument';
import type { Decision, StrategyView, TargetQuote, Trace } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import type { QuoteSide, Writable } from '../../../domain/units';
import { bookProblem, instrumentProblem, netTouch } from './book-gate';
import { fitSide } from './fit-side';
import type { SideInput } from './fit-side';
import { commitmentsOf, leanOf } from './inventory';
import type { MarketMakingConfig } from './market-making.config';
import { quoteLadder, quoteSides, shiftBps, targetOf } from './quote-ladder';
import type { LadderPlan, LadderView } from './quote-ladder';
import { clamp, floorLot } from './rounding';

/** Half-spread cap when the configuration sets none, in bps; never below the configured spreads. */
const defaultMaxHalfSpreadBps = 500;

/** The quotes a market maker wants resting now, and why some are missing. Pure and total. */
export function decide(view: StrategyView, config: MarketMakingConfig): Decision {
  const book = bookProblem(view.book, config);
  const status = instrumentProblem(view.instrument.rules.status);
  const gate = distinct(joined(view.gate.reasons, status, book));
  const net = netTouch(view.book);
  if (book || !net) return { targets: [], reasons: gate, trace: emptyTrace };

  const reference = (net.bid + net.ask) / 2;
  const plan = ladderPlan(config, view.instrument, reference);
  const lean = leanOf(config, view.instrument, view.inventory, reference);
  const ladder: LadderView = { reference, lean, touch: view.book.publicTouch ?? net };
  const input: SideInput = { view, config, plan, ladder, committed: commitmentsOf(view.orders) };
  const targets: TargetQuote[] = [];
  const reasons = [...gate];
  addFloorReasons(reasons, config, plan);
  for (const side of quoteSides) {
    if (isBlocked(gate, side)) continue;
    const fitted = fitSide(input, side);
    for (const target of fitted.targets) targets.push(target);
    for (const reason of fitted.reasons) reasons.push(reason);
  }
  return { targets, reasons: distinct(reasons), trace: traceOf(plan, ladder) };
}

/** No quote rests closer to the reference than this, in bps: half the minimum width, or cost plus the wanted edge. */
export function minimumOffsetBps(config: MarketMakingConfig, instrument: Instrument): number {
  const cost = config.costMode === 'floor' ? instrument.rules.makerFeeBps + config.minEdgeBps : 0;
  return Math.max(0, config.minimumSpreadBps / 2, cost);
}

interface Known {
  readonly instrument: Instrument;
  readonly plan: LadderPlan;
}
const knownPlans = new WeakMap<MarketMakingConfig, Known>();

/** Made once for a configuration and the rules of its instrument, but for a quantity that is worth an amount of quote. */
function ladderPlan(config: MarketMakingConfig, instrument: Instrument, reference: number): LadderPlan {
  let known = knownPlans.get(config);
  if (known?.instrument !== instrument) {
    known = { instrument, plan: planOf(config, instrument) };
    knownPlans.set(config, known);
  }
  if (config.orderQuantityBase !== null) return known.plan;
  const copy: Writable<LadderPlan> = { ...known.plan };
  copy.quantityLots = instrument.lotsWorth(config.orderNotionalQuote ?? '0', reference);
  return copy;
}

function planOf(config: MarketMakingConfig, instrument: Instrument): LadderPlan {
  const floor = minimumOffsetBps(config, instrument);
  const widest = Math.max(defaultMaxHalfSpreadBps, config.bidSpreadBps, config.askSpreadBps);
  const cap = Math.max(floor, config.maxHalfSpreadBps ?? widest);
  return {
    halfSpreadBps: {
      bid: clamp(config.bidSpreadBps, floor, cap),
      ask: clamp(config.askSpreadBps, floor, cap),
    },
    minimumOffsetBps: floor,
    priceSkew: config.inventory.priceSkew,
    sizeSkew: config.inventory.sizeSkew,
    maxShiftRatio: config.inventory.maxShiftRatio,
    levels: config.levels,
    levelSpacingBps: config.levelSpacingBps,
    quantityLots: instrument.toFractionalLots(config.orderQuantityBase ?? '0'),
    marginTicks: config.postOnly.marginTicks,
  };
}

function addFloorReasons(reasons: Reason[], config: MarketMakingConfig, plan: LadderPlan): void {
  for (const side of quoteSides) {
    const configuredBps = side === 'bid' ? config.bidSpreadBps : config.askSpreadBps;
    const floorBps = plan.minimumOffsetBps;
    if (configuredBps >= floorBps) continue;
    reasons.push({ code: 'BELOW_MIN_SPREAD', effect: 'restrict', side, params: { configuredBps, floorBps } });
  }
}

const isBlocked = (reasons: readonly Reason[], side: QuoteSide): boolean =>
  reasons.some((reason) => reason.effect === 'block' && (reason.side === 'both' || reason.side === side));

function joined(reasons: readonly Reason[], ...more: readonly (Reason | undefined)[]): readonly Reason[] {
  const found = more.filter((reason) => reason !== undefined);
  return found.length > 0 ? [...reasons, ...found] : reasons;
}

/** At most one reason per code, side and slot: the first. */
function distinct(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length < 2) return reasons;
  const seen: Reason[] = [];
  for (const reason of reasons) if (!seen.some((one) => isAboutSame(one, reason))) seen.push(reason);
  return seen;
}

const isAboutSame = (a: Reason, b: Reason): boolean =>
  a.code === b.code && a.side === b.side && a.slot === b.slot;

const emptyTrace: Trace = {
  referenceTicks: undefined,
  lean: 0,
  halfSpreadBps: { bid: 0, ask: 0 },
  shiftBps: 0,
  unskewed: [],
};

function traceOf(plan: LadderPlan, ladder: LadderView): Trace {
  const even: LadderView = { reference: ladder.reference, lean: 0, touch: ladder.touch };
  const unskewed: TargetQuote[] = [];
  for (const side of quoteSides) {
    for (const quote of quoteLadder(plan, even, side)) {
      unskewed.push(targetOf(quote, floorLot(quote.quantityLots), 0));
    }
  }
  return {
    referenceTicks: ladder.reference,
    lean: ladder.lean,
    halfSpreadBps: plan.halfSpreadBps,
    shiftBps: shiftBps(plan, ladder.lean),
    unskewed,
  };
}
