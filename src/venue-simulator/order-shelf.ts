import type { Ms } from '../domain/units';
import type { OrderKey, OwnTrade, PlaceRequest, VenueOrder } from './venue-types';

export type MutableOrder = { -readonly [K in keyof VenueOrder]: VenueOrder[K] };

interface Shelf {
  readonly all: Set<MutableOrder>;
  readonly open: Set<MutableOrder>;
  /** In the order in which they ended. */
  readonly ended: Set<MutableOrder>;
  /** By symbol, ascending by id. */
  readonly trades: Map<string, OwnTrade[]>;
}

export interface ShelfLimits {
  /** Ended orders of an account that can still be asked for. */
  readonly endedOrders: number;
  /** Trades of an account in one market that can still be asked for. */
  readonly trades: number;
}

export const shelfLimits: ShelfLimits = { endedOrders: 10_000, trades: 10_000 };

/** The orders and trades of the accounts. Open orders stay; of what has ended the oldest goes first. */
export class OrderShelf {
  private readonly byName = new Map<string, MutableOrder>();
  private readonly shelves = new Map<string, Shelf>();

  constructor(private readonly limits: ShelfLimits) {}

  add(order: MutableOrder): void {
    const shelf = this.shelf(order.account);
    this.byName.set(idName(order.symbol, order.orderId), order);
    // The same client id names the newest order that used it.
    this.byName.set(clientName(order), order);
    shelf.all.add(order);
    if (isOpen(order)) shelf.open.add(order);
    else this.end(order);
  }

  /** From now on the order is found by another client id. */
  rename(order: MutableOrder, clientOrderId: string): void {
    if (this.byName.get(clientName(order)) === order) this.byName.delete(clientName(order));
    order.clientOrderId = clientOrderId;
    this.byName.set(clientName(order), order);
  }

  /** The order has its last status. */
  end(order: MutableOrder): void {
    const { open, ended } = this.shelf(order.account);
    open.delete(order);
    ended.add(order);
    if (ended.size <= this.limits.endedOrders) return;
    for (const oldest of ended) return this.drop(oldest);
  }

  find({ account, symbol, orderId, clientOrderId }: OrderKey): MutableOrder | undefined {
    const name =
      orderId === undefined
        ? clientName({ account, symbol, clientOrderId: clientOrderId ?? '' })
        : idName(symbol, orderId);
    const order = this.byName.get(name);
    return order?.account === account ? order : undefined;
  }

  byId(symbol: string, orderId: number): MutableOrder | undefined {
    return this.byName.get(idName(symbol, orderId));
  }

  open(account: string, symbol?: string): readonly MutableOrder[] {
    const open = [...(this.shelves.get(account)?.open ?? [])];
    return symbol === undefined ? open : open.filter((order) => order.symbol === symbol);
  }

  /** How many are open in a market, and whether one of them has this client id. */
  standing(account: string, symbol: string, clientOrderId: string): { count: number; isTaken: boolean } {
    const found = { count: 0, isTaken: false };
    for (const order of this.shelves.get(account)?.open ?? []) {
      if (order.symbol !== symbol) continue;
      found.count += 1;
      found.isTaken ||= order.clientOrderId === clientOrderId;
    }
    return found;
  }

  all(account: string): readonly MutableOrder[] {
    return [...(this.shelves.get(account)?.all ?? [])];
  }

  everyOrder(): readonly MutableOrder[] {
    return [...this.shelves.values()].flatMap(({ all }) => [...all]);
  }

  addTrade(trade: OwnTrade): void {
    const { trades } = this.shelf(trade.account);
    const list = trades.get(trade.symbol) ?? [];
    trades.set(trade.symbol, list);
    list.push(trade);
    if (list.length > this.limits.trades) list.shift();
  }

  trades(account: string, symbol: string): readonly OwnTrade[] {
    return [...(this.shelves.get(account)?.trades.get(symbol) ?? [])];
  }

  everyTrade(): readonly OwnTrade[] {
    return [...this.shelves.values()].flatMap(({ trades }) => [...trades.values()].flat());
  }

  private drop(order: MutableOrder): void {
    const { all, ended } = this.shelf(order.account);
    all.delete(order);
    ended.delete(order);
    this.byName.delete(idName(order.symbol, order.orderId));
    if (this.byName.get(clientName(order)) === order) this.byName.delete(clientName(order));
  }

  private shelf(account: string): Shelf {
    const known = this.shelves.get(account);
    if (known) return known;
    const shelf: Shelf = { all: new Set(), open: new Set(), ended: new Set(), trades: new Map() };
    this.shelves.set(account, shelf);
    return shelf;
  }
}

/** What a request becomes; nothing of it has traded. */
export function acceptedOrder(
  request: PlaceRequest,
  { orderId, stamp, at }: { readonly orderId: number; readonly stamp: number; readonly at: Ms },
): MutableOrder {
  // Field by field: a spread with fields added to it costs more than the rest of the command.
  return {
    account: request.account,
    symbol: request.symbol,
    clientOrderId: request.clientOrderId,
    side: request.side,
    type: request.type,
    timeInForce: request.timeInForce,
    price: request.price,
    quantity: request.quantity,
    stp: request.stp,
    memo: request.memo,
    orderId,
    stamp,
    filled: 0,
    filledTickLots: 0,
    status: 'NEW',
    createdAt: at,
    updatedAt: at,
  };
}

export const isOpen = ({ status }: VenueOrder): boolean => status === 'NEW' || status === 'PARTIALLY_FILLED';
const idName = (symbol: string, orderId: number): string => `${symbol}|${orderId}`;
const clientName = ({
  account,
  symbol,
  clientOrderId,
}: Pick<VenueOrder, 'account' | 'symbol' | 'clientOrderId'>): string =>
  `${account}|${symbol}|c|${clientOrderId}`;
