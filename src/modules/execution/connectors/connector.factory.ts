import { DomainError, VenueError } from '../../../domain/errors';
import type { AccountId, VenueId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import { BinanceConnector } from './binance.connector';
import { knowledgeOf } from './ccxt.knowledge';
import type { KnowledgeOptions, VenueKnowledge } from './ccxt.knowledge';
import type { VenueDialect } from './dialect';
import { GateConnector } from './gate.connector';
import { OkxConnector } from './okx.connector';
import type { Credentials, Environment, ExchangeConnector, MarketFeed } from './types';
import type { ConnectorParts, VenueConnector } from './venue.connector';
import { VenueFeed } from './venue.feed';

export interface FactoryParts {
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  /** Asked once per connector. */
  readonly credentials: (accountId: AccountId) => Promise<Credentials>;
  /** Where the simulator listens, for the environment `sim`. */
  readonly simOrigin?: string;
  /** Addresses and signatures; what ccxt knows without one. */
  readonly knowledge?: (options: KnowledgeOptions) => VenueKnowledge;
}

export interface ConnectorAccount {
  readonly id: AccountId;
  readonly venue: VenueId;
  readonly environment: Environment;
}

interface ConnectorClass {
  readonly dialect: VenueDialect;
  new (parts: ConnectorParts): VenueConnector;
}

/** Every venue that is served. */
const connectors: Partial<Record<VenueId, ConnectorClass>> = {
  binance: BinanceConnector,
  okx: OkxConnector,
  gate: GateConnector,
};

function classOf(venue: VenueId): ConnectorClass {
  const served = connectors[venue];
  if (!served) throw new VenueError('VENUE_NOT_SERVED', `${venue} has no connector`);
  return served;
}

/**
 * One connector per account and one market feed per venue, however often they are asked for. A venue is served in one
 * environment per engine: books are known by venue, and a live order must never be priced on a simulated book.
 */
export class ConnectorFactory {
  private readonly feeds = new Map<string, VenueFeed>();
  private readonly connectors = new Map<AccountId, Promise<VenueConnector>>();
  private readonly ready = new Set<VenueConnector>();

  constructor(private readonly parts: FactoryParts) {}

  /**
   * Throws VenueError for a venue that is not served, DomainError when it is already served in another environment,
   * and whatever the source of credentials throws.
   */
  create(account: ConnectorAccount): Promise<ExchangeConnector> {
    const known = this.connectors.get(account.id);
    if (known) return known;
    const made = this.build(account);
    this.connectors.set(account.id, made);
    made.catch(() => this.connectors.delete(account.id));
    return made;
  }

  /** Throws VenueError for a venue that is not served, DomainError when it is served in another environment. */
  feed(venue: VenueId, environment: Environment): MarketFeed {
    return this.sharedFeed(venue, environment);
  }

  /** Ends the connector of an account; the feed of its venue goes on. */
  async forget(accountId: AccountId): Promise<void> {
    const known = await this.connectors.get(accountId)?.catch(() => undefined);
    this.connectors.delete(accountId);
    if (!known) return;
    this.ready.delete(known);
    await known.disconnect();
  }

  all(): readonly ExchangeConnector[] {
    return [...this.ready];
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.ready].map((connector) => connector.disconnect()));
    await Promise.all([...this.feeds.values()].map((feed) => feed.disconnect()));
    this.connectors.clear();
    this.ready.clear();
    this.feeds.clear();
  }

  private async build(account: ConnectorAccount): Promise<VenueConnector> {
    const feed = this.sharedFeed(account.venue, account.environment);
    const credentials = await this.parts.credentials(account.id);
    const { runtime, limiter, breaker, simOrigin } = this.parts;
    const { environment } = account;
    const venueNow = (): number => feed.clock.venueNow();
    const knowledge = this.knowledge({ venue: account.venue, environment, simOrigin, credentials, venueNow });
    const address = addressOf(account.venue, environment);
    const connector = new (classOf(account.venue))({
      runtime,
      limiter,
      breaker,
      feed,
      knowledge,
      address,
      accountId: account.id,
    });
    this.ready.add(connector);
    return connector;
  }

  private knowledge(options: KnowledgeOptions): VenueKnowledge {
    return (this.parts.knowledge ?? knowledgeOf)(options);
  }

  private sharedFeed(venue: VenueId, environment: Environment): VenueFeed {
    const { dialect } = classOf(venue);
    const address = addressOf(venue, environment);
    const known = this.feeds.get(address);
    if (known) return known;
    this.refuseMixing(venue, environment);
    const { runtime, limiter, simOrigin } = this.parts;
    const venueNow = (): number => runtime.now();
    const knowledge = () => this.knowledge({ venue, environment, simOrigin, venueNow });
    const made = new VenueFeed({ dialect, runtime, limiter, address, knowledge });
    this.feeds.set(address, made);
    return made;
  }

  /** Throws DomainError when the venue is already served in another environment. */
  refuseMixing(venue: VenueId, environment: Environment): void {
    const own = addressOf(venue, environment);
    const other = [...this.feeds.keys()].find((one) => one.startsWith(`${venue}:`) && one !== own);
    if (other === undefined) return;
    const detail = `this engine already serves ${other}, and ${environment} was asked for`;
    throw new DomainError('ENVIRONMENT_MIXED', detail, 'Run a second engine for the other environment.');
  }
}

const addressOf = (venue: VenueId, environment: Environment): string => `${venue}:${environment}`;
