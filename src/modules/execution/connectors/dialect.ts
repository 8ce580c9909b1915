import type { InstrumentId, VenueId } from '../../../domain/instrument';
import type { Instrument } from '../../../domain/instrument';
import type { Dec, Mono, Ms } from '../../../domain/units';
import type {
  AssetBalance,
  EvidenceSource,
  FillReport,
  OrderReport,
  VenueEvent,
} from '../../../domain/venue-event';
import type { LevelBatch } from '../../../domain/venue-event';
import type { RateFeedback } from '../common/rate-limiter.service';
import type { VenueLimits } from '../common/rate-limits';
import type { ChainFrame } from './book-chain';
import type { FrameToSign, SignCall } from './ccxt.knowledge';
import type { FramePlace } from './feed-handover';
import type { Grids } from './level-buffer';
import type { CodeTable } from './outcome';
import type { Capabilities, DepthSnapshot, NewOrder, OrderRef } from './types';
import type { JsonRecord } from './venue-json';

/** A request as a venue wants it. The weight is what it takes of the venue's request budget. */
export interface VenueRequest extends SignCall {
  readonly weight: number;
}

/** Asks the venue. Throws VenueError unless it answered. */
export type Ask = (request: VenueRequest) => Promise<unknown>;

/**
 * Everything that is one venue's own, as pure functions and tables. What is done with them (sockets, limits, deadlines,
 * outcomes, retries of reads) is the same for every venue and stands in the `venue.*` files.
 */
export interface VenueDialect {
  readonly venue: VenueId;
  /** How long a connection is kept where the venue cuts an old one; the cut is never waited for. */
  readonly connectionLifeMs?: Ms;
  readonly capabilities: Capabilities;
  readonly answers: AnswerDialect;
  readonly market: MarketDialect;
  readonly trading: TradingDialect;
  readonly pages: PageDialect;
  readonly user: UserDialect;
}

/** How a venue says no, and what its answers tell of its limits. */
export interface AnswerDialect {
  readonly codes: CodeTable;
  /** The code and the words of a refusal inside a body; nothing when the body is a success. */
  refusalOf(parsed: unknown): Refusal;
  /** The headers of an answer with `retry-after` (s) added where the venue says it by other means. */
  rateHeaders(headers: Readonly<Record<string, string>>, now: Ms): Readonly<Record<string, string>>;
  /** Each endpoint has a limit of its own: a refused create says nothing of cancels. Without it all share one. */
  readonly limitsEachEndpoint?: boolean;
}

export interface Refusal {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** All that is known of one listed symbol. */
export interface ListedSymbol {
  readonly rules: Instrument;
  readonly instrument: InstrumentId;
  readonly grids: Grids;
  /** Self-trade prevention modes an order may name. */
  readonly stpModes: readonly string[];
}

export type MarketSymbol = Pick<ListedSymbol, 'instrument' | 'grids'>;
export type SymbolFinder = (venueSymbol: string) => MarketSymbol | undefined;

/** Where a frame came from. */
export interface FrameStamp {
  readonly receivedAt: Mono;
  readonly generation: number;
}

export type StreamMethod = 'SUBSCRIBE' | 'UNSUBSCRIBE';

/** What a frame of a market socket says about the socket itself. Streams are named by the id of our frame or by symbol. */
export type StreamAnswer =
  | {
      readonly kind: 'confirmed' | 'left' | 'refused';
      readonly id?: number | undefined;
      readonly venueSymbol?: string | undefined;
    }
  | { readonly kind: 'shutdown'; readonly reason: string }
  /** It answers something that nobody waits for. */
  | { readonly kind: 'other' };

export interface MarketDialect {
  /** Added to the address of the public socket. */
  readonly socketPath: string;
  /** Sent to keep the socket open, where a WebSocket ping does not; its answer is the text `pong`. */
  readonly pingText?: string;
  /** All instruments, or one. */
  instruments(venueSymbol?: string): VenueRequest;
  symbolsOf(json: unknown): readonly ListedSymbol[];
  limitsOf(json: unknown): VenueLimits;
  readonly time: VenueRequest;
  timeOf(json: unknown): Ms;
  depth(venueSymbol: string, limit: number): VenueRequest;
  depthOf(json: unknown, instrument: InstrumentId): DepthSnapshot;
  /** The name of an instrument that is not loaded yet. */
  nameOf(instrument: InstrumentId): string;
  /** Book and trades of each symbol. The frame whose confirmation counts carries `id`. */
  frames(method: StreamMethod, venueSymbols: readonly string[], id: number, now: Ms): readonly unknown[];
  answerOf(json: unknown): StreamAnswer | undefined;
  /** Where a frame of a book or of trades stands in its sequence. Where the venue never asks to move, without it. */
  placeOf?(json: unknown): FramePlace | undefined;
  parser(symbolOf: SymbolFinder): MarketParser;
  /** Where the frames of books can be read without JSON. Its parser then reads them in two steps, because it is the judge. */
  decoder?(symbolOf: SymbolFinder): FrameDecoder;
}

/** What a depth frame says, before its place among the others is known. Its levels are read before the next frame. */
export interface DepthFrame extends ChainFrame {
  readonly symbol: MarketSymbol;
  /** The last number of the frame before it, where the venue names it beside the range (futures of Binance). */
  readonly prevId: number | undefined;
  readonly venueTime: Ms | undefined;
  readonly bids: LevelBatch;
  readonly asks: LevelBatch;
  /** A level that is off the grid: nothing of the frame can be used. */
  readonly problem: string | undefined;
}

/** Reads the usual form of the most frequent frames from their bytes. */
export interface FrameDecoder {
  /** What the parser reads in the same frame, or undefined: then the frame has to be read as JSON. It never throws. */
  depth(frame: Buffer): DepthFrame | undefined;
}

/** Market frames as events. It may keep the state of a sequence and reuse level buffers: an event is read on the stack. */
export interface MarketParser {
  /** Throws on a malformed frame. */
  frame(json: unknown, stamp: FrameStamp, emit: (event: VenueEvent) => void): void;
  /** What a depth frame says, which changes no state but the level buffers; undefined for any other. May throw. */
  depthOf?(json: unknown): DepthFrame | undefined;
  /** The events of what a depth frame says. */
  depth?(frame: DepthFrame, stamp: FrameStamp, emit: (event: VenueEvent) => void): void;
  /** The depth event of a snapshot that was read. Only where snapshots are read. */
  snapshot?(json: unknown, symbol: MarketSymbol, stamp: FrameStamp): VenueEvent;
  /** The subscription of a book begins anew, or its socket does: what comes next is a first state. */
  begin?(instrument: InstrumentId): void;
  /** Whether the first state of the running subscription has come. */
  hasBegun?(instrument: InstrumentId): boolean;
  /** A sequence number of a read in the numbers of the events. */
  numberOf?(instrument: InstrumentId, lastId: number): number;
}

/** How an order is named in a request. */
export type OrderName = { readonly clientOrderId: string } | { readonly venueOrderId: string };

export interface OrderChange {
  readonly price?: Dec;
  readonly quantity?: Dec;
}

/** One order among several of one request. */
export interface NamedOrder {
  readonly venueSymbol: string;
  readonly ref: OrderRef;
}

/** Requests about several orders at once, where a venue has them. */
export interface BatchDialect {
  /** Throws for an order that the venue has no form for. */
  create(orders: readonly (readonly [NewOrder, ListedSymbol | undefined])[]): VenueRequest;
  cancel(orders: readonly NamedOrder[]): VenueRequest;
  /** Whether an order can be named among several; one that cannot is canceled by itself. */
  canName(ref: OrderRef): boolean;
  /** A row for each order; undefined in an answer about the request as a whole. */
  rowsOf(json: unknown): readonly JsonRecord[] | undefined;
  /** The answer that the order of a row would have got by itself. */
  answerOf(row: JsonRecord): unknown;
}

export interface TradingDialect {
  /** Without it every order is a request of its own. */
  readonly batch?: BatchDialect;
  /** Throws for an order that the venue has no form for. */
  create(order: NewOrder, symbol: ListedSymbol | undefined): VenueRequest;
  cancel(venueSymbol: string, name: OrderName): VenueRequest;
  amend(venueSymbol: string, clientOrderId: string, change: OrderChange): VenueRequest;
  query(venueSymbol: string, name: OrderName): VenueRequest;
  /** The list that holds the order if the venue ever knew it. */
  history(venueSymbol: string, ref: OrderRef): VenueRequest;
  /** One request per instrument, or one for the account. Undefined: the venue has no such switch on spot. */
  deadMan?(seconds: number, venueSymbols: readonly string[]): readonly VenueRequest[];
  /** The order in an answer about one; undefined in one that is about none. */
  rowOf(json: unknown): JsonRecord | undefined;
  /** The orders of a list; undefined in an answer that is no list. */
  rowsOf(json: unknown): readonly JsonRecord[] | undefined;
  /** The ids a row names the order by; ours without what the venue demands around it. */
  idsOf(row: JsonRecord): {
    readonly clientOrderId: string | undefined;
    readonly venueOrderId: string | undefined;
  };
  /** Throws on a malformed row. */
  orderOf(row: JsonRecord, instrument: InstrumentId, source: EvidenceSource): OrderReport;
  /** The trades inside the answer to a create. Throws on a malformed row. */
  fillsOfReply(row: JsonRecord, order: OrderReport): readonly FillReport[] | undefined;
}

export interface FillsQuery {
  readonly venueSymbol: string;
  readonly fromId?: string | undefined;
  readonly since?: Ms | undefined;
  readonly venueOrderId?: string | undefined;
  /** The venue's time. */
  readonly now: Ms;
}

/** Reads of several pages. Each throws VenueError, or a plain error for an answer that is not what was asked for. */
export interface PageDialect {
  openOrders(ask: Ask, venueSymbol?: string): Promise<readonly JsonRecord[]>;
  symbolOfRow(row: JsonRecord): string;
  /** Every trade of the query, each once or more. */
  fills(ask: Ask, query: FillsQuery): Promise<readonly JsonRecord[]>;
  fillOf(row: JsonRecord, instrument: InstrumentId): FillReport;
  balances(ask: Ask): Promise<readonly AssetBalance[]>;
}

export type UserEvent =
  | { readonly type: 'order'; readonly report: OrderReport }
  | { readonly type: 'fill'; readonly fill: FillReport }
  | { readonly type: 'balance'; readonly assets: readonly AssetBalance[]; readonly venueTime?: Ms }
  | { readonly type: 'moved'; readonly asset: string; readonly delta: Dec }
  | {
      readonly type: 'quarantine';
      readonly stream: 'private';
      readonly raw: string;
      readonly error: string;
    };

/** A refusal of a login that counts with requests, as the limiter hears of those. */
export type TooOften = Pick<RateFeedback, 'status' | 'headers'>;

/** What a frame of the private socket means for it. */
export type UserWord =
  | { readonly kind: 'live' }
  | { readonly kind: 'send'; readonly frames: readonly unknown[] }
  /** The key is refused: the next dial is minutes away. */
  | { readonly kind: 'blocked'; readonly reason: string }
  | {
      readonly kind: 'down';
      readonly reason: string;
      readonly isClock?: boolean;
      readonly tooOften?: TooOften;
    }
  /** The stream has ended and its connection has not: it is begun anew on it. */
  | { readonly kind: 'renew'; readonly reason: string }
  /** The venue is about to close the connection: another one takes over before. */
  | { readonly kind: 'move'; readonly reason: string }
  /** A part of the subscription failed by itself: its frames are sent again after a pause. */
  | { readonly kind: 'again'; readonly frames: () => readonly unknown[]; readonly isClock?: boolean }
  | { readonly kind: 'events'; readonly events: readonly UserEvent[] };

export interface UserSessionParts {
  /** Counts the openings of the socket. */
  readonly number: number;
  readonly venueNow: () => Ms;
  readonly sign: (frame?: FrameToSign) => Readonly<Record<string, unknown>>;
  readonly instrumentOf: (venueSymbol: string) => InstrumentId | undefined;
}

/** One opening of a private socket, from its login on. */
export interface UserSession {
  /** The frames to send at once. */
  open(): readonly unknown[];
  /** Throws on a malformed frame. */
  read(json: unknown): UserWord | undefined;
}

export interface UserDialect {
  readonly pingText?: string;
  session(parts: UserSessionParts): UserSession;
}
