import { DomainError, VenueError } from '../../../domain/errors';
import type { AccountId, VenueId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import { BinanceConnector } from './binance.connector';
import { BinanceFeed } from './binance.feed';
import { binanceKnowledge } from './ccxt.knowledge';
import type { KnowledgeOptions, VenueKnowledge } from './ccxt.knowledge';
import type { Credentials, Environment, ExchangeConnector, MarketFeed } from './types';

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

/**
 * One connector per account and one market feed per venue, however often they are asked for. A venue is served in one
 * environment per engine: books are known by venue, and a live order must never be priced on a simulated book.
 */
export class ConnectorFactory {
  private readonly feeds = new Map<string, BinanceFeed>();
  private readonly connectors = new Map<AccountId, Promise<BinanceConnector>>();
  private readonly ready = new Set<BinanceConnector>();

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
    return this.binanceFeed(venue, environment);
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

  private async build(account: ConnectorAccount): Promise<BinanceConnector> {
    const feed = this.binanceFeed(account.venue, account.environment);
    const credentials = await this.parts.credentials(account.id);
    const { runtime, limiter, breaker, simOrigin } = this.parts;
    const { environment } = account;
    const venueNow = (): number => feed.clock.venueNow();
    const knowledge = this.knowledge({ environment, simOrigin, credentials, venueNow });
    const address = addressOf(account.venue, environment);
    const connector = new BinanceConnector({
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
    return (this.parts.knowledge ?? binanceKnowledge)(options);
  }

  private binanceFeed(venue: VenueId, environment: Environment): BinanceFeed {
    if (venue !== 'binance') throw new VenueError('VENUE_NOT_SERVED', `${venue} has no connector`);
    const address = addressOf(venue, environment);
    const known = this.feeds.get(address);
    if (known) return known;
    this.refuseMixing(venue, environment);
    const { runtime, limiter, simOrigin } = this.parts;
    const venueNow = (): number => runtime.now();
    const knowledge = () => this.knowledge({ environment, simOrigin, venueNow });
    const made = new BinanceFeed({ runtime, limiter, address, knowledge });
    this.feeds.set(address, made);
    return made;
  }

  private refuseMixing(venue: VenueId, environment: Environment): void {
    const other = [...this.feeds.keys()].find((address) => address.startsWith(`${venue}:`));
    if (other === undefined) return;
    const detail = `this engine already serves ${other}, and ${environment} was asked for`;
    throw new DomainError('ENVIRONMENT_MIXED', detail, 'Run a second engine for the other environment.');
  }
}

const addressOf = (venue: VenueId, environment: Environment): string => `${venue}:${environment}`;
