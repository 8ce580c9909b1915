import type { AccountId, InstrumentId, VenueId } from '../../domain/instrument';
import type { Fill } from '../../domain/fill';
import type { ClientOrder, OrderStatus } from '../../domain/order';
import type { Decision } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import type { Dec, Ms } from '../../domain/units';
import type { Credentials, Environment } from './connectors/types';
import type { Balance } from './store/types';
import type { AccountRead } from './trackers/reconcile';

export type { CredentialCheck } from './connectors/credential-probe';
export type { StandingHalt } from './halts';
export type { Balance, HaltLevel, NewHalt, TransferLine } from './store/types';

/** An exchange account as the engine needs it. */
export interface AccountConfig {
  readonly id: AccountId;
  readonly venue: VenueId;
  readonly environment: Environment;
}

/** What is wrong with an account or its venue, and since when. */
export interface StandingProblem extends Reason {
  readonly since: Ms;
  /** The pairs it is about; none for the whole account. */
  readonly symbols: readonly string[];
}

/** How an account stands with its venue, in words a person can act on. */
export interface AccountHealth {
  readonly state: 'idle' | 'connecting' | 'ok' | 'degraded';
  readonly problems: readonly StandingProblem[];
}

/** Where the engine gets keys from; implemented by its host. Keys are asked for once per connector. */
export interface CredentialSource {
  credentials(accountId: AccountId): Promise<Credentials>;
}

/** What somebody wants to run, resolved to values. `config` is the validated configuration of its controller. */
export interface SessionConfig {
  readonly strategyId: string;
  /** Positive, unique; part of every client order id of this strategy. */
  readonly number: number;
  readonly account: AccountConfig;
  readonly instrument: InstrumentId;
  readonly strategyType: 'pureMarketMaking';
  readonly config: unknown;
  /** Whose strategy it is; a halt may name its owner. */
  readonly ownerId?: string;
}

/** Notices after the commit. Readers, never callers: nothing waits for them and a throw is logged. */
export interface FillSink {
  fillBooked(fill: Fill, balances: readonly Balance[]): void;
}

export type SessionState = 'opening' | 'running' | 'closing' | 'closed' | 'quarantined';

/** An own order as callers see it: decimals, the word for people, and who confirmed it last. */
export interface OrderView {
  readonly clientOrderId: string;
  readonly venueOrderId: string | undefined;
  readonly strategyId: string;
  readonly accountId: AccountId;
  readonly venue: VenueId;
  readonly symbol: InstrumentId;
  readonly slotKey: string;
  readonly side: 'buy' | 'sell';
  readonly price: Dec;
  readonly quantity: Dec;
  readonly maxFilled: Dec;
  readonly bookedFilled: Dec;
  readonly status: OrderStatus;
  readonly command: ClientOrder['command'];
  readonly evidence: { readonly source: string; readonly ageMs: number };
}

/** One session at this moment, for pages and REST. Money in decimals. */
export interface SessionView {
  readonly strategyId: string;
  readonly state: SessionState;
  readonly detail: string;
  readonly bestBid: Dec | undefined;
  readonly bestAsk: Dec | undefined;
  readonly mid: Dec | undefined;
  readonly bookAgeMs: number | undefined;
  readonly orders: readonly OrderView[];
  readonly reasons: readonly (Reason & { readonly since: Ms })[];
  readonly balances: readonly Balance[];
  readonly lean: number;
}

/** Who wants a scope stopped, and why. */
export interface KillRequest {
  readonly scopeKey: string;
  readonly reason: string;
  readonly actor: string;
}

/** How far a kill has come: confirmed and swept are two proofs, the second by reads of the venue. */
export interface KillView extends KillRequest {
  readonly id: string;
  readonly createdAtMs: Ms;
  /** When this process began to prove it: later than the kill after a restart. */
  readonly provingSinceMs: Ms;
  /** False while the database has not answered: the halt stands in memory alone. */
  readonly isSaved: boolean;
  readonly leases: number;
  readonly confirmedAtMs: Ms | undefined;
  readonly sweptAtMs: Ms | undefined;
  readonly remaining: readonly OrderView[];
  /** Accounts whose venue has not answered the last read. */
  readonly silentAccounts: readonly AccountId[];
}

/** How far a question of an account has come that a person asked for. */
export interface AccountReadsView {
  readonly id: string;
  readonly accountId: AccountId;
  readonly requestedBy: string;
  readonly createdAtMs: Ms;
  readonly deadlineAtMs: Ms;
  readonly finishedAtMs: Ms | undefined;
  /** The deadline has passed without an answer to every read. */
  readonly isLate: boolean;
  readonly readsLeft: readonly AccountRead[];
  /** What the books and the venue disagree about; undefined while nothing is. */
  readonly disagreement: string | undefined;
  /** Orders the venue has not accounted for. */
  readonly unresolved: readonly OrderView[];
}

/** Where a strategy trades and whose it is. */
export interface StrategyPlace {
  readonly strategyId: string;
  readonly account: AccountConfig;
  readonly instrument: InstrumentId;
  readonly ownerId?: string | undefined;
}

/** One decision, kept for an hour in memory. */
export interface DecisionView {
  readonly at: Ms;
  readonly tick: number;
  readonly bestBid: Dec | undefined;
  readonly bestAsk: Dec | undefined;
  readonly decision: Decision;
  readonly plan: {
    readonly keep: number;
    readonly place: readonly string[];
    readonly cancel: readonly string[];
  };
  readonly reasons: readonly Reason[];
}

/** The proof that ends a stop: what the venue itself still shows of ours. */
export interface CloseResult {
  readonly confirmed: boolean;
  readonly remaining: readonly OrderView[];
  /** Own orders the venue listed in the read made after the last one ended. */
  readonly venueOpenOrders: number;
}

/** How a stop of the whole engine ended; confirmed when nothing of ours is in memory, on record or at a venue. */
export interface StopResult {
  readonly confirmed: boolean;
  readonly cancelled: number;
  readonly remaining: readonly OrderView[];
}

/**
 * How far a strategy has come on its way to another engine: `proving` until every order of it is shown by the venue,
 * `offered` to whoever takes it, `taken` by another engine. Where that fails: `cancelling` its orders, `taken_back` for
 * that when nobody came, and `ended` when they are proved gone.
 */
export type HandoverFate = 'proving' | 'offered' | 'taken' | 'cancelling' | 'taken_back' | 'ended';

export interface HandedStrategy {
  readonly strategyId: string;
  readonly fate: HandoverFate;
  /** Live orders it was offered with. */
  readonly ordersCount: number;
  /** The boot that goes on with it. */
  readonly takenBy: string | undefined;
}

/** A strategy that need not exist, to be planned. `allocation` in decimals of base and quote. */
export interface PlanInput {
  readonly account: AccountConfig;
  readonly instrument: string;
  readonly strategyType: string;
  readonly config: unknown;
  readonly allocation: { readonly base: string; readonly quote: string };
}

/** The dry run: what the first tick would do, by the same code. */
export interface PlanView {
  readonly reference: { readonly price: Dec; readonly asOf: Ms } | undefined;
  readonly quotes: readonly {
    readonly slot: string;
    readonly side: 'bid' | 'ask';
    readonly price: Dec;
    readonly unskewedPrice: Dec;
    readonly quantity: Dec;
    readonly notionalQuote: Dec;
    readonly distanceBps: number;
  }[];
  readonly feeRoundTripBps: number;
  readonly breakEvenSpreadBps: number;
  readonly quotedSpreadBps: number | undefined;
  readonly required: { readonly base: Dec; readonly quote: Dec };
  readonly blockers: readonly {
    readonly code: string;
    readonly pointer: string;
    readonly detail: string;
    readonly fix: string;
  }[];
  readonly warnings: readonly string[];
}
