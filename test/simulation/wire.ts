import type { RawAnswer, RawRequest } from '../../src/venue-simulator/binance/binance.requests';

export type RequestKind =
  'create' | 'cancel' | 'order' | 'openOrders' | 'trades' | 'balances' | 'depth' | 'time' | 'other';

/** A request on its way, as faults and the oracle see it. */
export interface SeenRequest {
  readonly id: number;
  readonly kind: RequestKind;
  readonly raw: RawRequest;
  readonly params: ReadonlyMap<string, string>;
  readonly clientOrderId: string;
  readonly host: string;
  /** When the engine decided to ask, in milliseconds of virtual time; it may be written later. */
  readonly askedAt: number;
}

/** An answer on the wire: a dialect object, or a text that is none. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What becomes of one request. Faults change it before the request leaves. */
export interface Fate {
  /** Between the signature and the write. */
  writeMs: number;
  ingressMs: number;
  replyMs: number;
  readLagMs: number;
  isRequestLost: boolean;
  isReplyLost: boolean;
  /** Kept at ingress until released. */
  isHeld: boolean;
  /** Answered by something in front of the venue, which never sees it. */
  instead: WireAnswer | undefined;
  rewrite: ((answer: WireAnswer) => WireAnswer) | undefined;
  /** Told when the fault has reached the engine. */
  readonly effects: (() => void)[];
}

const kinds: Readonly<Record<string, RequestKind>> = {
  'POST /api/v3/order': 'create',
  'DELETE /api/v3/order': 'cancel',
  'GET /api/v3/order': 'order',
  'GET /api/v3/openOrders': 'openOrders',
  'GET /api/v3/myTrades': 'trades',
  'GET /api/v3/account': 'balances',
  'GET /api/v3/depth': 'depth',
  'GET /api/v3/time': 'time',
};

export const kindOf = (raw: RawRequest): RequestKind => kinds[`${raw.method} ${raw.path}`] ?? 'other';

export const isRead = (kind: RequestKind): boolean => kind !== 'create' && kind !== 'cancel';

/** The answer a connection carries; undefined is a cut one. */
export const wireAnswerOf = (answer: RawAnswer): WireAnswer | undefined =>
  answer && { status: answer.status, headers: lower(answer.headers), body: answer.body };

function lower(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lowered: Record<string, string> = {};
  for (const name of Object.keys(headers)) lowered[name.toLowerCase()] = headers[name]!;
  return lowered;
}

/** A frame on its way to the engine. */
export interface SeenFrame {
  readonly host: string;
  readonly stream: 'public' | 'private';
  readonly isDepth: boolean;
  readonly text: string;
}

/** What becomes of one frame: lost when empty, otherwise these texts after these extra waits. */
export type FrameFate = readonly { readonly text: string; readonly extraMs: number }[] | undefined;

/** Faults that stand between the engine and the venue. */
export interface WireFaults {
  onRequest(request: SeenRequest, fate: Fate): void;
  onFrame(frame: SeenFrame): FrameFate;
  /** False refuses the dial. */
  mayConnect(stream: 'public' | 'private'): boolean;
}
