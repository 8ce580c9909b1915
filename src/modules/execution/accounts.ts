import type { AccountId, Instrument, InstrumentId } from '../../domain/instrument';
import { DomainError } from '../../domain/errors';
import type { Mono } from '../../domain/units';
import type { FillReport, OrderReport } from '../../domain/venue-event';
import { isTakenIn, unlessElsewhere } from './recover-orders';
import type { ExchangeConnector } from './connectors/types';
import type { Engine, OpenAccount } from './engine';
import { haltMissing } from './halt-effects';
import { AccountBooks } from './trackers/account-books';
import { AccountReconciler } from './trackers/account-reconciler.service';
import { OrderOwners } from './trackers/order-owners';
import type { AdoptedStray } from './trackers/stray-adoption';
import { StrayAdoption } from './trackers/stray-adoption';
import { StrayFills } from './trackers/stray-fills';
import { StrayOrders } from './trackers/stray-orders';
import type { AccountConfig } from './types';

const firstAnswerMs = 60_000;
const firstAnswerPollMs = 50;

/**
 * The startup occasion of one account: load what is durable, listen, connect, ask, and only then let anything be
 * placed. Orders of an earlier process are unwanted: they are cancelled and count as exposure until they have ended. An
 * engine that shuts down meanwhile asks nothing more and has no such account.
 */
export async function openAccount(engine: Engine, config: AccountConfig): Promise<OpenAccount> {
  const { store, orders, holdings } = engine;
  const connector = await engine.connectors.create(config);
  const rules = new Map((await connector.feed.loadInstruments()).map((rule) => [rule.id, rule]));
  await engine.halts.look(); // What other engines lease, or are to take as it is, is left to them.
  const stored = await store.load(config.id);
  const left = stored.orders.filter((row) => !engine.leases.isOthers(row.strategyId));
  const databaseNow = await store.now();
  for (const holder of stored.holders) holdings.belongs(holder, config.id);
  holdings.update(await store.balances(stored.holders));
  refuseStopped(engine);
  const account = assemble(engine, config, connector, rules);
  for (const row of left) {
    const rule = rules.get(row.instrument);
    if (!rule)
      throw new DomainError(
        'INSTRUMENT_UNKNOWN',
        `${row.instrument} of an open order`,
        'The venue no longer lists it.',
      );
    orders.load(row, rule, databaseNow);
    account.reconciler.watch(rule);
  }
  // Trades of orders left to others move the account's balances as well, and so do those of people where it quotes.
  const places = [...stored.cursors, ...stored.orders].map(({ instrument }) => instrument);
  for (const instrument of [...places, ...stored.instruments]) {
    const rule = rules.get(instrument);
    if (rule) account.reconciler.watch(rule);
  }
  account.reconciler.start(databaseNow, stored.cursors);
  for (const fill of stored.pendingFees) account.reconciler.feePending(fill);
  engine.userStreams.follow(connector, account.reconciler);
  await dial(engine, account);
  cancelEarlier(engine, account);
  return account;
}

/** Until the account has answered everything; what was begun is ended when it does not. Throws DomainError. */
async function dial(engine: Engine, account: OpenAccount): Promise<void> {
  const { config, connector, reconciler } = account;
  engine.openings.add(account);
  try {
    await connector.connect();
    await firstAnswer(engine, account);
    await engine.halts.look().catch(() => undefined); // What was seen last is at most a second old.
    refuseStopped(engine);
    engine.accounts.set(config.id, account);
  } catch (error) {
    reconciler.stop(); // The next attempt brings its own.
    engine.userStreams.forget(config.id);
    if (engine.lifecycle.state === 'stopped') await hangUp(connector); // It may have dialled behind the shutdown.
    throw error;
  } finally {
    engine.openings.delete(account);
  }
}

/** A trade may have brought an order of another engine into memory: that one is left alone. */
function cancelEarlier({ orders, leases }: Engine, { config, reconciler }: OpenAccount): void {
  const earlier = orders.allUnended().filter((order) => order.accountId === config.id && !order.ended);
  for (const order of earlier) if (!leases.isOthers(order.strategyId)) void reconciler.cancel(order);
}

/** Lets go of an account: no stream, no timer, no question is left. Its books stay. Throws ACCOUNT_IN_USE. */
export async function closeAccount(engine: Engine, accountId: AccountId): Promise<void> {
  // The record counts, not the memory: another engine may have orders there.
  const { orders } = await engine.store.load(accountId);
  const isTraded = [...engine.sessions.values()].some(({ strategy }) => strategy.account.id === accountId);
  if (isTraded || orders.length > 0)
    throw new DomainError(
      'ACCOUNT_IN_USE',
      isTraded ? 'A strategy trades on it.' : `${orders.length} own orders are not known to have ended.`,
      'Stop its strategies and wait until their orders have ended.',
    );
  engine.accounts.get(accountId)?.reconciler.stop();
  engine.userStreams.forget(accountId);
  engine.accounts.delete(accountId);
  await engine.connectors.forget(accountId);
}

function assemble(
  engine: Engine,
  config: AccountConfig,
  connector: ExchangeConnector,
  rules: Map<InstrumentId, Instrument>,
): OpenAccount {
  const { runtime, store, orders, holdings, notify } = engine;
  const books = new AccountBooks({
    ...{ accountId: config.id, store, holdings, notify, uuid: () => runtime.uuid() },
    missing: (asset, difference) => haltMissing(engine, { config, rules }, { asset, difference }),
    isBystander: () => isBystander(engine, config.id),
    follows: ({ clientOrderId, strategyId }) =>
      orders.get(clientOrderId) !== undefined || engine.leases.isOthers(strategyId),
  });
  const page = (clientOrderId: string, venueOrderId: string): void =>
    unlessElsewhere(engine, clientOrderId, () => books.strayOrder(clientOrderId, venueOrderId));
  const place = { venue: config.venue, accountId: config.id };
  const now = (): Mono => runtime.monotonic();
  const owners = new OrderOwners({ now, connector, orders });
  const adoption = new StrayAdoption({
    now,
    ...{ ...place, ownerId: engine.boot.ownerId },
    ...{ owners, store, orders, rules, page },
    unwanted: (order) => void reconciler.cancel(order),
  });
  const adopt = (fill: FillReport): Promise<AdoptedStray> => adoption.adoptByFill(fill);
  const strays = new StrayFills({ store, orders, books, owners, adopt, ...place });
  const strayOrders = new StrayOrders({
    now,
    cancel: (clientOrderId, report) => cancelStray(engine, connector, clientOrderId, report),
    findOrder: (clientOrderId) => store.findOrder({ clientOrderId }),
    adopt: (report) => adoption.adopt(report),
    page,
  });
  const reconciler = new AccountReconciler({
    runtime,
    connector,
    orders,
    books,
    strays,
    owners,
    strayOrders,
    notify,
    fences: engine.parts.fences,
  });
  return { config, connector, rules, books, reconciler };
}

function cancelStray(
  engine: Engine,
  connector: ExchangeConnector,
  clientOrderId: string,
  { instrument, venueOrderId }: OrderReport,
): void {
  unlessElsewhere(engine, clientOrderId, () => {
    if (!isTakenIn(engine, clientOrderId)) void connector.cancel({ instrument, clientOrderId, venueOrderId });
  });
}

/** Throws DomainError when the account has not answered everything in time. */
async function firstAnswer(engine: Engine, { reconciler, config }: OpenAccount): Promise<void> {
  const { runtime } = engine;
  // The reconciler asks by itself once the private stream is live, and asks again with growing pauses.
  const until = runtime.monotonic() + firstAnswerMs;
  while (!reconciler.isReady) {
    refuseStopped(engine);
    if (runtime.monotonic() > until) {
      const detail = `account ${config.id} has not answered in ${firstAnswerMs / 1_000} s`;
      throw new DomainError('RECONCILING', detail, 'It is asked on; try again.');
    }
    await runtime.sleep(firstAnswerPollMs);
  }
}

function refuseStopped({ lifecycle }: Engine): void {
  if (lifecycle.state === 'stopped')
    throw new DomainError('NOT_READY', 'the engine has stopped', 'Start it again.');
}

async function hangUp(connector: ExchangeConnector): Promise<void> {
  await connector.disconnect();
  await connector.feed.disconnect();
}

const isBystander = ({ sessions, leases }: Engine, accountId: AccountId): boolean =>
  leases.isTradedByOthers(accountId) &&
  ![...sessions.values()].some(
    ({ strategy }) => strategy.account.id === accountId && leases.mayHold(strategy.id),
  );
