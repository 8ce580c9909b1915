import BigNumber from 'bignumber.js';
import { holdOf } from '../../domain/hold';
import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Inventory, StrategyView } from '../../domain/quote';
import type { Tick } from './clock/types';
import { bookAgeMaxMs, loopLagMs } from './common/constants';
import type { MarketMakingConfig } from './controllers/market-making.config';
import type { Engine, OpenAccount } from './engine';
import { gateReasons } from './gates';
import { lowered } from './risk/limits';
import { nothingRecent } from './risk/risk-memory';
import type { RiskView } from './risk/risk-view';
import { secondReference } from './second-reference';
import type { Session } from './session';

/** What a strategy sees at this tick: settled, and complete for `decide`. */
export function viewOf(engine: Engine, account: OpenAccount, session: Session, tick: Tick): StrategyView {
  const { id, rules } = session.strategy;
  const own = engine.orders.unended(id);
  const resting = engine.orders
    .allUnended()
    .filter((order) => isSameMarket(order, rules) && order.acknowledged);
  return {
    nowMs: tick.now,
    monoMs: tick.mono,
    instrument: rules,
    book: engine.books.view(rules.venue, rules.id, resting),
    inventory: inventoryOf(engine, id, rules, own),
    orders: own,
    gate: {
      reasons: gateReasons({
        mono: tick.mono,
        mode: session.mode,
        haltCode: session.haltCode,
        halt: engine.halts.over(session.strategy.scopes),
        lean: session.lean,
        lease: engine.leases.holds(id) ? 'held' : engine.leases.mayHold(id) ? 'stale' : 'lost',
        drainLeftMs: engine.leases.drainLeftMs(id),
        isReconciled: account.reconciler.isReady,
        isStreamSilent: account.reconciler.isStreamSilent,
        disagreement: account.books.problem,
        uncompared: account.books.overdueOf(rules),
        feed: account.connector.feed.health(),
        connector: account.connector.health(),
        canCreate: engine.breaker.canCreate(account.config.id),
        rules,
        loopLagMs: engine.clock.counters().lastLagMs,
        databaseDownSince: engine.database.downSince,
      }),
    },
  };
}

/** The strategy's own holdings, in lots and tick·lots, and what its unended orders leave free. */
function inventoryOf(engine: Engine, id: string, rules: Instrument, own: readonly ClientOrder[]): Inventory {
  const holder = `strategy:${id}`;
  const base = engine.holdings.total(holder, rules.base);
  const quote = engine.holdings.total(holder, rules.quote);
  let heldBase = new BigNumber(0);
  let heldQuote = new BigNumber(0);
  for (const order of own) {
    const hold = holdOf(rules, order.side, order.price);
    const open = new BigNumber(rules.quantity(Math.max(0, order.quantity - order.bookedFilled))).times(
      hold.rate,
    );
    if (order.side === 'sell') heldBase = heldBase.plus(open);
    else heldQuote = heldQuote.plus(open);
  }
  const lot = new BigNumber(rules.rules.lotSize);
  const tickLot = lot.times(rules.rules.tickSize);
  return {
    baseLots: base.div(lot).toNumber(),
    quoteTickLots: quote.div(tickLot).toNumber(),
    freeBaseLots: base.minus(heldBase).div(lot).toNumber(),
    freeQuoteTickLots: quote.minus(heldQuote).div(tickLot).toNumber(),
  };
}

const isSameMarket = (order: ClientOrder, rules: Instrument): boolean =>
  order.venue === rules.venue && order.instrument === rules.id;

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
  const lots = (base: string | null): number | undefined =>
    base === null ? undefined : instrument.toFractionalLots(base);
  return {
    gate: view.gate.reasons,
    book: view.book,
    secondReferenceTicks: seat && secondReference(engine, seat.account, instrument.id),
    loopLagMs: engine.clock.counters().lastLagMs,
    orders: engine.orders.allUnended().filter((order) => isSameMarket(order, instrument)),
    positionLots: inventory.baseLots,
    freeBaseLots: inventory.freeBaseLots,
    freeQuoteTickLots: inventory.freeQuoteTickLots,
    recent: seat ? risk.memory.recent(seat.strategyId, seat.account.config.id, view.monoMs) : nothingRecent,
    exposure: seat ? risk.exposure.of(seat.strategyId, seat.scopes, instrument.quote) : [],
    limits: {
      ...lowered(risk.limits, config.limits),
      maxBookAgeMs: config.freshness.hardMs ?? bookAgeMaxMs,
      maxLoopLagMs: loopLagMs,
      maxPositionLots: lots(config.inventory.maxBase),
      minPositionLots: lots(config.inventory.minBase),
    },
  };
}
