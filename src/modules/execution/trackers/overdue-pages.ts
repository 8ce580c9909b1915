import type { ClientOrder } from '../../../domain/order';
import { classOf, unbookedOf } from '../../../domain/order';
import type { Mono, Ms } from '../../../domain/units';
import { unbookedPageMs, unprovenPageMs } from '../common/constants';
import type { Notice } from '../common/notices';
import { aboutOrder } from '../common/notices';

/** Which orders have been open questions for too long. Each is said once, and again only when it comes up anew. */
export class OverduePages {
  private readonly unbookedSince = new Map<string, Mono>();
  private readonly said = new Set<string>();

  /** What a person must hear now. `orders` are all of the account that are not settled; both clocks in ms. */
  due(orders: readonly ClientOrder[], now: Mono, databaseNow: Ms): readonly Notice[] {
    const standing = new Map<string, Notice>();
    const complain = (order: ClientOrder, code: string, detail: string): void =>
      void standing.set(`${code}|${order.clientOrderId}`, aboutOrder(order, code, 'page', detail));
    for (const order of orders) {
      const unbooked = this.overdueLots(order, now);
      if (unbooked > 0) complain(order, 'FILL_UNBOOKED', `a fill of ${unbooked} lots is not in the books`);
      if (isLongUnproven(order, databaseNow))
        complain(order, 'ORDER_UNKNOWN', 'the venue has not said what became of it');
    }
    const notices = [...standing].filter(([key]) => !this.said.has(key)).map(([, notice]) => notice);
    for (const key of this.said) if (!standing.has(key)) this.said.delete(key);
    for (const key of standing.keys()) this.said.add(key);
    this.forget(orders);
    return notices;
  }

  /** Lots that have been filled for so long without a booking. */
  private overdueLots(order: ClientOrder, now: Mono): number {
    const lots = unbookedOf(order);
    if (lots === 0) {
      this.unbookedSince.delete(order.clientOrderId);
      return 0;
    }
    const since = this.unbookedSince.get(order.clientOrderId) ?? now;
    this.unbookedSince.set(order.clientOrderId, since);
    return now - since >= unbookedPageMs ? lots : 0;
  }

  private forget(orders: readonly ClientOrder[]): void {
    if (this.unbookedSince.size === 0) return;
    const known = new Set(orders.map((order) => order.clientOrderId));
    for (const id of this.unbookedSince.keys()) if (!known.has(id)) this.unbookedSince.delete(id);
  }
}

/** One that was shown before and is in doubt is lost, and said to be so when that is found. */
const isLongUnproven = (order: ClientOrder, databaseNow: Ms): boolean =>
  !order.acknowledged &&
  order.deadlineAt > 0 &&
  databaseNow > order.deadlineAt + unprovenPageMs &&
  classOf(order) === 'unproven';
