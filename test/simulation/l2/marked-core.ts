import type {
  CoreEvent,
  OrderKey,
  OwnTrade,
  VenueCore,
  VenueOrder,
} from '../../../src/venue-simulator/venue-types';

/**
 * A core whose orders bear their client ids behind a mark, shown without it: the dialect in front of it knows them by
 * their full texts, judges and faults by what an engine calls them. A name without the mark stays as it is.
 */
export function markedCore(core: VenueCore, mark: string): VenueCore {
  const marked = (name: string): string => mark + name;
  const shown = <T extends { readonly clientOrderId: string }>(value: T): T =>
    value.clientOrderId.startsWith(mark)
      ? { ...value, clientOrderId: value.clientOrderId.slice(mark.length) }
      : value;
  const keyOf = (key: OrderKey): OrderKey =>
    key.clientOrderId === undefined ? key : { ...key, clientOrderId: marked(key.clientOrderId) };
  const eventOf = (event: CoreEvent): CoreEvent => {
    if (event.type !== 'order') return event;
    const { order, trade } = event;
    if (!order.clientOrderId.startsWith(mark)) return event;
    return { ...event, order: shown(order), ...(trade ? { trade: shown(trade) } : {}) };
  };
  return {
    markets: core.markets,
    addAccount: (account, balances) => core.addAccount(account, balances),
    move: (account, movement) => core.move(account, movement),
    place: (request) => {
      const { clientOrderId: name } = request;
      const answer = core.place(name === '' ? request : { ...request, clientOrderId: marked(name) });
      return answer.ok ? { ...answer, order: shown(answer.order), trades: answer.trades.map(shown) } : answer;
    },
    cancel: (key, memo) => {
      const answer = core.cancel(keyOf(key), memo);
      return answer.ok ? { ...answer, order: shown(answer.order) } : answer;
    },
    amend: (key, change) => core.amend(keyOf(key), change),
    quoteCrowd: (quote) => core.quoteCrowd(quote),
    cancelCrowd: (symbol, orderId) => core.cancelCrowd(symbol, orderId),
    order: (key) => {
      const order = core.order(keyOf(key));
      return order && shown(order);
    },
    openOrders: (account, symbol) => core.openOrders(account, symbol).map<VenueOrder>(shown),
    allOrders: (account) => core.allOrders(account).map<VenueOrder>(shown),
    trades: (account, symbol) => core.trades(account, symbol).map<OwnTrade>(shown),
    balances: (account) => core.balances(account),
    depth: (symbol, levels) => core.depth(symbol, levels),
    crowdBest: (symbol, side, levels) => core.crowdBest(symbol, side, levels),
    publicTrades: (symbol) => core.publicTrades(symbol),
    onEvent: (listener, kinds) => core.onEvent((event) => listener(eventOf(event)), kinds),
  };
}
