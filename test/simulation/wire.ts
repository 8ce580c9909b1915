import type { WireAnswer as DialectAnswer, WireRequest } from '../../src/venue-simulator/dialect.server';
import type { EventKind } from './l2/dialect-reader';

export type RequestKind =
  | 'create'
  | 'cancel'
  | 'order'
  | 'openOrders'
  | 'history'
  | 'trades'
  | 'balances'
  | 'depth'
  | 'time'
  | 'rules'
  | 'other';

/** A request on its way, as faults and the oracle see it. */
export interface SeenRequest {
  readonly id: number;
  readonly kind: RequestKind;
  readonly raw: WireRequest;
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
  /** Answered by something in front of the venue, which never sees it: a refusal in the shared words, or a page. */
  instead: WireAnswer | undefined;
  /** Is given what the venue says, and the same in the shared words. */
  rewrite: ((answer: WireAnswer, heard: WireAnswer) => WireAnswer) | undefined;
  /** Told when the fault has reached the engine. */
  readonly effects: (() => void)[];
}

export const isRead = (kind: RequestKind): boolean => kind !== 'create' && kind !== 'cancel';

/** The answer a connection carries; undefined is a cut one. */
export const wireAnswerOf = (answer: DialectAnswer): WireAnswer | undefined =>
  answer && { status: answer.status, headers: lowered(answer.headers), body: answer.body };

/** Names of headers as Node gives them. */
export function lowered(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const name of Object.keys(headers)) plain[name.toLowerCase()] = headers[name]!;
  return plain;
}

/** A frame on its way to the engine. */
export interface SeenFrame {
  readonly host: string;
  readonly stream: 'public' | 'private';
  readonly isDepth: boolean;
  /** What a private frame tells of, if it tells of the account. */
  readonly event: EventKind | undefined;
  readonly text: string;
}

/** What becomes of one frame: lost when empty, otherwise these texts after these extra waits. */
export type FrameFate = readonly { readonly text: string; readonly extraMs: number }[] | undefined;

/** Faults that stand between the engine and the venue. */
export interface WireFaults {
  /** Whether anything is done to frames. */
  readonly spoilsFrames: boolean;
  onRequest(request: SeenRequest, fate: Fate): void;
  onFrame(frame: SeenFrame): FrameFate;
  /** False refuses the dial. */
  mayConnect(stream: 'public' | 'private'): boolean;
}
