import type { ApprovedOrder } from '../../../domain/approved-order';
import type { Fill } from '../../../domain/fill';
import type { AccountId, InstrumentId, VenueId } from '../../../domain/instrument';
import type { End, OrderType, TimeInForce } from '../../../domain/order';
import type { Dec, Ms, Side } from '../../../domain/units';

/** The intents of one session in one tick: all or nothing, in a savepoint of its own. */
export interface IntentBatch {
  readonly strategyId: string;
  readonly ownerId: string;
  readonly epoch: number;
  readonly orders: readonly ApprovedOrder[];
}

export type CommitRefusal = 'LEASE_LOST' | 'HALTED' | 'SLOT_OCCUPIED' | 'INSUFFICIENT_FUNDS';
export type CommitVerdict =
  | { readonly kind: 'committed'; readonly committedAt: Ms; readonly deadlineAt: Ms }
  | { readonly kind: 'refused'; readonly reason: CommitRefusal; readonly detail: string };

/** `holder` as in the ledger rules: `strategy:<id>`, `unallocated:<account>`, `external:<account>`, … */
export interface Balance {
  readonly holder: string;
  readonly asset: string;
  readonly total: Dec;
  readonly reserved: Dec;
}

/** `balances`: what the holders of the fill have now, also when somebody else booked it before. */
export type FillResult =
  | {
      readonly kind: 'booked' | 'duplicate';
      readonly bookedFilled: Dec;
      readonly balances: readonly Balance[];
    }
  | { readonly kind: 'conflict'; readonly detail: string };

/** How far the trades of one instrument of one account were read. */
export interface TradeCursor {
  readonly accountId: AccountId;
  readonly instrument: InstrumentId;
  readonly lastTradeId: string;
}

/** What the fills booked for a strategy since a moment have moved, in its base and quote, fees of those assets paid. */
export interface Traded {
  /** Database clock. */
  readonly since: Ms;
  readonly base: Dec;
  readonly quote: Dec;
  /** The best they were worth at the price of one of them, in quote; never below 0. */
  readonly best: Dec;
}

/**
 * When the books were made to show what the venue did (database clock): whatever had moved the account by then is in
 * them, explained or not.
 */
export interface Settled {
  /** The opening balance was posted: of every asset. */
  readonly openedAt: Ms | undefined;
  /** A difference that nobody could explain was posted last, by asset. */
  readonly unexplainedAt: Readonly<Record<string, Ms>>;
}

export interface OrderEnd {
  readonly clientOrderId: string;
  readonly ended: End;
  readonly venueOrderId?: string | undefined;
}

/** The durable facts of one order, decimals as sent. */
export interface OrderRow {
  readonly clientOrderId: string;
  readonly strategyId: string;
  readonly accountId: AccountId;
  readonly venue: VenueId;
  readonly instrument: InstrumentId;
  readonly slotKey: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly epoch: number;
  readonly committedAt: Ms;
  readonly deadlineAt: Ms;
  readonly venueOrderId: string | undefined;
  readonly bookedFilled: Dec;
  readonly ended: End | undefined;
}

export interface TransferLine {
  readonly holder: string;
  readonly asset: string;
  readonly quantity: Dec;
}

/** Money that moves for any reason but a fill. Lines sum to zero per asset; `key` makes it happen once. */
export interface Transfer {
  readonly key: string;
  readonly kind: 'credit' | 'payout' | 'allocation' | 'external' | 'adjustment';
  readonly lines: readonly TransferLine[];
  /** Holders that must not fall below `reserved`. */
  readonly guarded: readonly string[];
}
export type TransferResult =
  | { readonly kind: 'done'; readonly duplicate: boolean; readonly balances: readonly Balance[] }
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'insufficient'; readonly detail: string };

export interface Lease {
  readonly strategyId: string;
  readonly ownerId: string;
  readonly epoch: number;
}

export interface TakenLease extends Lease {
  /**
   * How long the lease of an owner that was not heard to end still had to run when it was taken; negative once it
   * is over, undefined when none has died or its death is over. What it signed may reach the venue a little longer.
   */
  readonly predecessorExpiresInMs: number | undefined;
  /** The owner before us left its live orders to us, and no order of which it could not say that it is one. */
  readonly isHandover: boolean;
}

export interface LeaseEnd {
  /** That one alone: what the same owner has taken anew meanwhile stays, unless it is halted. */
  readonly epoch?: number | undefined;
  /** Nothing can come up any more of an owner that died before: nobody needs to wait for it again. */
  readonly isDeathOver?: boolean;
}

/** A strategy whose lease an engine gave back with its live orders, and that nobody has taken yet. */
export interface Offered {
  readonly strategyId: string;
  readonly number: number;
  readonly accountId: AccountId;
}

/** A strategy that another live engine leases. */
export interface LeasedElsewhere extends Offered {
  readonly ownerId: string;
}

export type HaltLevel = 'REDUCE_ONLY' | 'CANCEL_ONLY' | 'HALTED';

/**
 * `scopeKey`: `global`, `venue:<id>`, `account:<id>`, `instrument:<account>/<id>`, `owner:<id>`, `strategy:<id>`, or
 * `engine:<id>`, which binds one engine and no lease.
 */
export interface NewHalt {
  readonly scopeKey: string;
  readonly level: HaltLevel;
  readonly reason: string;
  readonly actor: string;
}

export interface Halt extends NewHalt {
  /** Database clock. */
  readonly at: Ms;
  /** Halted leases in its scope when it was read. */
  readonly leases: number;
}

export interface HaltedScope {
  readonly halt: Halt;
  /** Every strategy in the scope, leased or not. */
  readonly strategies: readonly {
    readonly id: string;
    readonly number: number;
    readonly accountId: AccountId;
  }[];
}

/** What a venue may have been told of an account: to cancel all of it, or of these pairs, unless it hears otherwise. */
export interface ArmedSwitch {
  readonly ownerId: string;
  /** How long until it may fire; negative once it may have. */
  readonly dueInMs: number;
  readonly places: readonly string[];
}

/** An account that is declared to be this installation's alone, or was while a switch of its venue was armed. */
export interface SwitchRow {
  readonly accountId: AccountId;
  readonly isDedicated: boolean;
  readonly armed: ArmedSwitch | null;
}

/** An order of ours that a venue lists and no row explains. Decimals as the venue shows them. */
export interface Adoption {
  readonly clientOrderId: string;
  readonly strategyNumber: number;
  readonly ownerId: string;
  readonly accountId: AccountId;
  readonly venue: VenueId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly price: Dec;
  readonly quantity: Dec;
  /** Undefined while the venue has not shown it. */
  readonly venueOrderId: string | undefined;
  readonly holdAsset: string;
  readonly holdRate: Dec;
}

/** `elsewhere`: another live engine leases its strategy. `foreign`: its id names no strategy of the account. */
export type Adopted =
  | { readonly kind: 'adopted'; readonly row: OrderRow }
  | { readonly kind: 'known'; readonly row: OrderRow }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'foreign' };

/** What an engine is built from. */
export interface Build {
  /** Semantic version; engines of another major never trade beside this one. */
  readonly id: string;
  /** Number of the last migration it knows. */
  readonly schemaVersion: number;
}

export interface Registration {
  readonly ownerId: string;
  readonly nonce: string;
  readonly installation: string;
  /** Earlier boots of this engine id within the window that ended without a word, since a person last lifted. */
  readonly uncleanBoots: number;
}

export interface OrderLogLine {
  readonly clientOrderId: string;
  readonly kind: string;
  readonly status: string;
  readonly source: string;
  readonly detail: string;
  /** The boot that wrote it. */
  readonly worker: string;
  readonly at: Ms;
}

/** The Store did not answer: what was asked may or may not be durable. */
export class StoreUnavailable extends Error {
  constructor(readonly detail: string) {
    super(`STORE_UNAVAILABLE: ${detail}`);
    this.name = 'StoreUnavailable';
  }
}

/**
 * Makes an intent, a fill, an end and a transfer durable, each in one transaction. The engine's only way to the
 * database. Every method may throw StoreUnavailable; then the outcome of a write is unknown.
 */
export interface Store {
  /** Draws the boot nonce and remembers it. Engines that share a database need different engine ids. */
  registerEngine(
    engine: { readonly engineId: string; readonly build: Build },
    nonces: () => string,
    bootWindowMs: number,
  ): Promise<Registration>;
  /** The same boot again, for a database that was set back to before it: others ask it which builds trade. */
  rejoin(
    boot: { readonly ownerId: string; readonly nonce: string },
    engine: { readonly engineId: string; readonly build: Build },
  ): Promise<void>;
  /** Says that the engine works: whoever watches it takes its silence for death. Answers the database's time. */
  recordProgress(ownerId: string): Promise<Ms>;
  /** Marks the boot as ended on purpose. */
  markStopped(ownerId: string): Promise<void>;
  /**
   * Takes the lease of a strategy with epoch + 1: when it is free, ours or expired, and no standing halt of CANCEL_ONLY
   * or above covers it. A lease that a lifted halt left halted is taken anew. Throws DomainError LEASE_NOT_HELD while an
   * engine of another build major or schema holds any live lease.
   */
  takeLease(strategyId: string, ownerId: string, ttlMs: number): Promise<TakenLease | undefined>;
  /**
   * Renews every lease of an owner in one statement; answers the strategies still held, with their epochs. One that had
   * run out is lost beside another build.
   */
  renewLeases(ownerId: string, ttlMs: number): Promise<ReadonlyMap<string, number>>;
  /** Gives a lease back after the last order has ended: whoever takes it next need not wait. */
  releaseLease(strategyId: string, ownerId: string, end?: LeaseEnd): Promise<void>;
  /**
   * Gives a lease back with its live orders, which are left to whoever takes it within `offerMs`. False, and nothing
   * changes, when it is not held, has run out or is halted, or when an order on record was never shown by the venue.
   */
  handOver(strategyId: string, ownerId: string, offerMs: number): Promise<boolean>;
  /**
   * Records a halt; at CANCEL_ONLY and above the same transaction sets every lease in its scope to halted with
   * epoch + 1, so that no earlier decision commits. Repeating it changes nothing.
   */
  kill(halt: NewHalt): Promise<HaltedScope>;
  /** Ends the standing halts of one scope; answers them. Its leases stay halted until they are taken anew. */
  liftHalt(lift: {
    readonly scopeKey: string;
    readonly actor: string;
    readonly reason: string;
  }): Promise<readonly Halt[]>;
  /**
   * Has `changed` called when a halt is committed or lifted by anybody, or a strategy is offered. A hint that may be lost: whoever listens also
   * looks from time to time.
   */
  onHalt(changed: () => void): void;
  /** The standing halts, the strategies that other live engines lease, those that are offered, and the switches of venues. */
  standing(ownerId: string): Promise<{
    readonly halts: readonly Halt[];
    readonly elsewhere: readonly LeasedElsewhere[];
    readonly offered: readonly Offered[];
    readonly switches: readonly SwitchRow[];
  }>;
  /**
   * Before a venue is told: it may cancel these places in so many ms. False, and then it must not be told, unless the
   * account is dedicated and every live lease of it is this owner's, at least one. An owner that is leaving may renew what
   * it recorded beside those who have taken over from it.
   */
  recordSwitch(accountId: AccountId, armed: ArmedSwitch, isLeaving?: boolean): Promise<boolean>;
  /** After the venue has agreed to cancel nothing; what another owner recorded since stays. */
  forgetSwitch(accountId: AccountId, ownerId: string): Promise<void>;
  /** Gives an order of ours without a row one, in a slot of its own, with its funds held. */
  adopt(order: Adoption): Promise<Adopted>;
  commitIntents(
    batches: readonly IntentBatch[],
    createDeadlineMs: number,
  ): Promise<ReadonlyMap<string, CommitVerdict>>;
  recordAcks(
    acks: readonly { readonly clientOrderId: string; readonly venueOrderId: string }[],
  ): Promise<void>;
  /** Fills in order; one transaction for all; one result per fill. A fill that completes its order also commits its end. Cursors advance with them. */
  recordFills(fills: readonly Fill[], cursors: readonly TradeCursor[]): Promise<readonly FillResult[]>;
  /** Posts the fee of a booked fill that came without one; once. */
  recordFee(fill: Fill): Promise<FillResult>;
  /** Commits ends and frees what the orders still hold. Ending an ended order changes nothing. */
  endOrders(ends: readonly OrderEnd[]): Promise<readonly Balance[]>;
  /**
   * Takes back the end of an order that the venue shows live: in a slot of its own, because its slot may be another's by
   * now, and with its funds held again, even below zero free. One that is complete, or has no end, stays as it is.
   */
  reopenOrder(clientOrderId: string): Promise<readonly Balance[]>;
  transfer(transfer: Transfer): Promise<TransferResult>;
  /**
   * Orders of an account without a committed end, its trade cursors, fills whose fee is pending, and every holder
   * whose money lies on it (its strategies, unallocated, suspense, unexplained): their totals are what it should show.
   * The instruments are those of its strategies that run, or should.
   */
  load(accountId: AccountId): Promise<{
    readonly orders: readonly OrderRow[];
    readonly cursors: readonly TradeCursor[];
    readonly pendingFees: readonly Fill[];
    readonly holders: readonly string[];
    readonly instruments: readonly InstrumentId[];
    readonly settled: Settled;
  }>;
  findOrder(
    by:
      | { readonly clientOrderId: string }
      | {
          readonly venue: VenueId;
          readonly accountId: AccountId;
          readonly instrument: InstrumentId;
          readonly venueOrderId: string;
        },
  ): Promise<OrderRow | undefined>;
  balances(holders: readonly string[]): Promise<readonly Balance[]>;
  /**
   * Since `from`, or since a person last lifted a halt of the strategy that one of these codes gave the reason of. It
   * answers behind every fill that was told before it.
   */
  tradedSince(strategyId: string, from: Ms, liftedCodes: readonly string[]): Promise<Traded>;
  /** Database clock. */
  now(): Promise<Ms>;
  /** The log for people: written behind, may lose its last second, decides nothing. */
  log(lines: readonly OrderLogLine[]): void;
  close(): Promise<void>;
}
