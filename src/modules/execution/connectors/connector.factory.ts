import { DomainError, VenueError } from '../../../domain/errors';
import { dialectVenues, venueIds } from '../../../domain/instrument';
import type { AccountId, DialectVenueId, VenueId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import { BinanceConnector } from './binance.connector';
import { capabilitiesOf, CcxtConnector } from './ccxt.connector';
import { CcxtFeed } from './ccxt.feed';
import { knowledgeOf } from './ccxt.knowledge';
import type { KnowledgeOptions, VenueKnowledge } from './ccxt.knowledge';
import { ccxtProfiles } from './ccxt.profiles';
import type { CcxtProfile } from './ccxt.profiles';
import type { VenueDialect } from './dialect';
import { GateConnector } from './gate.connector';
import { OkxConnector } from './okx.connector';
import type { Capabilities, Credentials, Environment, ExchangeConnector, MarketFeed } from './types';
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
  /** Venues reached through ccxt whole; the declared ones without it. */
  readonly profiles?: Partial<Record<VenueId, CcxtProfile>>;
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

/** Every venue that is spoken to in its own protocol. */
const connectors: Readonly<Record<DialectVenueId, ConnectorClass>> = {
  binance: BinanceConnector,
  okx: OkxConnector,
  gate: GateConnector,
};

function isDialect(venue: VenueId): venue is DialectVenueId {
  if (!venueIds.includes(venue))
    throw new VenueError('VENUE_NOT_SERVED', `${venue} has no connector: use one of ${venueIds.join(', ')}`);
  return (dialectVenues as readonly VenueId[]).includes(venue);
}

/**
 * One connector per account and one market feed per venue, however often they are asked for. A venue is served in one
 * environment per engine: books are known by venue, and a live order must never be priced on a simulated book.
 */
export class ConnectorFactory {
  private readonly feeds = new Map<string, VenueFeed | CcxtFeed>();
  private readonly connectors = new Map<AccountId, Promise<ExchangeConnector>>();
  private readonly ready = new Set<ExchangeConnector>();

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

  /** What a venue is used for, whether or not it is connected. Throws VenueError for one that is not served. */
  capabilities(venue: VenueId): Capabilities {
    const profile = this.profileOf(venue);
    return profile ? capabilitiesOf(profile) : connectors[venue as DialectVenueId].dialect.capabilities;
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

  private async build(account: ConnectorAccount): Promise<ExchangeConnector> {
    const feed = this.sharedFeed(account.venue, account.environment);
    const credentials = await this.parts.credentials(account.id);
    const connector =
      feed instanceof CcxtFeed
        ? this.generic(account, feed, credentials)
        : this.inDialect(account, feed, credentials);
    this.ready.add(connector);
    return connector;
  }

  private inDialect(account: ConnectorAccount, feed: VenueFeed, credentials: Credentials): VenueConnector {
    const { runtime, limiter, breaker, simOrigin } = this.parts;
    const { environment } = account;
    const venue = account.venue as DialectVenueId;
    const venueNow = (): number => feed.clock.venueNow();
    const knowledge = this.knowledge({ venue, environment, simOrigin, credentials, venueNow });
    const address = addressOf(venue, environment);
    const accountId = account.id;
    return new connectors[venue]({ runtime, limiter, breaker, feed, knowledge, address, accountId });
  }

  private generic(account: ConnectorAccount, feed: CcxtFeed, credentials: Credentials): CcxtConnector {
    const { venue, environment, id: accountId } = account;
    const { profile } = feed;
    if (profile.needsPassphrase && !credentials.passphrase)
      throw new DomainError(
        'CREDENTIALS_INCOMPLETE',
        `a key of ${venue} has a passphrase, and none is stored`,
        'Add the account again with the passphrase of its key.',
      );
    const address = addressOf(venue, environment);
    return new CcxtConnector({ ...this.parts, profile, environment, feed, credentials, address, accountId });
  }

  /** Undefined for a venue that is spoken to in its own protocol. Throws VenueError for one that is not served. */
  private profileOf(venue: VenueId): CcxtProfile | undefined {
    const given = this.parts.profiles?.[venue];
    if (given) return given;
    return isDialect(venue) ? undefined : ccxtProfiles[venue];
  }

  private knowledge(options: KnowledgeOptions): VenueKnowledge {
    return (this.parts.knowledge ?? knowledgeOf)(options);
  }

  private sharedFeed(venue: VenueId, environment: Environment): VenueFeed | CcxtFeed {
    const profile = this.profileOf(venue);
    const address = addressOf(venue, environment);
    const known = this.feeds.get(address);
    if (known) return known;
    this.refuseMixing(venue, environment);
    const made = profile
      ? this.genericFeed(venue, environment, profile)
      : this.dialectFeed(venue, environment);
    this.feeds.set(address, made);
    return made;
  }

  private genericFeed(venue: VenueId, environment: Environment, profile: CcxtProfile): CcxtFeed {
    const { environments, simulated } = profile;
    const isServed = environment === 'sim' ? simulated !== undefined : environments.includes(environment);
    if (!isServed)
      throw new DomainError(
        'ENVIRONMENT_NOT_SERVED',
        `${venue} is not served in the environment ${environment}`,
        `Use an account of environment ${environments.join(' or ')}; the local exchange speaks ${dialectVenues.join(', ')}.`,
      );
    const address = addressOf(venue, environment);
    return new CcxtFeed({ ...this.parts, venue, environment, profile, address });
  }

  private dialectFeed(of: VenueId, environment: Environment): VenueFeed {
    const venue = of as DialectVenueId;
    const { runtime, limiter, simOrigin } = this.parts;
    const { dialect } = connectors[venue];
    const address = addressOf(venue, environment);
    const venueNow = (): number => runtime.now();
    const knowledge = () => this.knowledge({ venue, environment, simOrigin, venueNow });
    return new VenueFeed({ dialect, runtime, limiter, address, knowledge });
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
