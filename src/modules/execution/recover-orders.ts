import { decodeClientOrderId } from '../../domain/ids';
import type { ClientOrder } from '../../domain/order';
import type { Engine, OpenAccount } from './engine';

type TakenIn = Pick<Engine, 'orders' | 'arriving'>;

const longestLookMs = 1_000;
/** How long the quotes of a strategy that changes hands are left alone until its venue has answered. */
const inheritedAskMs = 5_000;

/**
 * Takes in the orders of a strategy that another engine, or an earlier process, left without an end, and cancels
 * them: nobody wants them. Until they have ended they count as exposure and hold their slots. Answers how many.
 */
export async function recoverOrders(
  engine: Engine,
  account: OpenAccount,
  strategyId: string,
): Promise<number> {
  await loadOrders(engine, account, strategyId);
  return keepOrCancel(engine, account, strategyId, false).unwanted;
}

/**
 * Takes in the orders that an engine has left on purpose with the lease, and has the venue asked for each. When it does
 * not answer, they stay as the record says, and nothing is created on the account until it has.
 */
export async function askForInherited(
  engine: Engine,
  account: OpenAccount,
  strategyId: string,
): Promise<void> {
  await loadOrders(engine, account, strategyId);
  const late = engine.runtime.sleep(inheritedAskMs).then(() => false);
  const isAnswered = await Promise.race([account.reconciler.askAccount(), late]);
  if (!isAnswered) account.reconciler.unsettle();
}

export interface Left {
  readonly adopted: number;
  /** Cancelled, or over and not settled yet. */
  readonly unwanted: number;
}

/** What an earlier owner left goes on in its slots and under its ids where it was left on purpose, or is cancelled. */
export function keepOrCancel(
  engine: Engine,
  account: OpenAccount,
  strategyId: string,
  isHandover: boolean,
): Left {
  const { orders, leases } = engine;
  const tenure = { epoch: leases.epochOf(strategyId), isHandover };
  const left = { adopted: 0, unwanted: 0 };
  for (const order of orders.unended(strategyId)) {
    const as = engine.parts.inheritedAs(order, tenure);
    if (as === 'adopt') left.adopted += 1;
    if (as === 'cancel' || as === 'over') left.unwanted += 1;
    if (as === 'cancel') cancelAll(account, [order]);
  }
  return left;
}

async function loadOrders(
  { store, orders }: Engine,
  account: OpenAccount,
  strategyId: string,
): Promise<void> {
  const stored = (await store.load(account.config.id)).orders.filter((row) => row.strategyId === strategyId);
  const databaseNow = await store.now();
  for (const row of stored) {
    const rules = account.rules.get(row.instrument);
    if (!rules) continue; // Opening the account has refused such an order already.
    account.reconciler.watch(rules);
    orders.load(row, rules, databaseNow);
  }
}

/**
 * Does something about an order of ours that we do not know, unless its strategy is another engine's. Its lease
 * may be news: it is looked up before, but a cancel does not wait long for the Store.
 */
export function unlessElsewhere(engine: Engine, clientOrderId: string, act: () => void): void {
  const number = decodeClientOrderId(clientOrderId)?.strategyNumber;
  const isOthers = (): boolean => engine.leases.isNumberOthers(number);
  if (isOthers()) return;
  const { halts, runtime } = engine;
  // A look that is under way may have begun before that lease was taken.
  const looked = halts.look().then(() => (isOthers() ? undefined : halts.look()));
  void Promise.race([looked.catch(() => undefined), runtime.sleep(longestLookMs)]).then(() => {
    if (!isOthers()) act();
  });
}

/** Somebody here follows the order by now, or will as soon as the record of its strategy has been read. */
export function isTakenIn({ orders, arriving }: TakenIn, clientOrderId: string): boolean {
  const number = decodeClientOrderId(clientOrderId)?.strategyNumber;
  return orders.get(clientOrderId) !== undefined || (number !== undefined && arriving.has(number));
}

/** Cancels what may still be at the venue; the reconciler repeats it until the order has ended. */
export function cancelAll(account: OpenAccount, orders: readonly ClientOrder[]): void {
  for (const order of orders) {
    if (!order.ended && order.command === 'NONE') void account.reconciler.cancel(order);
  }
}
