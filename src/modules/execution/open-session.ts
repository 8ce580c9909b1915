import { DomainError } from '../../domain/errors';
import type { Instrument } from '../../domain/instrument';
import type { Decision, StrategyView, TargetQuote } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import { venueProcessingBoundMs } from './common/constants';
import type { Engine, OpenAccount } from './engine';
import { haltStrategy } from './halt-effects';
import { acceptedConfig } from './accepted-config';
import { bookProblem } from './controllers/book-gate';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { minimumOffsetBps } from './controllers/market-making.controller';
import type { Plan } from './executors/plan-orders';
import { cappedSlotsOf } from './executors/plan-orders';
import type { Batch } from './risk/risk-view';
import { orderAnswered } from './reject-effects';
import { askForInherited, keepOrCancel, recoverOrders } from './recover-orders';
import type { SessionDoors } from './session';
import { Session } from './session';
import { scopeKeysOf, stopsCreates } from './store/halt-scopes';
import type { TakenLease } from './store/types';
import type { SessionConfig } from './types';
import { admitAs, recallDay, watchedSends } from './risk-doors';
import { bookOf, restingOn, rulesReasons } from './traded-instruments';
import type { Seat } from './views';
import { riskViewOf, viewOf } from './views';

/** How long inherited quotes rest without anybody who judges them by a book. */
const firstPriceMs = 5_000;
const firstPricePollMs = 50;

/**
 * Takes the lease, mirrors the balances and puts the session on the clock; closing, when it is not wanted any more by
 * then. Throws DomainError.
 */
export async function openSession(
  engine: Engine,
  account: OpenAccount,
  wanted: SessionConfig,
  isWanted: () => boolean,
): Promise<void> {
  const { config, rules } = acceptedConfig(account, wanted);
  const holder = `strategy:${wanted.strategyId}`;
  engine.holdings.belongs(holder, account.config.id);
  const { instrument, ownerId: owner } = wanted;
  const { id: accountId, venue } = account.config;
  const scopes = scopeKeysOf(wanted.strategyId, { accountId, venue, instrument, owner });
  const { isHandover } = await takeOver(engine, account, wanted, scopes);
  account.reconciler.watch(rules);
  engine.books.follow(account.connector.feed, rules);
  if (isHandover) await untilPriced(engine, account, rules, config);
  await engine.switches.secure(accountId, instrument);
  if (engine.lifecycle.state !== 'running') {
    engine.books.unfollow(rules, rules.id);
    await engine.leases.release(wanted.strategyId);
    throw new DomainError('NOT_READY', 'the engine is stopping', 'Start it again.');
  }
  const seat: Seat = { strategyId: wanted.strategyId, account, scopes };
  const session = new Session(
    {
      id: wanted.strategyId,
      number: wanted.number,
      account: account.config,
      scopes,
      /** As they are in force at each tick. */
      get rules() {
        return account.rules.get(instrument) ?? rules;
      },
      decide: (view) => engine.parts.decide(view, config),
      plan: (decision, view, frozen) =>
        planOf({ engine, account, config, id: wanted.strategyId, seat }, decision, view, frozen),
    },
    doorsOf(engine, account, config),
    engine.risk.memory.backoffsOf(wanted.strategyId),
  );
  if (!isWanted()) session.mode = 'closing';
  engine.sessions.set(wanted.strategyId, session);
  engine.clock.register('decide', session);
}

/** Takes the lease and what an owner before us left. Throws DomainError while another engine or a halt forbids it. */
async function takeOver(
  engine: Engine,
  account: OpenAccount,
  wanted: SessionConfig,
  scopes: readonly string[],
): Promise<TakenLease> {
  refuseHalted(engine, scopes);
  engine.arriving.add(wanted.number); // Before the lease is ours nobody can tell whether what a list shows is wanted.
  try {
    return await takeIn(engine, account, wanted, await takeLease(engine, wanted.strategyId, scopes));
  } finally {
    engine.arriving.delete(wanted.number);
  }
}

async function takeIn(
  engine: Engine,
  account: OpenAccount,
  { strategyId, instrument }: SessionConfig,
  lease: TakenLease,
): Promise<TakenLease> {
  try {
    // What an owner before us has booked until it let go is in there.
    engine.holdings.update(await engine.store.balances([`strategy:${strategyId}`]));
    if (lease.isHandover) {
      await inherit(engine, account, { strategyId, instrument });
      return lease;
    }
    const left = await recoverOrders(engine, account, strategyId);
    if (left > 0) {
      const place = `${instrument} on ${account.config.venue}`;
      const detail = `${place}: ${left} orders of an earlier engine are on record; each is asked for, and cancelled if it lives`;
      engine.notify({ code: 'RECOVERED', severity: 'warn', detail, strategyId });
    }
    // A database set back may call a lease free that an engine had when it died.
    const mayHaveDied = lease.predecessorExpiresInMs !== undefined || engine.database.backAt !== undefined;
    if (left > 0 || mayHaveDied) await askAfterADeath(engine, account);
    await recallDay(engine, strategyId);
    return lease;
  } catch (error) {
    await giveBack(engine, lease).catch(() => undefined); // It expires by itself.
    throw error;
  }
}

/** The owner before us said of every order that it is live, so no list can lag behind its death. */
async function inherit(
  engine: Engine,
  account: OpenAccount,
  { strategyId, instrument }: Pick<SessionConfig, 'strategyId' | 'instrument'>,
): Promise<void> {
  await askForInherited(engine, account, strategyId);
  await recallDay(engine, strategyId);
  const { adopted, unwanted } = keepOrCancel(engine, account, strategyId, true);
  const place = `${instrument} on ${account.config.venue}`;
  const detail = `${place}: ${adopted} live orders are taken over as they are, ${unwanted} are not`;
  engine.notify({ code: 'TAKEN_OVER', severity: 'info', detail, strategyId });
}

/** A session whose book is not there yet takes its quotes away: those it has inherited rest until it can judge them. */
async function untilPriced(
  engine: Engine,
  account: OpenAccount,
  rules: Instrument,
  config: MarketMakingConfig,
): Promise<void> {
  const { runtime } = engine;
  const until = runtime.monotonic() + firstPriceMs;
  const problem = (): Reason | undefined => {
    return bookProblem(bookOf(engine, account, rules, restingOn(engine, rules)), config);
  };
  while (problem() && runtime.monotonic() < until) await runtime.sleep(firstPricePollMs);
}

/** What could not be taken over is left to the next one who tries, as it was left to us. */
async function giveBack({ leases }: Engine, { strategyId, isHandover }: TakenLease): Promise<void> {
  if (!isHandover || !(await leases.handOver(strategyId))) await leases.release(strategyId);
}

/**
 * The owner before us has died, and the record of it may be older than its death: after a restore the rows of its last
 * orders are gone. It died, or made them, before this engine began or its database came back, whatever was later, and a
 * list shows them at the latest one read lag after that; until then nothing may be placed beside them.
 */
async function askAfterADeath({ runtime, startedAt, database }: Engine, account: OpenAccount): Promise<void> {
  const waitMs = (database.backAt ?? startedAt) + venueProcessingBoundMs - runtime.monotonic();
  if (waitMs > 0) await runtime.sleep(waitMs);
  await account.reconciler.askAccount();
}

async function takeLease(engine: Engine, strategyId: string, scopes: readonly string[]): Promise<TakenLease> {
  const hint = 'It is tried again by itself.';
  let refusal = new DomainError('LEASE_NOT_HELD', 'another engine holds the lease', hint);
  const lease = await engine.leases.take(strategyId).catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
    refusal = error;
    return undefined;
  });
  if (lease) return lease;
  await engine.halts.look(); // A halt of this moment is not seen yet, nor who leases it now.
  refuseHalted(engine, scopes);
  throw refusal;
}

function refuseHalted(engine: Engine, scopes: readonly string[]): void {
  const halt = engine.halts.over(scopes);
  if (!halt || !stopsCreates(halt)) return;
  const { scopeKey, level, actor, reason } = halt;
  const code = scopeKey.startsWith('engine:') ? 'BOOT_BREAKER' : 'KILL_SWITCH_ENGAGED';
  const hint = `Lift the halt of ${scopeKey} first.`;
  throw new DomainError(code, `${scopeKey} is ${level} by ${actor}: ${reason}`, hint);
}

function doorsOf(engine: Engine, account: OpenAccount, config: MarketMakingConfig): SessionDoors {
  const { orders, executor, leases, boot, runtime, notify } = engine;
  return {
    view: (session, tick) => viewOf(engine, account, session, tick),
    admit: (session, places, view) => {
      const { id, number } = session.strategy;
      const batch = batchOf({ engine, account, config, id }, places, view);
      const nextId = (): string => orders.nextClientOrderId(number);
      return admitAs(engine, config, seatOf(session, account), { batch: { nextId, ...batch }, view });
    },
    step: (session, cancels, approved) => ({
      strategyId: session.strategy.id,
      ownerId: boot.ownerId,
      epoch: leases.epochOf(session.strategy.id),
      cancels,
      approved,
      reconciler: account.reconciler,
      connector: watchedSends(account, engine.risk.postTrade, session.strategy.id),
      refusal: () => refusalOf(engine, account, session),
      onAnswered: (order, sent) => orderAnswered(engine, account, session, { order, sent }),
      onCommitRefused: (reason, detail) => commitRefused(engine, account, session, { reason, detail }),
    }),
    isCommitting: () => executor.isCommitting,
    hand: (step) => {
      const counts = { creates: 0, cancels: step.cancels.length };
      engine.risk.memory.ordered(account.config.id, counts, runtime.monotonic());
      engine.steps.push(step);
    },
    notify: (session, code, detail) =>
      notify({
        code,
        severity: code === 'ORDER_REJECTED' ? 'info' : 'page',
        detail,
        strategyId: session.strategy.id,
      }),
  };
}

const seatOf = ({ strategy: { id, scopes } }: Session, account: OpenAccount): Seat => ({
  strategyId: id,
  account,
  scopes,
});

interface Context {
  readonly engine: Engine;
  readonly account: OpenAccount;
  readonly config: MarketMakingConfig;
  readonly id: string;
}

/** Targets are fitted to what risk would admit before they are compared, so that a trimmed order is kept. */
function planOf(
  context: Context & { readonly seat: Seat },
  decision: Decision,
  view: StrategyView,
  frozen: ReadonlySet<'bid' | 'ask'>,
): Plan {
  const { config } = context;
  const { besides, fit, planOrders } = context.engine.parts;
  const seen = riskViewOf(context.engine, config, view, context.seat);
  const fitted = fit(batchOf(context, decision.targets, view), seen);
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
    besides: (places) => besides(batchOf(context, places, view), seen),
    cappedSlots: cappedSlotsOf(decision.reasons),
  });
  return fitted.reasons.length === 0 ? plan : { ...plan, reasons: [...fitted.reasons, ...plan.reasons] };
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

/** The last check, on the stack of the write: lease, halt, breaker, book and database. Risk is not asked again. */
function refusalOf(engine: Engine, account: OpenAccount, session: Session): string | undefined {
  const halt = engine.halts.over(session.strategy.scopes);
  if (session.mode !== 'running' || (halt && stopsCreates(halt))) return 'KILL_SWITCH';
  const { id } = session.strategy;
  if (!engine.leases.holds(id) || engine.leases.drainLeftMs(id) > 0) return 'LEASE_LOST';
  if (!engine.breaker.canCreate(account.config.id)) return 'CIRCUIT_OPEN';
  if (!engine.books.isSynced(account.config.venue, session.strategy.rules.id)) return 'BOOK_STALE';
  const [changed] = rulesReasons(engine, account, session.strategy.rules);
  if (changed) return changed.code;
  return account.reconciler.isReady ? undefined : 'RECONCILING';
}

/**
 * An order in a slot that memory says is free breaks a promise, unless the database has just come back, perhaps as an
 * older copy of itself: what was on its way then meets the orders of that copy, and comparing tells what they are.
 */
function commitRefused(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  { reason, detail }: { readonly reason: string; readonly detail: string },
): void {
  const strategyId = session.strategy.id;
  if (reason !== 'SLOT_OCCUPIED')
    return engine.notify({ code: reason, severity: 'warn', detail, strategyId });
  if (account.reconciler.isReady) return haltStrategy(engine, strategyId, reason, detail);
  engine.notify({ code: 'RECORD_CHANGED', severity: 'warn', detail, strategyId });
}
