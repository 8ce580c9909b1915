import type { Instrument, InstrumentId, VenueId } from '../../domain/instrument';
import type { Reason } from '../../domain/reason';
import type { Mono } from '../../domain/units';
import type { Runtime, Timer } from '../../runtime/runtime';
import { inFlightCycleMs, rulesRefreshMs, statusPollMs, windDownAfterMs } from './common/constants';
import type { Notify } from './common/notices';
import type { MarketFeed } from './connectors/types';
import { describeChange, rulesChange } from './rules-change';

/** An instrument somebody trades, on the feed that knows its rules. */
export interface TradedInstrument {
  readonly venue: VenueId;
  readonly id: InstrumentId;
  readonly feed: Pick<MarketFeed, 'rulesOf' | 'rereadRules'>;
  /** The rules its strategies decide by now, of each account that trades it. */
  readonly inForce: readonly Instrument[];
  /** Rules under which unended own orders were made. */
  readonly ofOrders: readonly Instrument[];
  /** The book cannot be read in the steps known here. */
  readonly isOffGrid: boolean;
}

export interface RulesParts {
  readonly runtime: Pick<Runtime, 'monotonic' | 'timers'>;
  readonly notify: Notify;
  readonly traded: () => readonly TradedInstrument[];
  /** From now on strategies of the venue decide by these. */
  readonly adopt: (rules: Instrument) => void;
  /** Nothing more is created on the instrument of this account until a person lifts it. */
  readonly halt: (accountId: string, instrument: InstrumentId, detail: string) => void;
  /** Every strategy on the instrument is stopped. */
  readonly windDown: (rules: Instrument, detail: string) => void;
}

interface Watch {
  readonly nextReadAt: Mono;
  readonly requestedAt: Mono;
  readonly isReading: boolean;
  /** Something spoke against the rules since the last read was requested. */
  readonly isWanted: boolean;
  /** The venue refused an order because the market is closed, and has not been asked since. */
  readonly closedAt: Mono | undefined;
  /** An order was refused by a filter; `rereadAt` is when the rules read after it were known. */
  readonly filterHit: { readonly at: Mono; readonly rereadAt: Mono | undefined } | undefined;
  readonly isAnnounced: boolean;
  readonly haltedSince: Mono | undefined;
  readonly isWoundDown: boolean;
}

const fresh = (nextReadAt: Mono): Watch => ({
  nextReadAt,
  requestedAt: -Infinity,
  isReading: false,
  isWanted: false,
  closedAt: undefined,
  filterHit: undefined,
  isAnnounced: false,
  haltedSince: undefined,
  isWoundDown: false,
});

/**
 * Keeps the rules of traded instruments true: reads them every half hour, at once when the venue refuses an order by
 * them, and often while a pair does not trade. New steps or minimums come into force only when every order made under
 * the old ones has ended; until then the instrument is not quoted.
 */
export class RulesKeeper {
  private readonly watches = new Map<string, Watch>();
  private timer: Timer | undefined;

  constructor(private readonly parts: RulesParts) {}

  start(): void {
    this.timer ??= this.parts.runtime.timers.every(inFlightCycleMs, () => this.cycle());
  }

  stop(): void {
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  /** What the rules have against quoting an instrument under those in force. */
  reasons(traded: Omit<TradedInstrument, 'isOffGrid'>): readonly Reason[] {
    const change = pendingChange(traded);
    const about = { effect: 'block', side: 'both' } as const;
    if (change !== undefined) return [{ code: 'INSTRUMENT_RULES_CHANGED', ...about, params: { change } }];
    const { closedAt, filterHit } = this.watchOf(traded);
    if (closedAt !== undefined) return [{ code: 'INSTRUMENT_CANCEL_ONLY', ...about, params: {} }];
    const isUnsure = filterHit !== undefined && filterHit.rereadAt === undefined;
    return isUnsure ? [{ code: 'INSTRUMENT_RULES_UNSURE', effect: 'hold', side: 'both', params: {} }] : [];
  }

  /**
   * The venue refused an order by a filter. The first time its rules are read anew; another order refused although it
   * was sent under what that read has shown halts the instrument.
   */
  filterRefused(accountId: string, traded: Pick<TradedInstrument, 'venue' | 'id'>, refused: Refused): void {
    const now = this.parts.runtime.monotonic();
    const { filterHit } = this.watchOf(traded);
    const isFirst = filterHit === undefined || now - filterHit.at > rulesRefreshMs;
    if (isFirst) return this.want(traded, { filterHit: { at: now, rereadAt: undefined } });
    if (filterHit.rereadAt === undefined || !(refused.sentAt > filterHit.rereadAt)) return;
    this.set(traded, { filterHit: undefined });
    this.parts.halt(accountId, traded.id, `refused again under rules just read: ${refused.text}`);
  }

  /** The venue refused an order because the pair does not trade: only cancels, until it says otherwise. */
  marketClosed(traded: Pick<TradedInstrument, 'venue' | 'id'>): void {
    this.want(traded, { closedAt: this.parts.runtime.monotonic() });
  }

  private cycle(): void {
    const now = this.parts.runtime.monotonic();
    for (const traded of this.parts.traded()) {
      this.settle(traded);
      if (this.isDue(traded, now)) void this.read(traded);
    }
  }

  private isDue(traded: TradedInstrument, now: Mono): boolean {
    const known = this.watches.get(keyOf(traded));
    if (!known) this.set(traded, fresh(now + rulesRefreshMs)); // They were read when the account was opened.
    const { isReading, isWanted, nextReadAt, requestedAt } = known ?? this.watchOf(traded);
    if (isReading) return false;
    const isIdle = traded.feed.rulesOf(traded.id)?.rules.status !== 'trading' || traded.isOffGrid;
    return isWanted || now >= (isIdle ? Math.min(nextReadAt, requestedAt + statusPollMs) : nextReadAt);
  }

  private want(traded: Pick<TradedInstrument, 'venue' | 'id'>, change: Partial<Watch>): void {
    this.set(traded, { ...change, isWanted: true });
    const found = this.parts.traded().find((each) => keyOf(each) === keyOf(traded));
    if (found && !this.watchOf(found).isReading) void this.read(found);
  }

  private async read(traded: TradedInstrument): Promise<void> {
    const { runtime, notify } = this.parts;
    const requestedAt = runtime.monotonic();
    this.set(traded, { isReading: true, isWanted: false, requestedAt });
    try {
      await traded.feed.rereadRules(traded.id);
      this.answered(traded, requestedAt);
    } catch (error) {
      const detail = `rules of ${traded.id}: ${error instanceof Error ? error.message : String(error)}`;
      notify({ code: 'READ_FAILED', severity: 'info', detail });
      const { filterHit } = this.watchOf(traded);
      const isHolding = filterHit !== undefined && filterHit.rereadAt === undefined;
      const waitMs = isHolding ? inFlightCycleMs : statusPollMs;
      this.set(traded, { isReading: false, nextReadAt: runtime.monotonic() + waitMs });
    }
    const current = this.parts.traded().find((each) => keyOf(each) === keyOf(traded));
    if (current) this.settle(current);
  }

  private answered(traded: TradedInstrument, requestedAt: Mono): void {
    const now = this.parts.runtime.monotonic();
    const { closedAt, filterHit } = this.watchOf(traded);
    const isAfterHit = filterHit?.rereadAt === undefined && filterHit && requestedAt >= filterHit.at;
    this.set(traded, {
      isReading: false,
      nextReadAt: now + rulesRefreshMs,
      closedAt: closedAt !== undefined && requestedAt < closedAt ? closedAt : undefined,
      filterHit: isAfterHit ? { ...filterHit, rereadAt: now } : filterHit,
    });
  }

  /** Brings what the feed knows into force as soon as nothing rests that was made under other steps. */
  private settle(traded: TradedInstrument): void {
    const latest = traded.feed.rulesOf(traded.id);
    if (!latest) return;
    this.watchEnd(traded, latest);
    const changes = traded.inForce.map((rules) => rulesChange(rules.rules, latest.rules));
    if (changes.includes('reopen')) return this.reopen(traded, latest);
    if (changes.includes('inPlace')) this.parts.adopt(latest);
    if (traded.inForce.some(({ rules }) => rules.status !== latest.rules.status))
      this.say('INSTRUMENT_STATUS', `${traded.id} is ${latest.rules.status} at the venue`);
  }

  /** A pair that is gone is not waited for: a person decides what becomes of the money in it. */
  private watchEnd(traded: TradedInstrument, latest: Instrument): void {
    const now = this.parts.runtime.monotonic();
    const { status } = latest.rules;
    const watch = this.watchOf(traded);
    const { haltedSince = now, isWoundDown } = watch;
    if (status !== 'halted' && status !== 'delisted') {
      if (watch.haltedSince !== undefined) this.set(traded, { haltedSince: undefined, isWoundDown: false });
      return;
    }
    const isGone = status === 'delisted' || now - haltedSince >= windDownAfterMs;
    this.set(traded, { haltedSince, isWoundDown: isGone });
    if (!isGone || isWoundDown) return;
    const since = `has been halted for ${windDownAfterMs / 3_600_000} h`;
    this.parts.windDown(latest, status === 'delisted' ? 'is not listed any more' : since);
  }

  private reopen(traded: TradedInstrument, latest: Instrument): void {
    const [before] = traded.inForce.filter(({ rules }) => rulesChange(rules, latest.rules) === 'reopen');
    const change = before ? describeChange(before.rules, latest.rules) : '';
    if (!this.watchOf(traded).isAnnounced) this.say('INSTRUMENT_RULES_CHANGED', `${traded.id}: ${change}`);
    this.set(traded, { isAnnounced: true, filterHit: undefined });
    if (traded.ofOrders.some(({ rules }) => rulesChange(rules, latest.rules) === 'reopen')) return;
    this.parts.adopt(latest);
    this.set(traded, { isAnnounced: false });
  }

  private say(code: string, detail: string): void {
    this.parts.notify({ code, severity: 'warn', detail });
  }

  private watchOf(traded: Pick<TradedInstrument, 'venue' | 'id'>): Watch {
    return this.watches.get(keyOf(traded)) ?? fresh(this.parts.runtime.monotonic() + rulesRefreshMs);
  }

  private set(traded: Pick<TradedInstrument, 'venue' | 'id'>, change: Partial<Watch>): void {
    this.watches.set(keyOf(traded), { ...this.watchOf(traded), ...change });
  }
}

export interface Refused {
  /** When the order was handed to the socket. */
  readonly sentAt: Mono;
  readonly text: string;
}

/** What keeps the rules in force from being those of the feed and of every unended order; undefined when nothing does. */
function pendingChange({
  feed,
  id,
  inForce,
  ofOrders,
}: Omit<TradedInstrument, 'isOffGrid'>): string | undefined {
  const latest = feed.rulesOf(id);
  for (const rules of latest ? [latest, ...ofOrders] : ofOrders) {
    const other = inForce.find((each) => rulesChange(each.rules, rules.rules) === 'reopen');
    if (other) return describeChange(other.rules, rules.rules);
  }
  return undefined;
}

const keyOf = ({ venue, id }: Pick<TradedInstrument, 'venue' | 'id'>): string => `${venue}|${id}`;
