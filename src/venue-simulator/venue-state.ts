import type { Dec, Ms, Ticks } from '../domain/units';
import type { CoreEvent, OwnTrade, VenueOrder } from './venue-types';

export interface KeptBalance {
  readonly account: string;
  readonly asset: string;
  readonly free: Dec;
  readonly locked: Dec;
}

export interface KeptMarket {
  readonly symbol: string;
  /** No id of the market above this one has been given out. */
  readonly reserved: number;
  /** Middle of the best bid and ask when it was last written down; absent while a side has been empty. */
  readonly mid?: Ticks | undefined;
}

/** A piece of what the venue must not forget. Everything is absolute: of two pieces about one thing the later holds. */
export interface StateRecord {
  readonly orders?: readonly VenueOrder[];
  readonly trades?: readonly OwnTrade[];
  readonly balances?: readonly KeptBalance[];
  readonly markets?: readonly KeptMarket[];
}

/** Orders in the order they were placed, trades ascending by id. */
export type VenueState = Required<StateRecord>;

/** Keeps the state of a venue outside its process. What has been appended survives the death of the process. */
export interface StateJournal {
  /** Starts afresh with the whole state; what was kept before is given up. Throws when it cannot be written. */
  begin(whole: Iterable<StateRecord>): void;
  /** Synchronous. Throws when it cannot be written. `whole` is asked for when the journal has grown too long. */
  append(record: StateRecord, whole: () => Iterable<StateRecord>): void;
}

interface WholeState {
  readonly orders: readonly VenueOrder[];
  readonly trades: readonly OwnTrade[];
  readonly balances: () => readonly KeptBalance[];
  readonly markets: () => readonly KeptMarket[];
}

const pieceLength = 20;

/** A whole state in small pieces; each is read when it is taken, so that it is never older than what came before it. */
export function* piecesOf(whole: WholeState): Generator<StateRecord> {
  yield { balances: whole.balances(), markets: whole.markets() };
  const { orders, trades } = whole;
  for (let i = 0; i < orders.length; i += pieceLength) yield { orders: orders.slice(i, i + pieceLength) };
  for (let i = 0; i < trades.length; i += pieceLength) yield { trades: trades.slice(i, i + pieceLength) };
}

/** What of these events concerns accounts, the last word on each thing. */
export function recordOf(events: readonly CoreEvent[]): StateRecord {
  const orders = new Map<string, VenueOrder>();
  const balances = new Map<string, KeptBalance>();
  const trades: OwnTrade[] = [];
  for (const event of events) {
    if (event.type === 'order') {
      orders.set(orderName(event.order), event.order);
      if (event.trade) trades.push(event.trade);
    } else if (event.type === 'balance') {
      const { account } = event;
      for (const row of event.balances) balances.set(balanceName({ account, ...row }), { account, ...row });
    }
  }
  return { orders: [...orders.values()], trades, balances: [...balances.values()] };
}

/** The state that these records, oldest first, leave behind. */
export function stateOf(records: Iterable<StateRecord>): VenueState {
  const orders = new Map<string, VenueOrder>();
  const trades = new Map<string, OwnTrade>();
  const balances = new Map<string, KeptBalance>();
  const markets = new Map<string, KeptMarket>();
  for (const record of records) {
    for (const order of record.orders ?? []) orders.set(orderName(order), order);
    for (const trade of record.trades ?? []) trades.set(`${orderName(trade)}|${trade.tradeId}`, trade);
    for (const balance of record.balances ?? []) balances.set(balanceName(balance), balance);
    for (const market of record.markets ?? []) markets.set(market.symbol, market);
  }
  return withStamps({
    orders: [...orders.values()].sort((a, b) => a.createdAt - b.createdAt || a.orderId - b.orderId),
    trades: [...trades.values()].sort((a, b) => a.tradeId - b.tradeId),
    balances: [...balances.values()],
    markets: [...markets.values()],
  });
}

/** What was kept before there were stamps gets them here, in the order in which it happened. */
function withStamps(state: VenueState): VenueState {
  const stampOf = (at: Ms, index: number): number => at * 1_000 + (index % 1_000);
  const orders = state.orders.map((order, index) => {
    return order.stamp ? order : { ...order, stamp: stampOf(order.createdAt, index) };
  });
  const stamps = new Map(orders.map((order) => [orderName(order), order.stamp]));
  const trades = state.trades.map((trade, index) => {
    if (trade.stamp) return trade;
    return { ...trade, stamp: stampOf(trade.at, index), orderStamp: stamps.get(orderName(trade)) ?? 0 };
  });
  return { ...state, orders, trades };
}

const orderName = ({ symbol, orderId }: { readonly symbol: string; readonly orderId: number }): string =>
  `${symbol}|${orderId}`;
const balanceName = ({ account, asset }: KeptBalance): string => `${account}|${asset}`;
