import type { Ms } from '../../domain/units';
import { isOpen } from '../order-shelf';
import type { OrderKey, OwnTrade, VenueOrder } from '../venue-types';
import { refusals } from './okx-errors';
import { textOf } from './okx-fields';
import type { Fields } from './okx-fields';
import { stampIn } from './okx-instruments';
import type { OkxInstrument, Row } from './okx-instruments';
import { orderRow, stateOf } from './okx-order-rows';
import type { OkxParts } from './okx-parts';

const hour = 3_600_000;
/** A canceled order that never traded is forgotten after this time. */
const canceledKeptMs = 2 * hour;
const numbersKept = 20_000;

/** Finds orders by either of their names and shows them. */
export class OkxLedger {
  /** Which number within its market a stamp belongs to; a shortcut, the core knows them all. */
  private readonly numbers = new Map<number, number>();
  readonly stop: () => void;

  constructor(private readonly parts: OkxParts) {
    this.stop = parts.core.onEvent(
      (event) => {
        if (event.type === 'order' && event.execution === 'NEW') this.keep(event.order);
      },
      ['order'],
    );
  }

  /** By its id, or its client id where there is none. Throws a refusal when neither is named. */
  find(account: string, fields: Fields, instrument: OkxInstrument, asOf?: Ms): VenueOrder | undefined {
    const key = this.keyOf(account, fields, instrument);
    const order = key && this.parts.history.order(key, asOf);
    return order && this.isKept(order) ? order : undefined;
  }

  /** Newest first. */
  orders(account: string, symbol: string | undefined, asOf?: Ms): readonly VenueOrder[] {
    const orders = this.parts.history.orders(account, symbol, asOf);
    return orders.filter((order) => this.isKept(order)).toSorted((a, b) => b.stamp - a.stamp);
  }

  /** Of markets that are listed. */
  rows(orders: readonly VenueOrder[]): readonly Row[] {
    const trades = this.tradesByOrder(orders);
    return orders.flatMap((order) => {
      const instrument = this.parts.instruments.of(order.symbol);
      return instrument ? [orderRow(order, instrument, trades.get(order.stamp) ?? [])] : [];
    });
  }

  tradesOf(order: VenueOrder): readonly OwnTrade[] {
    return this.tradesByOrder([order]).get(order.stamp) ?? [];
  }

  private tradesByOrder(orders: readonly VenueOrder[]): ReadonlyMap<number, readonly OwnTrade[]> {
    const traded = orders.filter(({ filled }) => filled > 0);
    const found = new Map<number, OwnTrade[]>(traded.map(({ stamp }) => [stamp, []]));
    const markets = new Map(traded.map(({ account, symbol }) => [symbol, account]));
    for (const [symbol, account] of markets) {
      for (const trade of this.parts.history.trades(account, symbol))
        found.get(trade.orderStamp)?.push(trade);
    }
    return found;
  }

  private isKept(order: VenueOrder): boolean {
    if (order.filled > 0 || stateOf(order) !== 'canceled') return true;
    return this.parts.now() - order.updatedAt <= canceledKeptMs;
  }

  private keyOf(account: string, fields: Fields, { symbol }: OkxInstrument): OrderKey | undefined {
    const [id, clientOrderId] = [textOf(fields, 'ordId'), textOf(fields, 'clOrdId')];
    if (id === undefined && clientOrderId === undefined) throw refusals.noId();
    if (id === undefined) return { account, symbol, clientOrderId };
    if (!/^\d{1,20}$/.test(id)) throw refusals.illegal('ordId');
    const orderId = this.numberOf(account, symbol, stampIn(id));
    return orderId === undefined ? undefined : { account, symbol, orderId };
  }

  private numberOf(account: string, symbol: string, stamp: number): number | undefined {
    const isIt = (order: VenueOrder): boolean => order.stamp === stamp && order.symbol === symbol;
    const known = this.numbers.get(stamp);
    const order =
      known === undefined ? undefined : this.parts.core.order({ account, symbol, orderId: known });
    return order && isIt(order) ? known : this.parts.core.allOrders(account).find(isIt)?.orderId;
  }

  private keep({ stamp, orderId }: VenueOrder): void {
    this.numbers.set(stamp, orderId);
    if (this.numbers.size <= numbersKept) return;
    for (const oldest of this.numbers.keys()) return void this.numbers.delete(oldest);
  }
}

/** As `find`, for a cancel: throws the code of how it ended. */
export function openToCancel(order: VenueOrder | undefined): VenueOrder {
  if (!order) throw refusals.noOrderToCancel();
  if (isOpen(order)) return order;
  throw stateOf(order) === 'filled' ? refusals.alreadyFilled() : refusals.alreadyCanceled();
}

/** As `find`, for an amend. */
export function openToAmend(order: VenueOrder | undefined): VenueOrder {
  if (!order) throw refusals.noOrderToAmend();
  if (isOpen(order)) return order;
  throw stateOf(order) === 'filled' ? refusals.amendFilled() : refusals.amendCanceled();
}
