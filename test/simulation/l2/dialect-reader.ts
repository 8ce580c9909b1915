import type { DialectVenueId } from '../../../src/domain/instrument';
import type { WireRequest } from '../../../src/venue-simulator/dialect.server';
import type { OwnTrade } from '../../../src/venue-simulator/venue-types';
import type { RequestKind, WireAnswer } from '../wire';

type Level = readonly [string, string];

/** What a request asks, in the words that judges and faults share: those of the first dialect, which is Binance's. */
export interface Reading {
  readonly kind: RequestKind;
  /** `symbol`, `side`, `price`, `quantity`, `limit`, where the request has them. */
  readonly params: ReadonlyMap<string, string>;
  /** Empty where the request names no order by our id. */
  readonly clientOrderId: string;
}

/** What a public frame says of a book: all of it, or what has changed from update `U` to update `u`. */
export interface BookWord {
  readonly isWhole: boolean;
  /** The symbol as the core knows it. */
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

/** How a private frame is told otherwise than it was. */
export type Retelling = 'without its fee' | 'with an unknown word' | 'without its trade';
export type EventKind = 'report' | 'trade' | 'balance';
export type Stream = 'public' | 'private';

/**
 * One dialect as the harness reads it. Nothing of it is the product's: what the engine understood is compared with what
 * is understood here.
 */
export interface DialectReader {
  readonly venue: DialectVenueId;
  /** `/binance` */
  readonly prefix: string;
  /** Books begin with a frame, not with an answer to a request. */
  readonly hasWholeBooks: boolean;
  /** A refusal for its rate bars requests of its kind alone. */
  readonly limitsEachKind: boolean;
  /** The stream behind a path; undefined where only what is sent over it tells. */
  streamOf(path: string): Stream | undefined;
  read(request: WireRequest): Reading;
  /** An answer of the venue in the shared words. A text that is no answer stays. */
  heard(kind: RequestKind, answer: WireAnswer): WireAnswer;
  /** A refusal in the shared words as this venue would say it; anything else stays. */
  spoken(kind: RequestKind, answer: WireAnswer): WireAnswer;
  /** Whether a frame changes a book, found without reading it. */
  isDepth(text: string): boolean;
  book(text: string): BookWord | undefined;
  /** What a private frame tells of, if it tells of the account. */
  eventOf(text: string): EventKind | undefined;
  /** The frame told otherwise; undefined where it has nothing of the kind, empty where nothing is left of it. */
  retold(text: string, how: Retelling): string | undefined;
  /** The frame that lets a login in, as one that refuses its key; undefined for any other frame. */
  refusedLogin(text: string): string | undefined;
  /** Says that the connection is about to be closed; undefined where the venue never does. */
  noticeOf(stream: Stream): string | undefined;
  /** The update of the core that a book's number stands for. */
  updateIdOf(lastId: number): number;
  /** How the venue names a trade and its order. */
  tradeIdOf(trade: OwnTrade): string;
  orderIdOf(trade: OwnTrade): string;
}

/** The side, price and size of a create as the shared words have them. */
export const termsOf = (
  symbol: string,
  side: unknown,
  price: unknown,
  quantity: unknown,
): ReadonlyMap<string, string> =>
  new Map([
    ['symbol', symbol],
    ['side', text(side).toUpperCase()],
    ['price', text(price)],
    ['quantity', text(quantity)],
  ]);

export const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export type Row = Readonly<Record<string, unknown>>;

/** A JSON object; an empty one for any other text. */
export function rowOf(json: string): Row {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Row) : {};
  } catch {
    return {};
  }
}
