import { classOf } from '../../../src/domain/order';
import type { Side } from '../../../src/domain/units';
import type { World } from '../world';
import type { Disagreement } from './agreement';
import { disagreements, wordsOf } from './agreement';
import { BarredSides } from './barred-sides';
import { blockExcuse } from './excuses';
import type { Excuse } from './excuses';
import type { Standing } from './venue-view';
import { hasSide } from './venue-view';

interface StopResult {
  readonly confirmed: boolean;
  readonly remaining: readonly { readonly clientOrderId: string }[];
}

/** What costs more is asked every so many seconds. */
const probesApart = 5;
const settleMs = 5_000;
/** From a decision to an order at the venue, where nothing is wrong. */
const placingMs = 250;
/** An order shown by the venue that was never shown to the engine may take a periodic list to be found. */
const disagreeMs = 15_000;
const unprovenMs = 25_000;

/** Asked every second: who quotes, and whether engine and venue agree on what is live. */
export class QuietJudge {
  /** Seconds of strategies; those with a side that its own limits bar and that is not quoted count apart. */
  readonly sides = { samples: 0, twoSided: 0, quietSamples: 0, quietTwoSided: 0, barred: 0, quietBarred: 0 };
  private readonly barred = new BarredSides();
  /** Seconds without a side, by the row and the code that excuse them. */
  readonly excused = new Map<string, number>();
  private probes = 0;
  stop: StopResult | undefined;
  /** How many have answered that they stopped, and how long the slowest of them took. */
  readonly stops = { count: 0, slowestMs: 0 };
  private readonly since = new Map<string, number>();
  /** What so many effective rows excuse. */
  private known: { readonly rows: number; readonly excuses: readonly Excuse[] } | undefined;

  constructor(private readonly world: World) {}

  /** One of the engines has stopped. */
  stopped({ confirmed, remaining }: StopResult, tookMs: number): void {
    const { stop, stops } = this;
    this.stop = {
      confirmed: confirmed && (stop?.confirmed ?? true),
      remaining: [...(stop?.remaining ?? []), ...remaining],
    };
    stops.count += 1;
    stops.slowestMs = Math.max(stops.slowestMs, tookMs);
  }

  probe(): void {
    const { world } = this;
    const now = world.now();
    const { phases } = world;
    this.sampleSides(now);
    this.probes += 1;
    if (this.probes % probesApart === 0) this.checkPlanted();
    if (now >= phases.converged && now < phases.stop) this.checkAgreement(now);
  }

  private sampleSides(now: number): void {
    const { phases, view, venue } = this.world;
    if (now < 10_000 || now >= phases.stop) return;
    this.barred.read(view, this.world.plan.startMs);
    for (const standing of view.standings.values()) {
      // A market that takes no orders can have no quotes.
      if (!venue.rules.isOpen(standing.plan.market.symbol)) continue;
      this.sample(standing, now >= phases.resumed);
    }
  }

  private sample(standing: Standing, isQuiet: boolean): void {
    const { sides } = this;
    const missing = (['buy', 'sell'] as const).filter((side) => !hasSide(standing, side));
    const isQuoted = missing.length === 0;
    if (!isQuoted && !this.isToBeJudged(standing, missing, isQuiet)) return;
    sides.samples += 1;
    if (isQuoted) sides.twoSided += 1;
    if (!isQuiet) return;
    sides.quietSamples += 1;
    if (isQuoted) sides.quietTwoSided += 1;
    else this.world.log.add('judge', 'one-sided', this.explain(standing));
  }

  /** False when each side that is missing was taken just now, or is barred or held back by what may do so. */
  private isToBeJudged(standing: Standing, missing: readonly Side[], isQuiet: boolean): boolean {
    const lacking = missing.filter((side) => !this.isJustTaken(standing, side));
    if (lacking.length === 0) return false;
    const isBarred = lacking.every((side) => this.barred.isBarred(standing, side, this.world.now()));
    if (isBarred && !this.isNearLimit) {
      this.sides.barred += 1;
      if (isQuiet) this.sides.quietBarred += 1;
      return false;
    }
    return !this.isExcused(standing, lacking);
  }

  /** The market has taken the last quote of the side, and the tick that places another is still to come. */
  private isJustTaken({ takenAt }: Standing, side: Side): boolean {
    const { plan } = this.world;
    return plan.startMs + this.world.now() - takenAt[side] < plan.tickMs + placingMs;
  }

  /** They change only when another row strikes for the first time. */
  private get excuses(): readonly Excuse[] {
    const { size } = this.world.board.hits;
    if (this.known?.rows !== size) this.known = { rows: size, excuses: this.world.excuses };
    return this.known.excuses;
  }

  /** The seed is drawn near a limit, or somebody has moved one: then it may bar a side for as long as it likes. */
  private get isNearLimit(): boolean {
    const { plan } = this.world;
    return (plan.limitCodes ?? []).length > 0 || this.excuses.some(({ code }) => code === 'INVENTORY_LIMIT');
  }

  /** Every missing side is held back by what an effective row lists: then the second does not count. */
  private isExcused(standing: Standing, missing: readonly Side[]): boolean {
    const { plan } = standing;
    const { excuses } = this;
    if (excuses.length === 0) return false;
    const reasons = this.world.engineOf(plan.id)?.sessions.get(plan.id)?.latestReasons ?? [];
    const found = missing.map((side) => {
      const isBarred = this.isNearLimit && this.barred.isBarred(standing, side, this.world.now());
      return isBarred ? { row: 'limits', code: 'barred' } : blockExcuse(excuses, reasons, side);
    });
    if (found.some((one) => one === undefined)) return false;
    this.excuse(`${found[0]!.row} ${found[0]!.code}`);
    return true;
  }

  private excuse(key: string): void {
    this.excused.set(key, (this.excused.get(key) ?? 0) + 1);
  }

  /** For people: what the engine says while a side is missing. */
  private explain({ plan, positionLots, quote, live }: Standing): string {
    const session = this.world.hosts.ownerOf(plan.id).service?.session(plan.id);
    const reasons =
      session?.reasons.map(({ code, side, params }) => `${code}/${side} ${JSON.stringify(params)}`).join() ??
      'no session';
    const orders =
      session?.orders.map(({ slotKey, status, command }) => `${slotKey} ${status} ${command}`).join() ?? '';
    return `${plan.number}: position ${positionLots} quote ${quote} live ${live.size}; ${reasons}; ${orders}`;
  }

  private checkPlanted(): void {
    const { oracle, findings } = this.world;
    const lost = oracle.plantedLost();
    for (const { orderId } of oracle.planted)
      findings.check('I26', !lost.includes(orderId), () => `planted order ${orderId} was cancelled`);
  }

  /** I3: the live orders of the venue and of the tracker are the same, but for what is on its way. */
  private checkAgreement(now: number): void {
    const { view, engineOf } = this.world;
    const wrong = new Map(disagreements(view, engineOf).map((one) => [one.clientOrderId, one]));
    for (const id of this.since.keys()) if (!wrong.has(id)) this.since.delete(id);
    for (const one of wrong.values()) this.disagree(one, now);
  }

  private disagree(one: Disagreement, now: number): void {
    const { clientOrderId: id, order } = one;
    const since = this.since.get(id) ?? now;
    this.since.set(id, since);
    const isUnproven = order !== undefined && classOf(order) === 'unproven';
    const limit = isUnproven ? unprovenMs : order ? disagreeMs : settleMs + disagreeMs;
    const says = (): string => `${wordsOf(one)} for ${now - since} ms`;
    this.world.findings.check('I3', now - since <= limit, says, id);
  }
}
