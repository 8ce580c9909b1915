import type { Host } from '../host';
import type { SeedPlan } from '../seed-plan';
import type { SeenRequest, WireAnswer } from '../wire';
import type { BookJudge } from './book-judge';
import type { Ear } from './ears';
import type { Findings } from './findings';
import type { VenueView } from './venue-view';

export interface StaleParts {
  readonly findings: Findings;
  readonly plan: SeedPlan;
  readonly view: VenueView;
  readonly now: () => number;
  readonly hostOf: (name: string) => Host | undefined;
  readonly bookOf: (host: string) => BookJudge | undefined;
  /** When the silence the venue has imposed on a host ends. */
  readonly silentUntil: (host: string) => number;
  /** The word the log has for an order. */
  readonly wordOf: (host: string, clientOrderId: string) => string | undefined;
}

const loopLagMs = 250;
/** A decision of a tick is cancelled before the next one; what is left is for queues and the draw of a write. */
const slackMs = 200;
const resting: ReadonlySet<string | undefined> = new Set(['OPEN', 'PARTIALLY_FILLED']);

/** I8: nothing is created by a process that lags, and quotes over a book that is none leave within a tick. */
export class StaleJudge implements Ear {
  /** Orders whose acknowledgement has reached a host, and those it has cancelled. */
  private readonly acked = new Map<string, number>();
  private readonly cancelled = new Set<string>();

  constructor(private readonly parts: StaleParts) {}

  left({ kind, host, clientOrderId }: SeenRequest): void {
    if (kind === 'cancel') this.cancelled.add(`${host}|${clientOrderId}`);
    if (kind === 'create') this.judgeLag(host, clientOrderId);
  }

  answered(
    { kind, host, clientOrderId }: SeenRequest,
    answer: WireAnswer | undefined,
    isVenues: boolean,
  ): void {
    if (kind === 'create' && isVenues && answer?.status === 200)
      this.acked.set(`${host}|${clientOrderId}`, this.parts.now());
  }

  /** Asked every second about the engine that runs. */
  probe(host: Host): void {
    const { view, bookOf, silentUntil, now } = this.parts;
    const { name } = host.parts;
    const book = bookOf(name);
    if (!book || host.runtime.isDead || host.frozenUntil > now()) return;
    for (const { plan, live } of view.standings.values()) {
      const since = book.unfitSince(plan.market.symbol);
      if (since === undefined || isOffered(host, plan.id)) continue;
      const from = Math.max(since, host.frozenUntil, silentUntil(name));
      for (const { clientOrderId } of live.values()) this.judgePulled(name, clientOrderId, from);
    }
  }

  private judgePulled(host: string, id: string, from: number): void {
    const { findings, now, plan, wordOf } = this.parts;
    const key = `${host}|${id}`;
    const acked = this.acked.get(key);
    if (acked === undefined || !resting.has(wordOf(host, id))) return;
    const waited = now() - Math.max(from, acked);
    const isPulled = this.cancelled.has(key) || waited <= plan.tickMs + slackMs;
    const says = (): string =>
      `${id} rests and no cancel has left ${Math.round(waited)} ms after the book was lost`;
    findings.check('I8', isPulled, says, id);
  }

  /** The first tick after a standstill is late by what passed since it was due. */
  private judgeLag(name: string, id: string): void {
    const { findings, hostOf, plan } = this.parts;
    const host = hostOf(name);
    const { freeze } = host ?? {};
    const clock = host?.engine?.clock.counters();
    if (!clock || !freeze) return;
    const lag = clock.ticks === freeze.ticks + 1 ? clock.lastTickAt - freeze.lastTickAt - plan.tickMs : 0;
    findings.check(
      'I8',
      lag <= loopLagMs,
      () => `${id} left in a tick that was ${Math.round(lag)} ms late`,
      id,
    );
  }
}

/** For a few seconds nobody judges the prices of what an engine leaves to another one; how long, the row asks. */
const isOffered = ({ service }: Host, strategyId: string): boolean =>
  service?.handover.view.some((one) => one.strategyId === strategyId) ?? false;
