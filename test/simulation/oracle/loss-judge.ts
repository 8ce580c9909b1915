import { defaultLimits } from '../../../src/modules/execution/risk/limits';
import type { SeenRequest } from '../wire';
import type { World } from '../world';
import type { Ear } from './ears';
import type { Standing } from './venue-view';

/** What the trades of one strategy have moved, from the venue's own record. */
interface Result {
  base: number;
  quote: number;
  /** At the latest look. */
  loss: number;
  /** Trades read so far. */
  read: number;
  /** Seconds in a row in which the loss was beyond the cap. */
  secondsBeyond: number;
  /** The loss has been plain for long enough to be acted on. */
  isOver: boolean;
}

/** A loss that a price of a moment makes and takes away again need not be seen by a tick. */
const plainSeconds = 4;
/** Marks differ by what the market moves between our look and the engine's. */
const slack = 1.02;
const dayMs = 86_400_000;
const unmarked: readonly string[] = [
  ...['BOOK_TOO_WIDE', 'BOOK_EMPTY', 'BOOK_GAP_RESYNC', 'BOOK_STALE', 'FILL_UNBOOKED'],
];

/** I24: no strategy loses more than its cap and one collar of what it may hold, and a loss beyond the cap ends it. */
export class LossJudge implements Ear {
  /** UTC days on the clock of the engine: another one begins a result anew, and a clock may step there and back. */
  private readonly days = new Set<number>();
  private readonly results = new Map<number, Result>();

  constructor(private readonly world: World) {}

  left({ kind, clientOrderId }: SeenRequest): void {
    if (kind !== 'create') return;
    const standing = this.world.view.strategyOf(clientOrderId);
    const isOver =
      this.days.size <= 1 &&
      standing !== undefined &&
      this.results.get(standing.plan.number)?.isOver === true;
    const says = (): string =>
      `${clientOrderId} left after its strategy had lost more than its cap of ${capOf(standing!).toFixed(2)}`;
    this.world.findings.check('I24', !isOver, says, clientOrderId);
  }

  /** Asked every second. */
  probe(): void {
    const { runtime } = this.world.host();
    this.days.add(Math.floor(runtime.now() / dayMs));
    for (const standing of this.world.view.standings.values()) this.judge(standing);
  }

  private judge(standing: Standing): void {
    const { plan } = standing;
    const { bids, asks } = this.world.core.depth(plan.market.symbol, 1);
    const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
    if (bid === undefined || ask === undefined) return;
    const one = this.read(standing);
    const price = ((bid + ask) / 2) * Number(plan.market.tickSize);
    const loss = -(one.quote + one.base * price);
    one.loss = loss;
    const cap = capOf(standing);
    const most = slack * (cap + (mostHeld(standing, price) * price * defaultLimits.collarBps) / 1e4);
    const says = (): string =>
      `strategy ${plan.number} has lost ${loss.toFixed(2)}, its cap is ${cap.toFixed(2)}`;
    this.world.findings.check('I24', loss <= most, says);
    const isPlain = loss > cap * slack && this.isMarked(standing) && this.isBooked(standing);
    one.secondsBeyond = isPlain ? one.secondsBeyond + 1 : 0;
    if (one.secondsBeyond * 1_000 >= plainSeconds * 1_000 + this.world.plan.tickMs) one.isOver = true;
  }

  /**
   * A strategy that is held, does not run or has no book acts on nothing, nor does one whose process stands still or is
   * gone, and what it would have acted on may pass; nor does one count what it has not booked yet. The middle of a market
   * that one side has left is no price.
   */
  private isMarked({ plan: { id, market } }: Standing): boolean {
    const { engine, runtime, frozenUntil } = this.world.ownerOf(id);
    if (runtime.isDead || frozenUntil > this.world.now()) return false;
    const instrument = `${market.base}/${market.quote}`;
    const session = engine?.sessions.get(id);
    if (session?.mode !== 'running' || !engine?.books.isSynced(this.world.plan.venue, instrument))
      return false;
    return !session.latestReasons.some(({ code }) => unmarked.includes(code));
  }

  /** A trade that nobody has told the engine of yet is in no result of its. */
  private isBooked({ plan: { number } }: Standing): boolean {
    const { view } = this.world;
    return !this.world
      .unbooked()
      .some(({ clientOrderId }) => view.strategyOf(clientOrderId)?.plan.number === number);
  }

  private read({ plan: { number, market } }: Standing): Result {
    const one = this.results.get(number) ?? {
      base: 0,
      quote: 0,
      loss: 0,
      read: 0,
      secondsBeyond: 0,
      isOver: false,
    };
    this.results.set(number, one);
    const { trades } = this.world.view;
    for (; one.read < trades.length; one.read += 1) {
      const trade = trades[one.read]!;
      if (this.world.view.strategyOf(trade.clientOrderId)?.plan.number !== number) continue;
      const sign = trade.side === 'buy' ? 1 : -1;
      const base = trade.quantity * Number(market.lotSize);
      one.base += sign * base - (trade.feeAsset === market.base ? Number(trade.fee) : 0);
      one.quote -= sign * base * trade.price * Number(market.tickSize);
      if (trade.feeAsset === market.quote) one.quote -= Number(trade.fee);
    }
    return one;
  }
}

/** The loss that ends a strategy: a share of what it was given, or less when its configuration says so. */
function capOf({ plan }: Standing): number {
  const { dailyLossRatio } = defaultLimits;
  const limits = plan.config['limits'] as { readonly maxDailyLossQuote?: string } | undefined;
  const share = dailyLossRatio * (Number(plan.quote) + Number(plan.base) * Number(plan.market.startPrice));
  return Math.min(share, Number(limits?.maxDailyLossQuote ?? Infinity));
}

/** The largest position the strategy may be brought to, in base. */
function mostHeld({ plan }: Standing, price: number): number {
  const all = Number(plan.base) + Number(plan.quote) / price;
  return Math.min(all, plan.maxLots * Number(plan.market.lotSize));
}
