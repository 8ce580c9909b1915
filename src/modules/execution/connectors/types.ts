import type { AccountId, Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { OrderType, TimeInForce } from '../../../domain/order';
import type { Cancelled, Queried, Sent, UnknownReason } from '../../../domain/sent';
import type { Dec, Lots, Mono, Ms, Side, Ticks } from '../../../domain/units';
import type { AssetBalance, FillReport, OrderReport, VenueEvent } from '../../../domain/venue-event';
import type { RefusalCode } from './outcome';

export type Environment = 'sim' | 'sandbox' | 'live';

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string;
}

export interface NewOrder {
  readonly clientOrderId: string;
  readonly rules: Instrument;
  readonly side: Side;
  readonly type: OrderType;
  /** Ignored for market orders. */
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly timeInForce: TimeInForce;
}

export interface OrderRef {
  readonly instrument: InstrumentId;
  readonly clientOrderId: string;
  readonly venueOrderId?: string | undefined;
  /** The venue had shown the order and finds it by our id no more: that id may have aged out. */
  readonly isTextUnknown?: boolean;
}

/** `canSend` runs on the stack of the write, once; false leaves no byte. `sendBy` bounds the wait in limiter and pool. */
export interface CallOptions {
  readonly sendBy: Mono;
  readonly canSend: () => boolean;
}

/** A complete read (all pages). `requestedAt` is from before the first byte left: the fence of reconciliation. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly requestedAt: Mono;
  readonly requestedAtMs: Ms;
  readonly receivedAt: Mono;
}

/** Where to read trades from: inclusive venue trade id if known, else a moment of our wall clock. */
export interface FillCursor {
  readonly instrument: InstrumentId;
  readonly fromId?: string | undefined;
  readonly since?: Ms | undefined;
  /** Only the trades of this order. */
  readonly venueOrderId?: string | undefined;
}

export interface Capabilities {
  readonly postOnly: boolean;
  /** What of a resting order can be changed in place. */
  readonly amend: 'none' | 'quantityDown' | 'full';
  /** How many orders one request may place or cancel; 1 where each is a request of its own. */
  readonly batch: { readonly place: number; readonly cancel: number };
  /** What a dead-man's switch of the venue cancels. */
  readonly cancelAllAfter: 'none' | 'account' | 'instrument';
  /** The venue refuses a create that arrives after its expiry: what makes absence provable. */
  readonly requestExpiry: boolean;
  readonly queryByClientId: boolean;
  readonly ackHasState: boolean;
  /** What trades are read on from: a trade id that only grows, or a time. */
  readonly tradeCursor: 'id' | 'time';
  readonly bookIntegrity: 'sequence' | 'checksum' | 'none';
  readonly clientIdPattern: RegExp;
}

export interface DepthSnapshot {
  readonly instrument: InstrumentId;
  readonly lastId: number;
  readonly bids: readonly (readonly [Dec, Dec])[];
  readonly asks: readonly (readonly [Dec, Dec])[];
}

/** Health of a connector in plain values, for gates, pages and metrics. */
export interface ConnectorHealth {
  readonly publicLive: boolean;
  readonly privateLive: boolean;
  readonly publicSince: Mono;
  readonly privateSince: Mono;
  readonly blockedReason: string | undefined;
  readonly clockOffsetMs: number;
  /** The venue's time was never measured, or not since the venue has called ours wrong. */
  readonly isClockDoubted: boolean;
  readonly rateBudgetRatio: number;
  /** How long an order would wait for the venue's limits or for the silence it asked for; 0 when it may leave. */
  readonly createWaitMs: number;
  readonly reconnects: number;
}

/** Market data of one venue, shared by every account and strategy on it. */
export interface MarketFeed {
  readonly venue: VenueId;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  health(): ConnectorHealth;
  loadInstruments(): Promise<readonly Instrument[]>;
  /** As last read; undefined for an instrument the venue does not list. */
  rulesOf(instrument: InstrumentId): Instrument | undefined;
  /** Reads the rules of one instrument anew; one that is no longer listed is delisted. Throws VenueError. */
  rereadRules(instrument: InstrumentId): Promise<Instrument>;
  /** Synchronous, ordered per stream, never awaited. Returns the unsubscribe. */
  onEvent(sink: (event: VenueEvent) => void): () => void;
  /** Reference counted: one stream per instrument however many sessions ask. */
  subscribeOrderBook(instrument: InstrumentId): void;
  unsubscribeOrderBook(instrument: InstrumentId): void;
  /** Asks for a fresh snapshot; its depth event (`snapshot: true`) follows on the sink. One in flight per instrument. */
  requestSnapshot(instrument: InstrumentId): void;
  getOrderBook(instrument: InstrumentId, limit: number): Promise<DepthSnapshot>;
  /** Drops the socket; a new generation follows. */
  restart(reason: string): void;
  /** `leaving` is called at the moment of the write. */
  serverTime(leaving?: () => void): Promise<Ms>;
}

/** Speaks to one venue for one account, and never guesses. Order operations never throw; reads throw VenueError. */
export interface ExchangeConnector {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly capabilities: Capabilities;
  readonly feed: MarketFeed;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  /** The private stream is live. Asked at every report, where all of `health` would be counted for nothing. */
  isPrivateLive(): boolean;
  health(): ConnectorHealth;
  /** Private events of this account (order, fill, balance, connection, quarantine). */
  onEvent(sink: (event: VenueEvent) => void): () => void;
  /** Drops the private socket; a new generation follows. */
  restartStream(reason: string): void;
  place(order: NewOrder, call: CallOptions): Promise<Sent>;
  /**
   * One answer per order, in their order. Where the venue takes several at once they leave in one request, whose write
   * `canSend` decides for all of them; elsewhere it is asked for each. An order that the answer leaves out is unknown.
   */
  placeMany(orders: readonly NewOrder[], call: CallOptions): Promise<readonly Sent[]>;
  cancel(ref: OrderRef): Promise<Cancelled>;
  /** One answer per order, in their order. Several that leave in one request may not be known to have ended by it. */
  cancelMany(refs: readonly OrderRef[]): Promise<readonly Cancelled[]>;
  /** Changes quantity (the new total) or price of a resting order in place, as far as `capabilities.amend` goes. */
  amend(
    ref: OrderRef,
    change: { readonly price?: Dec; readonly quantity?: Dec },
    call: CallOptions,
  ): Promise<Amended>;
  /**
   * The venue cancels everything of the account, or of these instruments, unless this is called again within so many
   * seconds; 0 disarms. False where it did not agree, or has no such switch. `canSend` as in `CallOptions`.
   */
  armDeadManSwitch(
    seconds: number,
    instruments: readonly InstrumentId[],
    canSend?: () => boolean,
  ): Promise<boolean>;
  /** Own orders only (own id prefix), by their ids; never a sweep, which would hit foreign orders. */
  cancelAll(instrument: InstrumentId, ownPrefix: string): Promise<readonly Cancelled[]>;
  limitBuy(order: PlainLimit, call: CallOptions): Promise<Sent>;
  limitSell(order: PlainLimit, call: CallOptions): Promise<Sent>;
  marketBuy(order: PlainMarket, call: CallOptions): Promise<Sent>;
  marketSell(order: PlainMarket, call: CallOptions): Promise<Sent>;
  queryOrder(ref: OrderRef): Promise<Queried>;
  /** The order behind the venue's own id, whoever placed it: a trade of a REST read may name nothing else. */
  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried>;
  /** The order in the venue's list of all orders, also of those that are over and that a query finds no more. */
  orderInHistory(ref: OrderRef): Promise<Queried>;
  openOrders(instrument?: InstrumentId): Promise<Page<OrderReport>>;
  fillsSince(cursor: FillCursor): Promise<Page<FillReport>>;
  getBalances(): Promise<Page<AssetBalance>>;
}

/** What became of an amend. After any answer but a refusal the order is asked for: the venue may have changed it. */
export type Amended =
  | { readonly kind: 'accepted'; readonly report?: OrderReport }
  | {
      readonly kind: 'rejected';
      readonly code: RefusalCode;
      readonly venueCode: string;
      readonly text: string;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type PlainLimit = Pick<NewOrder, 'clientOrderId' | 'rules' | 'price' | 'quantity'>;
export type PlainMarket = Pick<NewOrder, 'clientOrderId' | 'rules' | 'quantity'>;
