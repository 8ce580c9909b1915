import type { Ms } from '../../domain/units';
import { isOpen } from '../order-shelf';
import type { VenueOrder } from '../venue-types';
import { refusals } from './gate-errors';
import { ackRow, finishAs, orderRow, resultRow } from './gate-order-rows';
import type { OrderContext, Row } from './gate-order-rows';
import type { GatePair } from './gate-pairs';
import type { GateParts } from './gate-parts';

/** Finds orders by either of their names and shows them. */
export class GateLedger {
  constructor(private readonly parts: GateParts) {}

  context(order: VenueOrder, pair: GatePair): OrderContext {
    const { history, terms } = this.parts;
    const trades = order.filled === 0 ? [] : history.trades(order.account, order.symbol);
    return { pair, trades, stpGroup: terms.stpGroups.get(order.account) };
  }

  row(order: VenueOrder, pair: GatePair): Row {
    return orderRow(order, this.context(order, pair));
  }

  /** As much as the caller asked for: `ACK`, `RESULT` or all of it. */
  rowIn(mode: string | undefined, order: VenueOrder, pair: GatePair): Row {
    if (mode === 'ACK') return ackRow(order, this.context(order, pair));
    return mode === 'RESULT' ? resultRow(order, this.context(order, pair)) : this.row(order, pair);
  }

  /** Of markets that are listed. */
  rows(orders: readonly VenueOrder[]): readonly Row[] {
    return orders.flatMap((order) => {
      const pair = this.parts.pairs.of(order.symbol);
      return pair ? [this.row(order, pair)] : [];
    });
  }

  /** By its number or its text; a text counts while the order is open and for a while after. Throws a refusal. */
  find(account: string, id: string, given: GatePair | undefined, asOf?: Ms): Found {
    if (id.startsWith('t-')) return this.byText(account, id, given, asOf);
    if (!/^\d{1,15}$/.test(id)) throw refusals.illegal('order_id');
    const numbered = this.parts.pairs.numbered(Number(id));
    if (!numbered || (given && given !== numbered.pair)) throw refusals.noOrder();
    const { pair, number } = numbered;
    const order = this.parts.history.order({ account, symbol: pair.symbol, orderId: number }, asOf);
    if (!order) throw refusals.noOrder();
    return { order, pair };
  }

  /** As `find`, and throws for an order that is over. */
  findOpen(account: string, id: string, given: GatePair | undefined): Found {
    const found = this.find(account, id, given);
    if (isOpen(found.order)) return found;
    throw finishAs(found.order) === 'filled' ? refusals.closedOrder() : refusals.cancelledOrder();
  }

  private byText(account: string, text: string, given: GatePair | undefined, asOf?: Ms): Found {
    const { history, pairs, terms, now } = this.parts;
    for (const pair of given ? [given] : pairs.all) {
      const order = history.order({ account, symbol: pair.symbol, clientOrderId: text }, asOf);
      if (order && (isOpen(order) || now() - order.updatedAt <= terms.textKeptMs)) return { order, pair };
    }
    throw refusals.noText(text);
  }
}

export interface Found {
  readonly order: VenueOrder;
  readonly pair: GatePair;
}
