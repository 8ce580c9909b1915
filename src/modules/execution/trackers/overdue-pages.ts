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
    const standing = new Set<string>();
    const notices: Notice[] = [];
    for (const order of orders) {
      for (const [code, detail] of this.complaints(order, now, databaseNow)) {
        const key = `${code}|${order.clientOrderId}`;
        standing.add(key);
        if (!this.said.has(key)) notices.push(aboutOrder(order, code, 'page', detail));
        this.said.add(key);
      }
    }
    for (const key of this.said) if (!standing.has(key)) this.said.delete(key);
    this.forget(orders);
    return notices;
  }

  private *complaints(
    order: ClientOrder,
    now: Mono,
    databaseNow: Ms,
  ): Generator<readonly [string, string], void> {
    const lots = unbookedOf(order);
    if (lots === 0) this.unbookedSince.delete(order.clientOrderId);
    else {
      const since = this.unbookedSince.get(order.clientOrderId) ?? now;
      this.unbookedSince.set(order.clientOrderId, since);
      if (now - since >= unbookedPageMs)
        yield ['FILL_UNBOOKED', `a fill of ${lots} lots is not in the books`];
    }
    // One that was shown before and is in doubt is lost, and said to be so when that is found.
    const isUnproven = classOf(order) === 'unproven' && !order.acknowledged && order.deadlineAt > 0;
    if (isUnproven && databaseNow > order.deadlineAt + unprovenPageMs)
      yield ['ORDER_UNKNOWN', 'the venue has not said what became of it'];
  }

  private forget(orders: readonly ClientOrder[]): void {
    if (this.unbookedSince.size === 0) return;
    const known = new Set(orders.map((order) => order.clientOrderId));
    for (const id of this.unbookedSince.keys()) if (!known.has(id)) this.unbookedSince.delete(id);
  }
}
