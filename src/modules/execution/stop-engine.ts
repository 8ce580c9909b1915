import { decodeClientOrderId } from '../../domain/ids';
import type { ClientOrder } from '../../domain/order';
import type { Mono } from '../../domain/units';
import { leaseTtlMs } from './common/constants';
import type { Engine, OpenAccount } from './engine';
import { cancelAll, recoverOrders } from './recover-orders';
import type { OrderRow } from './store/types';

const pollMs = 200;
const endPollMs = 50;
/** How long after our start a lease of a process that died before it may still stand, with a second to see it end. */
const predecessorMs = leaseTtlMs + 1_000;
/** So long before its time is over, a stop takes an offer that is not old for that of an engine that lives. */
const lastRoundsMs = 2_000;

/**
 * Takes everything of ours off one account and proves it: no order in memory, none on record, none at the venue. An
 * account that is still opening is waited for, because orders of an earlier process may rest there. Orders whose
 * strategy another live engine leases are left to it; what becomes of one that it offers is waited for until nearly then.
 * `seen` collects the ids there were. False when the proof is not complete by `until`.
 */
export async function clearAccount(
  engine: Engine,
  opening: Promise<OpenAccount>,
  until: Mono,
  seen: Set<string>,
): Promise<boolean> {
  const { runtime } = engine;
  const late = runtime.sleep(Math.max(0, until - runtime.monotonic())).then(() => undefined);
  const account = await Promise.race([opening.catch(() => undefined), late]);
  if (!account) return false;
  for (;;) {
    const left = unendedOf(engine, account);
    for (const { clientOrderId } of left) seen.add(clientOrderId);
    cancelAll(account, left);
    // Whoever had them may have let go of its leases meanwhile: what is left in memory is then to be heard of first.
    const isPatient = runtime.monotonic() < until - lastRoundsMs;
    const isOver = left.length === 0 && (await isClear(engine, account, seen, isPatient));
    if (isOver && unendedOf(engine, account).length === 0) return true;
    if (runtime.monotonic() > until) return false;
    await runtime.sleep(pollMs);
  }
}

/**
 * Cancels every order of one strategy, waits until each has ended by its own evidence, then reads what the venue still
 * lists of it. `venueOpenOrders` is -1 when the venue did not answer: then nothing is confirmed. A session that ends
 * meanwhile, because another engine has its strategy, is waited for no longer.
 */
export async function clearStrategy(
  engine: Engine,
  account: OpenAccount,
  { strategyId, number }: { readonly strategyId: string; readonly number: number },
  until: Mono,
): Promise<{ readonly isClear: boolean; readonly venueOpenOrders: number }> {
  const { orders, runtime, sessions } = engine;
  const session = sessions.get(strategyId);
  cancelAll(account, orders.unended(strategyId));
  const isLeft = (): boolean => sessions.get(strategyId) !== session || runtime.monotonic() > until;
  while (orders.unended(strategyId).length > 0 && !isLeft()) {
    await runtime.sleep(endPollMs);
  }
  const isOurs = (id: string): boolean =>
    orders.isOwn(id) && decodeClientOrderId(id)?.strategyNumber === number;
  let venueOpenOrders = -1;
  for (;;) {
    venueOpenOrders = await account.reconciler.openAtVenue(isOurs).then(
      (rows) => rows.length,
      () => -1,
    );
    if (venueOpenOrders === 0 || isLeft()) break;
    await runtime.sleep(pollMs);
  }
  return { isClear: orders.unended(strategyId).length === 0 && venueOpenOrders === 0, venueOpenOrders };
}

/**
 * The same for what whoever ran the strategy left. Its account may have taken a minute to open: where another engine runs
 * it by now, nothing is touched and nothing confirmed. Rejects with StoreUnavailable.
 */
export const clearLeftovers: typeof clearStrategy = async (engine, account, strategy, until) => {
  const { strategyId } = strategy;
  await engine.halts.look();
  if (engine.leases.isElsewhere(strategyId)) return { isClear: false, venueOpenOrders: -1 };
  await recoverOrders(engine, account, strategyId);
  return clearStrategy(engine, account, strategy, until);
};

/** Not answered is not clear: neither the Store nor the venue has then shown anything. */
async function isClear(
  engine: Engine,
  account: OpenAccount,
  seen: Set<string>,
  isPatient: boolean,
): Promise<boolean> {
  try {
    const rows = await ofOthers(engine, account, seen);
    const isWaiting = isPatient && rows?.some((row) => engine.leases.isAwaited(row.strategyId));
    return rows !== undefined && !isWaiting && (await isVenueClear(engine, account));
  } catch {
    return false;
  }
}

/** What is on record of other engines that live; undefined while anything there is ours, or may be. */
async function ofOthers(
  engine: Engine,
  account: OpenAccount,
  seen: Set<string>,
): Promise<readonly OrderRow[] | undefined> {
  const { halts, store, runtime, startedAt } = engine;
  await halts.look(); // A lease may have ended since.
  const rows = (await store.load(account.config.id)).orders;
  const ours = rows.filter((row) => isOurs(engine, row));
  for (const { clientOrderId } of ours) seen.add(clientOrderId);
  for (const strategyId of new Set(ours.map((row) => row.strategyId))) {
    await recoverOrders(engine, account, strategyId);
  }
  // A lease that has outlived our start by its whole life was renewed since: its engine lives.
  const isOthers = rows.length === 0 || runtime.monotonic() - startedAt > predecessorMs;
  return ours.length === 0 && isOthers ? rows : undefined;
}

async function isVenueClear({ orders, leases }: Engine, { reconciler }: OpenAccount): Promise<boolean> {
  const isOthers = (number: number | undefined): boolean =>
    leases.isNumberElsewhere(number) || leases.isNumberAwaited(number);
  const isOurs = (id: string): boolean =>
    orders.isOwn(id) && !isOthers(decodeClientOrderId(id)?.strategyNumber);
  return (await reconciler.openAtVenue(isOurs)).length === 0;
}

const unendedOf = (engine: Engine, { config }: OpenAccount): readonly ClientOrder[] =>
  ownUnended(engine).filter((order) => order.accountId === config.id);

/** Another live engine leases its strategy or has just offered it: a late trade may have brought it into memory. */
const isOurs = ({ leases }: Engine, { strategyId }: Pick<ClientOrder, 'strategyId'>): boolean =>
  !leases.isElsewhere(strategyId) && !leases.isAwaited(strategyId);

export const ownUnended = (engine: Engine): readonly ClientOrder[] =>
  engine.orders.allUnended().filter((order) => isOurs(engine, order));
