import type { RequestKind } from '../faults';
import type { Fields } from './gate-fields';
import type { Charge } from './gate-meter';
import type { Draft } from './gate-order-params';
import type { Validity } from './gate.signature';

/** What anybody may ask. May answer with a promise. */
export type OpenRoute = (call: OpenCall) => unknown;

export interface OpenCall {
  readonly query: Fields;
  /** The last part of a path that names one thing. */
  readonly id: string;
}

/** A request whose key and signature were found good. */
export interface SignedCall extends OpenCall {
  readonly account: string;
  /** The JSON body; undefined without one. */
  readonly body: unknown;
  readonly validity: Validity;
  /** The orders of a create. */
  readonly drafts: readonly Draft[];
}

/** `cut` closes the connection without an answer. */
export type Reply =
  { readonly cut: true } | { readonly cut?: false; readonly body: unknown; readonly status?: number };

export interface SignedRoute {
  readonly kind: RequestKind;
  /** What it counts against, where that is not its endpoint alone. */
  readonly charges?: (call: SignedCall) => readonly [Charge, ...Charge[]];
  /** Whether its body asks for new orders. */
  readonly isCreate?: true;
  readonly handle: (call: SignedCall) => Reply | Promise<Reply>;
}

export type Routes<T> = readonly (readonly [string, T])[];

const api = '/api/v4';
const named = /^(\/spot\/(?:orders|currency_pairs|currencies))\/([^/]+)$/;

export const route = (method: string, path: string): string => `${method} ${api}${path}`;

/** The name a request is routed by, and what its path names. */
export function routeOf(method: string, path: string): { readonly name: string; readonly id: string } {
  const match = path.startsWith(api) ? named.exec(path.slice(api.length)) : null;
  if (!match?.[1] || !match[2]) return { name: `${method} ${path}`, id: '' };
  return { name: route(method, `${match[1]}/{id}`), id: decoded(match[2]) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
