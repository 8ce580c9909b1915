import type { AccountConfig, SessionConfig } from '../../../src/modules/execution/types';

/** Everything an engine process is started with. */
export interface EngineOrders {
  readonly engineId: string;
  readonly databaseUrl: string;
  readonly simOrigin: string;
  readonly tickMs: number;
  readonly account: AccountConfig;
  readonly sessions: readonly SessionConfig[];
  /** Moved from what is unallocated to each strategy, once. */
  readonly allocations: readonly Allocation[];
}

export interface Allocation {
  readonly strategyId: string;
  readonly asset: string;
  readonly quantity: string;
}

/** Asked of an engine process; answered with the same `id`. */
export type Question = { readonly id: number } & (
  | { readonly ask: 'orders' }
  | { readonly ask: 'sessions' }
  | { readonly ask: 'kill'; readonly scopeKey: string }
);

/** An order that the engine believes may be at the venue. */
export interface KnownOrder {
  readonly clientOrderId: string;
  readonly status: string;
  readonly left: string;
}

/** Told by an engine process. */
export type Told =
  | { readonly kind: 'registered'; readonly ownerId: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown };
