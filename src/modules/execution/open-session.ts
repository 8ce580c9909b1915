import BigNumber from 'bignumber.js';
import { DomainError } from '../../domain/errors';
import { holdOf } from '../../domain/hold';
import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Decision, Inventory, StrategyView, TargetQuote } from '../../domain/quote';
import type { OpenAccount } from './accounts';
import type { Tick } from './clock/types';
import type { Engine } from './create-engine';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { parseMarketMakingConfig } from './controllers/market-making.config';
import { decide, minimumOffsetBps } from './controllers/market-making.controller';
import type { Plan } from './executors/plan-orders';
import { cappedSlotsOf, planOrders } from './executors/plan-orders';
import { bookAgeMaxMs, loopLagMs } from './common/constants';
import { gateReasons } from './gates';
import { admit, fit } from './risk/admit';
import type { Batch, RiskView } from './risk/risk-view';
import type { SessionDoors } from './session';
import { Session } from './session';
import type { SessionConfig } from './types';

/** Furthest a price may be from the mid. */
const collarBps = 200;

/** Takes the lease, mirrors the balances and puts the session on the clock. Throws DomainError. */
export async function openSession(
  engine: Engine,
  account: OpenAccount,
  wanted: SessionConfig,
): Promise<void> {
  const parsed = parseMarketMakingConfig(wanted.config);
  if (!parsed.ok)
    throw new DomainError(
      'CONFIG_INVALID',
      'the stored configuration is refused',
      'Edit it.',
      parsed.problems,
    );
  const rules = account.rules.get(wanted.instrument);
  if (!rules) {
    throw new DomainError(
      'INSTRUMENT_UNKNOWN',
      `${wanted.instrument} is not listed`,
      'Choose one of GET /instruments.',
    );
  }
  const { config } = parsed;
  const holder = `strategy:${wanted.strategyId}`;
  engine.holdings.belongs(holder, account.config.id);
  engine.holdings.update(await engine.store.balances([holder]));
  const lease = await engine.leases.take(wanted.strategyId);
  if (!lease)
    throw new DomainError('LEASE_NOT_HELD', 'another engine holds the lease', 'It is tried again by itself.');
  account.reconciler.watch(rules);
  engine.books.follow(account.connector.feed, rules);
  const session = new Session(
    {
      id: wanted.strategyId,
      number: wanted.number,
      account: account.config,
      rules,
      decide: (view) => decide(view, config),
      plan: (decision, view, frozen) =>
        planOf({ engine, account, config, id: wanted.strategyId }, decision, view, frozen),
    },
    doorsOf(engine, account, config),
  );
  engine.sessions.set(wanted.strategyId, session);
  engine.clock.register('decide', session);
}

function doorsOf(engine: Engine, account: OpenAccount, config: MarketMakingConfig): SessionDoors {
  const { orders, executor, leases, boot, breaker, runtime, notify } = engine;
  return {
    view: (session, tick) => viewOf(engine, account, session, tick),
    admit: (session, places, view) => {
      const { id, number } = session.strategy;
      const batch = batchOf({ engine, account, config, id }, places, view);
      const nextId = (): string => orders.nextClientOrderId(number);
      const admitted = admit({ ...batch, nextId }, riskViewOf({ engine, account, config, id }, view));
      for (const order of admitted.approved) orders.trackIntent(order);
      return admitted;
    },
    step: (session, cancels, approved) => ({
      strategyId: session.strategy.id,
      ownerId: boot.ownerId,
      epoch: leases.epochOf(session.strategy.id),
      ...{ cancels, approved, connector: account.connector, reconciler: account.reconciler },
      refusal: () => refusalOf(engine, account, session),
      onRejected: (order, sent) => {
        session.rejected(order, sent, runtime.monotonic());
        breaker.rejected(account.config.id);
      },
      onCommitRefused: (reason, detail) => commitRefused(engine, session, reason, detail),
    }),
    isCommitting: () => executor.isCommitting,
    hand: (step) => void engine.steps.push(step),
    notify: (session, code, detail) =>
      notify({
        code,
        severity: code === 'ORDER_REJECTED' ? 'info' : 'page',
        detail,
        strategyId: session.strategy.id,
      }),
  };
}

interface Context {
  readonly engine: Engine;
  readonly account: OpenAccount;
  readonly config: MarketMakingConfig;
  readonly id: string;
}

/** Targets are fitted to what risk would admit before they are compared, so that a trimmed order is kept. */
function planOf(
  context: Context,
  decision: Decision,
  view: StrategyView,
  frozen: ReadonlySet<'bid' | 'ask'>,
): Plan {
  const { config } = context;
  const fitted = fit(batchOf(context, decision.targets, view), riskViewOf(context, view));
  const plan = planOrders({
    targets: fitted.targets,
    orders: view.orders,
    config,
    referenceTicks: decision.trace.referenceTicks,
    monoMs: view.monoMs,
    nowMs: view.nowMs,
    instrument: view.instrument,
    minimumOffsetBps: minimumOffsetBps(config, view.instrument),
    blockedSides: [...frozen],
    cappedSlots: cappedSlotsOf(decision.reasons),
  });
  return { ...plan, reasons: [...fitted.reasons, ...plan.reasons] };
}

function batchOf(
  context: Context,
  places: readonly TargetQuote[],
  view: StrategyView,
): Omit<Batch, 'nextId'> {
  const { config: account } = context.account;
  return {
    strategyId: context.id,
    accountId: account.id,
    venue: account.venue,
    epoch: context.engine.leases.epochOf(context.id),
    instrument: view.instrument,
    places,
  };
}

function riskViewOf({ engine, config }: Context, view: StrategyView): RiskView {
  const { instrument, inventory } = view;
  const lots = (base: string | null): number | undefined =>
    base === null ? undefined : instrument.toFractionalLots(base);
  return {
    book: view.book,
    loopLagMs: engine.clock.counters().lastLagMs,
    orders: engine.orders.allUnended().filter((order) => isSameMarket(order, instrument)),
    positionLots: inventory.baseLots,
    freeBaseLots: inventory.freeBaseLots,
    freeQuoteTickLots: inventory.freeQuoteTickLots,
    limits: {
      collarBps,
      maxBookAgeMs: config.freshness.hardMs ?? bookAgeMaxMs,
      maxLoopLagMs: loopLagMs,
      maxOrderNotional: undefined,
      maxPositionLots: lots(config.inventory.maxBase),
      minPositionLots: lots(config.inventory.minBase),
    },
  };
}

/** The last check, on the stack of the write: lease, halt, breaker, book and database. Risk is not asked again. */
function refusalOf(engine: Engine, account: OpenAccount, session: Session): string | undefined {
  if (session.mode !== 'running') return 'KILL_SWITCH';
  if (!engine.leases.holds(session.strategy.id)) return 'LEASE_LOST';
  if (!engine.breaker.canCreate(account.config.id)) return 'CIRCUIT_OPEN';
  if (!engine.books.isSynced(account.config.venue, session.strategy.rules.id)) return 'BOOK_STALE';
  return account.reconciler.isReady ? undefined : 'RECONCILING';
}

function commitRefused(engine: Engine, session: Session, reason: string, detail: string): void {
  if (reason === 'SLOT_OCCUPIED') session.halt(reason, detail);
  else engine.notify({ code: reason, severity: 'warn', detail, strategyId: session.strategy.id });
}

function viewOf(engine: Engine, account: OpenAccount, session: Session, tick: Tick): StrategyView {
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
        holdsLease: engine.leases.holds(id),
        isReconciled: account.reconciler.isReady,
        disagreement: account.books.problem,
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
