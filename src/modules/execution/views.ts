import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Inventory, StrategyView } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import type { Tick } from './clock/types';
import { loopLagMs } from './common/constants';
import type { MarketMakingConfig } from './controllers/market-making.config';
import type { Engine, OpenAccount } from './engine';
import { gateReasons } from './gates';
import { countInventory } from './held-inventory';
import type { Counted } from './held-inventory';
import { lowered } from './risk/limits';
import type { OperatorLimits, RiskLimits } from './risk/limits';
import { nothingRecent } from './risk/risk-memory';
import type { Recent } from './risk/risk-memory';
import type { RiskView } from './risk/risk-view';
import { secondReference } from './second-reference';
import type { Session } from './session';
import { bookOf, restingOn, rulesReasons } from './traded-instruments';

/** What a strategy sees at this tick: settled, and complete for `decide`. */
export function viewOf(engine: Engine, account: OpenAccount, session: Session, tick: Tick): StrategyView {
  const { id, rules } = session.strategy;
  const own = engine.orders.unended(id);
  const ofRules = rulesReasons(engine, account, rules);
  const ofGate = gateReasonsOf(engine, account, session, tick);
  // An order in doubt may stand in the book: taken for the market it would be quoted against.
  return {
    nowMs: tick.now,
    monoMs: tick.mono,
    instrument: rules,
    book: bookOf(engine, account, rules, restingOn(engine, rules)),
    inventory: inventoryOf(engine, session, own),
    orders: own,
    gate: { reasons: ofRules.length === 0 ? ofGate : [...ofRules, ...ofGate] },
  };
}

function gateReasonsOf(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  tick: Tick,
): readonly Reason[] {
  const { id, rules, scopes } = session.strategy;
  const { leases } = engine;
  return gateReasons({
    mono: tick.mono,
    mode: session.mode,
    haltCode: session.haltCode,
    halt: engine.halts.over(scopes),
    lean: session.lean,
    lease: leases.holds(id) ? 'held' : leases.mayHold(id) ? 'stale' : 'lost',
    drainLeftMs: leases.drainLeftMs(id),
    isReconciled: account.reconciler.isReady,
    isStreamSilent: account.reconciler.isStreamSilent,
    disagreement: account.books.problem,
    uncompared: account.books.overdueOf(rules),
    connector: account.connector.health(),
    canCreate: engine.breaker.canCreate(account.config.id),
    rules,
    loopLagMs: engine.clock.lastLagMs,
    databaseDownSince: engine.database.downSince,
  });
}

const lastInventories = new WeakMap<Session, Counted>();

/** The strategy's own holdings and what its unended orders leave free. Counted when they change. */
function inventoryOf(engine: Engine, session: Session, own: readonly ClientOrder[]): Inventory {
  const { holder, strategy } = session;
  const { rules } = strategy;
  const base = engine.holdings.total(holder, rules.base);
  const quote = engine.holdings.total(holder, rules.quote);
  const counted = countInventory({ rules, base, quote, own }, lastInventories.get(session));
  lastInventories.set(session, counted);
  return counted.inventory;
}

/** Who asks the gate, and every scope whose caps cover it. */
export interface Seat {
  readonly strategyId: string;
  readonly account: OpenAccount;
  readonly scopes: readonly string[];
}

/** What the gate looks at: the operator's orders of the moment, not of the tick. Without a seat nothing has been. */
export function riskViewOf(
  engine: Engine,
  config: MarketMakingConfig,
  view: StrategyView,
  seat?: Seat,
): RiskView {
  const { instrument, inventory } = view;
  const { risk } = engine;
  return {
    gate: view.gate.reasons,
    book: view.book,
    secondReferenceTicks: seat && secondReference(engine, seat.account, instrument.id),
    loopLagMs: engine.clock.lastLagMs,
    orders: engine.orders.unendedOn(instrument),
    positionLots: inventory.baseLots,
    freeBaseLots: inventory.freeBaseLots,
    freeQuoteTickLots: inventory.freeQuoteTickLots,
    recent: seat ? recentOf(engine, view, seat) : nothingRecent,
    exposure: seat ? risk.exposure.of(seat.strategyId, seat.scopes, instrument.quote) : [],
    limits: limitsOf(risk.limits, config, view),
  };
}

/** What the gate looks at when nothing is asked of it: whether the day has lost too much. */
export const lossViewOf = (
  engine: Engine,
  config: MarketMakingConfig,
  view: StrategyView,
  seat: Seat,
): Pick<RiskView, 'recent' | 'limits'> => ({
  recent: recentOf(engine, view, seat),
  limits: limitsOf(engine.risk.limits, config, view),
});

const recentOf = ({ risk }: Engine, { instrument, monoMs }: StrategyView, seat: Seat): Recent =>
  risk.memory.recent(
    seat.strategyId,
    { accountId: seat.account.config.id, instrument: instrument.id },
    monoMs,
  );

interface Lowest {
  readonly operator: OperatorLimits;
  readonly instrument: Instrument;
  readonly limits: RiskLimits;
}
const lastLimits = new WeakMap<MarketMakingConfig, Lowest>();

/** The limits of a configuration, made once for as long as the rules and the pace of its book are the same. */
function limitsOf(
  operator: OperatorLimits,
  config: MarketMakingConfig,
  { instrument, book }: StrategyView,
): RiskLimits {
  const maxBookAgeMs = config.freshness.hardMs ?? book.staleAfterMs;
  const last = lastLimits.get(config);
  const isSameOf = last?.operator === operator && last.instrument === instrument;
  if (isSameOf && last.limits.maxBookAgeMs === maxBookAgeMs) return last.limits;
  const lots = (base: string | null): number | undefined =>
    base === null ? undefined : instrument.toFractionalLots(base);
  const limits: RiskLimits = {
    maxBookAgeMs,
    ...lowered(operator, config.limits),
    maxLoopLagMs: loopLagMs,
    maxPositionLots: lots(config.inventory.maxBase),
    minPositionLots: lots(config.inventory.minBase),
  };
  lastLimits.set(config, { operator, instrument, limits });
  return limits;
}
