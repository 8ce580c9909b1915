import type { Ms } from '../../domain/units';
import type { RequestKind } from '../faults';
import type { Fields } from './okx-fields';
import type { Charge } from './okx-meter';
import type { Draft } from './okx-order-params';

/** What anybody may ask. */
export interface OpenRoute {
  /** How often in two seconds, or another span, one address may ask. */
  readonly limit: number;
  readonly windowMs?: number;
  /** The rows of the answer; may come with a promise. */
  readonly handle: (query: Fields) => readonly unknown[] | Promise<readonly unknown[]>;
}

/** A request whose key and signature were found good. */
export interface SignedCall {
  readonly account: string;
  readonly query: Fields;
  /** The JSON body; undefined without one. */
  readonly body: unknown;
  /** The orders of a create. */
  readonly drafts: readonly Draft[];
  /** `expTime` */
  readonly validUntil: Ms | undefined;
}

export interface Envelope {
  readonly code: string;
  readonly msg: string;
  readonly data: readonly unknown[];
}

/** `cut` closes the connection without an answer. */
export type Reply = { readonly cut: true } | { readonly cut?: false; readonly body: Envelope };

export interface SignedRoute {
  readonly kind: RequestKind;
  readonly charges: (call: SignedCall) => readonly Charge[];
  /** Whether its body asks for new orders. */
  readonly isCreate?: true;
  /** Whether `expTime` is looked at. */
  readonly isExpiring?: true;
  /** Whether the answer tells when the gateway took the request in and let it out. */
  readonly isTimed?: true;
  readonly handle: (call: SignedCall) => Reply | Promise<Reply>;
}

export type Routes<T> = readonly (readonly [string, T])[];

export const route = (method: 'GET' | 'POST', path: string): string => `${method} /api/v5/${path}`;

export const success = (data: readonly unknown[]): Envelope => ({ code: '0', msg: '', data });
