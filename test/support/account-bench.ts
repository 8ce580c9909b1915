import { VenueError } from '../../src/domain/errors';
import type { Instrument } from '../../src/domain/instrument';
import type { Cancelled, Queried } from '../../src/domain/sent';
import type { AssetBalance, FillReport, OrderReport } from '../../src/domain/venue-event';
import type { Notice } from '../../src/modules/execution/common/notices';
import type {
  ConnectorHealth,
  ExchangeConnector,
  FillCursor,
  OrderRef,
  Page,
} from '../../src/modules/execution/connectors/types';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../src/modules/execution/store/types';
import { AccountBooks } from '../../src/modules/execution/trackers/account-books';
import { AccountReconciler } from '../../src/modules/execution/trackers/account-reconciler.service';
import { ClientOrderTracker } from '../../src/modules/execution/trackers/client-order-tracker.service';
import { Holdings } from '../../src/modules/execution/trackers/holdings';
import { OrderOwners } from '../../src/modules/execution/trackers/order-owners';
import type { AdoptedStray } from '../../src/modules/execution/trackers/stray-adoption';
import { StrayAdoption } from '../../src/modules/execution/trackers/stray-adoption';
import { StrayFills } from '../../src/modules/execution/trackers/stray-fills';
import { StrayOrders } from '../../src/modules/execution/trackers/stray-orders';
import type { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from './decisions';

/** What the venue would answer, changeable at any moment, and how often it was asked. */
export interface ScriptedVenue {
  /** By client id; an entry under a venue id answers the query for that. */
  orders: Map<string, OrderReport>;
  listed: OrderReport[];
  trades: FillReport[];
  balances: AssetBalance[];
  /** How long a trade or a list read takes. */
  readMs: number;
  isLive: boolean;
  /** It does not list the instrument any more, and answers no read of it. */
  isDelisted: boolean;
  /** What the list of all orders holds, by client id. */
  history: Map<string, OrderReport>;
  isHistoryDown: boolean;
  readonly calls: { query: number; history: number; openOrders: number; trades: number; balances: number };
  /** What the next cancels are answered, in turn; unknown when there is none left. */
  cancelAnswers: Cancelled[];
  readonly cancelled: string[];
  /** Cancels of orders whose id may have aged out. */
  cancelledAged: number;
  restarts: number;
}

/** One account, reconciled against a scripted venue in virtual time. */
export interface AccountBench {
  readonly runtime: VirtualRuntime;
  readonly venue: ScriptedVenue;
  readonly connector: ExchangeConnector;
  readonly store: MemoryStore;
  readonly orders: ClientOrderTracker;
  readonly holdings: Holdings;
  readonly books: AccountBooks;
  readonly reconciler: AccountReconciler;
  readonly notices: Notice[];
  /** Notices of one code so far. */
  count(code: string): number;
}

const accountId = 'a1';
const startMs = 1_764_000_000_000;
const instrument: Instrument = instrumentOf();

export async function accountBench(): Promise<AccountBench> {
  const runtime = createVirtualRuntime({ seed: 1, startMs });
  const venue: ScriptedVenue = {
    ...{
      orders: new Map(),
      history: new Map(),
      listed: [],
      trades: [],
      balances: [],
      readMs: 0,
      isLive: true,
    },
    ...{ isHistoryDown: false, isDelisted: false },
    calls: { query: 0, history: 0, openOrders: 0, trades: 0, balances: 0 },
    ...{ cancelled: [], cancelAnswers: [], cancelledAged: 0, restarts: 0 },
  };
  const notices: Notice[] = [];
  const notify = (notice: Notice): void => void notices.push(notice);
  const store = new MemoryStore({ now: () => runtime.now() });
  const holdings = new Holdings(() => runtime.monotonic(), 40_000);
  holdings.belongs(`unallocated:${accountId}`, accountId);
  const build = { id: '1.0.0', schemaVersion: 1 };
  const boot = await store.registerEngine({ engineId: 'test', build }, () => 'bcdfgh', 600_000);
  const orders = new ClientOrderTracker(runtime, store, holdings, boot, { notify });
  const connector = connectorOf(runtime, venue);
  const books = new AccountBooks({
    isBystander: () => false,
    follows: ({ clientOrderId }) => orders.get(clientOrderId) !== undefined,
    ...{ accountId, store, holdings, notify, uuid: () => runtime.uuid() },
    missing: (asset, difference) =>
      notify({ code: 'MISSING', severity: 'page', detail: `${asset} ${difference}` }),
  });
  const now = (): number => runtime.monotonic();
  const owners = new OrderOwners({ now, connector, orders });
  const adoption = new StrayAdoption({
    now,
    ...{ venue: 'binance', accountId, ownerId: boot.ownerId, owners, store, orders },
    rules: new Map([[instrument.id, instrument]]),
    page: (clientOrderId, venueOrderId) => books.strayOrder(clientOrderId, venueOrderId),
    unwanted: (order) => void reconciler.cancel(order),
  });
  const adopt = (fill: FillReport): Promise<AdoptedStray> => adoption.adoptByFill(fill);
  const strays = new StrayFills({ venue: 'binance', accountId, store, orders, books, owners, adopt });
  const strayOrders = new StrayOrders({
    now,
    cancel: () => undefined,
    findOrder: (clientOrderId) => store.findOrder({ clientOrderId }),
    adopt: (report) => adoption.adopt(report),
    page: (clientOrderId, venueOrderId) => books.strayOrder(clientOrderId, venueOrderId),
  });
  const reconciler = new AccountReconciler({
    ...{ runtime, connector, orders, books, strays, owners, strayOrders, notify },
  });
  orders.listen({
    fillBooked: () => undefined,
    halt: (strategyId, code, detail) => notify({ code, severity: 'page', detail, strategyId }),
    storeAnswered: () => undefined,
  });
  reconciler.watch(instrument);
  return {
    ...{ runtime, venue, connector, store, orders, holdings, books, reconciler, notices },
    count: (code) => notices.filter((notice) => notice.code === code).length,
  };
}

/** The books as they were opened now, with an asset that nothing here trades: trades from now on are posted. */
export async function openBooks({ store, holdings, venue }: AccountBench): Promise<void> {
  venue.balances = [{ asset: 'EUR', free: '1', locked: '0' }];
  const opened = await store.transfer({
    ...{ key: `external:opening:${accountId}`, kind: 'external', guarded: [] },
    lines: [
      { holder: `unallocated:${accountId}`, asset: 'EUR', quantity: '1' },
      { holder: `external:${accountId}`, asset: 'EUR', quantity: '-1' },
    ],
  });
  if (opened.kind === 'done') holdings.update(opened.balances);
}

/** An order of an earlier process, committed `agoMs` ago, as the record shows it. */
export function loadOrder(bench: AccountBench, agoMs: number, change: Partial<OrderRow> = {}): string {
  const clientOrderId = change.clientOrderId ?? bench.orders.nextClientOrderId(7);
  const committedAt = bench.runtime.now() - agoMs;
  const row: OrderRow = {
    ...{ strategyId: 's1', accountId, venue: 'binance', instrument: instrument.id, slotKey: clientOrderId },
    ...{ side: 'buy', type: 'limit', timeInForce: 'postOnly', price: '99.9', quantity: '1', epoch: 1 },
    ...{ committedAt, deadlineAt: committedAt + 14_500, bookedFilled: '0' },
    ...{ venueOrderId: undefined, ended: undefined },
    ...change,
    clientOrderId,
  };
  bench.orders.load(row, instrument, bench.runtime.now());
  return clientOrderId;
}

export const reportOf = (clientOrderId: string, change: Partial<OrderReport> = {}): OrderReport => ({
  ...{ instrument: instrument.id, clientOrderId, venueOrderId: `v-${clientOrderId}`, side: 'buy' },
  ...{ price: '99.9', quantity: '1', cumFilled: '0', status: 'open', source: 'rest-order' },
  ...change,
});

export const fillOf = (clientOrderId: string, change: Partial<FillReport> = {}): FillReport => ({
  ...{ instrument: instrument.id, tradeId: '1', venueOrderId: `v-${clientOrderId}`, side: 'buy' },
  ...{ price: '99.9', quantity: '0.5', liquidity: 'maker', venueTime: startMs, source: 'ws-trade' },
  clientOrderId,
  ...change,
});

function connectorOf(runtime: VirtualRuntime, venue: ScriptedVenue): ExchangeConnector {
  const page = async <T>(rows: () => readonly T[]): Promise<Page<T>> => {
    const requestedAt = runtime.monotonic();
    const requestedAtMs = runtime.now();
    if (venue.readMs > 0) await runtime.sleep(venue.readMs);
    return { rows: [...rows()], requestedAt, requestedAtMs, receivedAt: runtime.monotonic() };
  };
  const scripted: Partial<ExchangeConnector> = {
    venue: 'binance',
    accountId,
    capabilities: {
      ...{
        postOnly: true,
        amend: 'quantityDown',
        batch: { place: 1, cancel: 1 },
        cancelAllAfter: 'none',
        requestExpiry: true,
        queryByClientId: true,
        ackHasState: true,
        tradeCursor: 'id',
      },
      ...{ bookIntegrity: 'sequence', clientIdPattern: /./ },
    },
    health: () => healthOf(venue),
    isPrivateLive: () => venue.isLive,
    feed: { rulesOf: () => (venue.isDelisted ? instrumentOf({ status: 'delisted' }) : instrument) } as never,
    restartStream: () => void (venue.restarts += 1),
    cancel: ({ clientOrderId, isTextUnknown }) => {
      venue.cancelled.push(clientOrderId);
      if (isTextUnknown === true) venue.cancelledAged += 1;
      return Promise.resolve(venue.cancelAnswers.shift() ?? { kind: 'unknown', reason: 'transport' });
    },
    queryOrder: (ref) => Promise.resolve(queried(runtime, venue, ref)),
    queryByVenueId: (_instrument, venueOrderId) =>
      Promise.resolve(queried(runtime, venue, { instrument: instrument.id, clientOrderId: venueOrderId })),
    orderInHistory: ({ clientOrderId }) => {
      venue.calls.history += 1;
      if (venue.isHistoryDown) return Promise.resolve({ kind: 'failed', reason: 'gone' });
      return Promise.resolve(answerOf(runtime, venue.history.get(clientOrderId)));
    },
    openOrders: () => {
      venue.calls.openOrders += 1;
      return page(() => venue.listed);
    },
    fillsSince: (cursor) => {
      venue.calls.trades += 1;
      if (venue.isDelisted) return Promise.reject(new VenueError('SYMBOL', 'Invalid symbol.'));
      return page(() => venue.trades.filter((trade) => isAfter(trade, cursor)));
    },
    getBalances: () => {
      venue.calls.balances += 1;
      return page(() => venue.balances);
    },
  };
  return scripted as ExchangeConnector;
}

function queried(runtime: VirtualRuntime, venue: ScriptedVenue, { clientOrderId }: OrderRef): Queried {
  venue.calls.query += 1;
  return answerOf(runtime, venue.orders.get(clientOrderId));
}

function answerOf(runtime: VirtualRuntime, report: OrderReport | undefined): Queried {
  const requestedAt = runtime.monotonic();
  if (report) return { kind: 'found', report, requestedAt };
  return { kind: 'not_found', requestedAt, requestedAtMs: runtime.now() };
}

const isAfter = (trade: FillReport, cursor: FillCursor): boolean => {
  if (cursor.venueOrderId !== undefined) return trade.venueOrderId === cursor.venueOrderId;
  return cursor.fromId === undefined || BigInt(trade.tradeId) >= BigInt(cursor.fromId);
};

const healthOf = (venue: ScriptedVenue): ConnectorHealth => ({
  ...{ publicLive: true, privateLive: venue.isLive, publicSince: 0, privateSince: 0, reconnects: 0 },
  ...{
    blockedReason: undefined,
    clockOffsetMs: 0,
    isClockDoubted: false,
    rateBudgetRatio: 1,
    createWaitMs: 0,
  },
});
