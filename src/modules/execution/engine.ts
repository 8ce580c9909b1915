import type { Instrument, InstrumentId } from '../../domain/instrument';
import type { Mono } from '../../domain/units';
import type { Runtime } from '../../runtime/runtime';
import type { ClockService } from './clock/clock.service';
import type { CircuitBreaker } from './common/circuit-breaker.service';
import type { Notify } from './common/notices';
import type { RateLimiter } from './common/rate-limiter.service';
import type { EngineParts } from './engine-parts';
import type { ConnectorFactory } from './connectors/connector.factory';
import type { CredentialCheck } from './connectors/credential-probe';
import type { Credentials, ExchangeConnector } from './connectors/types';
import type { Switches } from './dead-man-words';
import type { OrderExecutor, Step } from './executors/order-executor.service';
import type { Halts } from './halts';
import type { LeaseKeeper } from './lease-keeper';
import type { RiskDesk } from './risk/risk-desk';
import type { RulesKeeper } from './rules-keeper';
import type { Session } from './session';
import type { Store } from './store/types';
import type { AccountBooks } from './trackers/account-books';
import type { AccountReconciler } from './trackers/account-reconciler.service';
import type { BootIdentity, ClientOrderTracker } from './trackers/client-order-tracker.service';
import type { Holdings } from './trackers/holdings';
import type { OrderBookTracker } from './trackers/order-book-tracker.service';
import type { UserStreamTracker } from './trackers/user-stream-tracker.service';
import type { AccountConfig } from './types';

/** One exchange account the engine has open: its connector, its books and the one who asks its venue. */
export interface OpenAccount {
  readonly config: AccountConfig;
  readonly connector: ExchangeConnector;
  /** In force: what its strategies decide by. */
  readonly rules: Map<InstrumentId, Instrument>;
  readonly books: AccountBooks;
  readonly reconciler: AccountReconciler;
}

/** Everything stateful of one engine, each object built once. */
export interface Engine {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly notify: Notify;
  readonly boot: BootIdentity;
  readonly clock: ClockService;
  readonly books: OrderBookTracker;
  readonly holdings: Holdings;
  readonly orders: ClientOrderTracker;
  readonly userStreams: UserStreamTracker;
  readonly connectors: ConnectorFactory;
  /** Whether a key works, found out with a connector that is thrown away. Throws as `connectors.create` does. */
  readonly probe: (account: AccountConfig, credentials: Credentials) => Promise<readonly CredentialCheck[]>;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly executor: OrderExecutor;
  readonly leases: LeaseKeeper;
  readonly halts: Halts;
  readonly switches: Switches;
  readonly risk: RiskDesk;
  readonly rules: RulesKeeper;
  readonly parts: EngineParts;
  readonly database: DatabaseState;
  readonly accounts: Map<string, OpenAccount>;
  /** Accounts that listen and have not answered yet: what happens to the database concerns them as well. */
  readonly openings: Set<OpenAccount>;
  readonly sessions: Map<string, Session>;
  /** Numbers of the strategies whose lease is being taken: orders of them may be on record and not in memory yet. */
  readonly arriving: Set<number>;
  /** What the sessions of the current tick want done; the act phase takes it. */
  readonly steps: Step[];
  readonly startedAt: Mono;
  /** From `stopping` on no session opens. */
  readonly lifecycle: { state: 'running' | 'stopping' | 'stopped' };
  shutdown(): Promise<void>;
}

/** Whether the Store answers, since when it does not, and when it last came back; never before it was away. */
export interface DatabaseState {
  downSince: Mono | undefined;
  backAt: Mono | undefined;
}
