import { decodeClientOrderId } from '../../domain/ids';
import type { ClientOrder } from '../../domain/order';
import type { Engine, OpenAccount } from './engine';

const longestLookMs = 1_000;

/**
 * Takes in the orders of a strategy that another engine, or an earlier process, left without an end, and cancels
 * them: nobody wants them. Until they have ended they count as exposure and hold their slots. Answers how many.
 */
export async function recoverOrders(
  engine: Engine,
  account: OpenAccount,
  strategyId: string,
): Promise<number> {
  const { store, orders, leases } = engine;
  const stored = (await store.load(account.config.id)).orders.filter((row) => row.strategyId === strategyId);
  const databaseNow = await store.now();
  for (const row of stored) {
    const rules = account.rules.get(row.instrument);
    if (!rules) continue; // Opening the account has refused such an order already.
    account.reconciler.watch(rules);
    orders.load(row, rules, databaseNow);
  }
  const epoch = leases.epochOf(strategyId);
  const unwanted = orders.unended(strategyId).filter((order) => epoch === 0 || order.epoch < epoch);
  cancelAll(account, unwanted);
  return unwanted.length;
}

/**
 * Does something about an order of ours that we do not know, unless its strategy is another live engine's. Its lease
 * may be news: it is looked up before, but a cancel does not wait long for the Store.
 */
export function unlessElsewhere(engine: Engine, clientOrderId: string, act: () => void): void {
  const number = decodeClientOrderId(clientOrderId)?.strategyNumber;
  const isElsewhere = (): boolean => engine.leases.isNumberElsewhere(number);
  if (isElsewhere()) return;
  const { halts, runtime } = engine;
  // A look that is under way may have begun before that lease was taken.
  const looked = halts.look().then(() => (isElsewhere() ? undefined : halts.look()));
  void Promise.race([looked.catch(() => undefined), runtime.sleep(longestLookMs)]).then(() => {
    if (!isElsewhere()) act();
  });
}

/** Cancels what may still be at the venue; the reconciler repeats it until the order has ended. */
export function cancelAll(account: OpenAccount, orders: readonly ClientOrder[]): void {
  for (const order of orders) {
    if (!order.ended && order.command === 'NONE') void account.reconciler.cancel(order);
  }
}
