import type { Lots, Ms, Side, Ticks } from '../domain/units';
import type { Rng } from '../runtime/runtime';
import { crowd } from './core';
import type { Market, VenueCore } from './venue-types';

interface Quoted {
  readonly orderId: number;
  readonly side: Side;
  readonly price: Ticks;
}

interface Flow {
  readonly market: Market;
  readonly rng: Rng;
  /** The steps of the market, and where it began in ticks. */
  readonly tickSize: number;
  readonly lotSize: number;
  readonly start: Ticks;
  mid: number;
  burst: number;
  readonly quotes: Quoted[];
  /** No quote to buy is above, and none to sell below. */
  highest: Ticks;
  lowest: Ticks;
}

/** What the rest of the market needs of a venue. */
export type CrowdVenue = Pick<VenueCore, 'markets' | 'place' | 'quoteCrowd' | 'cancelCrowd' | 'crowdBest'>;

const levelsPerSide = 25;
/** A side that a sweep has emptied attracts so many makers at once. */
const returning = 6;
const stepBps = 0.5;
const burstBps = 1.2;

/**
 * The rest of the market: makers around a mid that walks at random with bursts, and takers who cross the spread.
 * It begins around the given mids, in ticks, or the start prices. Seeded: the same rng gives the same flow. Each step moves every market once.
 */
export class OrderFlow {
  private readonly flows: readonly Flow[];

  constructor(
    private readonly core: CrowdVenue,
    rng: Rng,
    mids: ReadonlyMap<string, Ticks> = new Map(),
  ) {
    this.flows = core.markets.map((market) => flowOf(market, rng.fork(market.symbol), mids));
    for (const flow of this.flows) for (let i = 0; i < levelsPerSide; i += 1) this.quote(flow, 2);
  }

  step(_now: Ms): void {
    for (const flow of this.flows) {
      this.walk(flow);
      this.pullCrossed(flow);
      this.quote(flow, 1 + flow.rng.int(3));
      this.thin(flow);
      const side = flow.rng.next() < 0.5 ? 'buy' : 'sell';
      if (flow.rng.next() < 0.25) this.cross(flow, side);
      this.refill(flow);
    }
  }

  /** Moves the mid of a market by so many bps; its makers follow at the next step. */
  push(symbol: string, bps: number): void {
    const flow = this.flows.find((each) => each.market.symbol === symbol);
    if (flow) flow.mid *= 1 + bps / 1e4;
  }

  /** Crosses the spread as another participant; what finds nobody expires. */
  take(symbol: string, side: Side, quantity: Lots, limit?: Ticks): void {
    this.core.place({
      account: crowd,
      symbol,
      clientOrderId: '',
      side,
      type: limit === undefined ? 'market' : 'limit',
      timeInForce: 'IOC',
      price: limit ?? 0,
      quantity,
      stp: 'NONE',
    });
  }

  /** A taker of the crowd looks no further than half a percent from the mid. */
  private cross(flow: Flow, side: Side): void {
    const limit = Math.round(flow.mid * (side === 'buy' ? 1.005 : 0.995));
    // Now and then somebody needs size, walks through several levels, and the price comes back.
    const appetite = flow.rng.next() < 0.025 ? 25 : 1;
    this.take(flow.market.symbol, side, appetite * this.size(flow), limit);
  }

  private walk(flow: Flow): void {
    if (flow.burst === 0 && flow.rng.next() < 0.004) flow.burst = flow.rng.next() < 0.5 ? -20 : 20;
    const drift = Math.sign(flow.burst) * burstBps;
    flow.burst -= Math.sign(flow.burst);
    const { start } = flow;
    // A weak pull home, so that a demo of days keeps its price range.
    const home = ((start - flow.mid) / start) * 0.5;
    flow.mid *= 1 + ((flow.rng.next() - 0.5) * 2 * stepBps + drift + home) / 1e4;
  }

  /** Makers whose price the mid has passed have left. */
  private pullCrossed(flow: Flow): void {
    const { quotes, mid } = flow;
    if (flow.highest < mid && flow.lowest > mid) return;
    flow.highest = -Infinity;
    flow.lowest = Infinity;
    let kept = 0;
    for (const quote of quotes) {
      if (quote.side === 'buy' ? quote.price < mid : quote.price > mid) {
        quotes[kept++] = quote;
        widen(flow, quote);
      } else this.core.cancelCrowd(flow.market.symbol, quote.orderId);
    }
    quotes.length = kept;
  }

  /** A price that nobody else offers is not left standing: the book of a busy market is not empty for long. */
  private refill(flow: Flow): void {
    for (const side of ['buy', 'sell'] as const) {
      const best = this.core.crowdBest(flow.market.symbol, side, levelsPerSide);
      if (best === undefined) this.quote(flow, returning, side);
    }
  }

  private quote(flow: Flow, count: number, only?: Side): void {
    for (let i = 0; i < count; i += 1) {
      const side: Side = only ?? (flow.rng.next() < 0.5 ? 'buy' : 'sell');
      // Most makers stand near the touch, some far away.
      const distance = (0.4 + 12 * flow.rng.next() ** 3) / 1e4;
      const raw = flow.mid * (side === 'buy' ? 1 - distance : 1 + distance);
      const price = side === 'buy' ? Math.floor(raw) : Math.ceil(raw);
      const { symbol } = flow.market;
      const orderId = this.core.quoteCrowd({ symbol, side, price, quantity: this.size(flow) });
      if (orderId === undefined) continue;
      const quote = { orderId, side, price };
      flow.quotes.push(quote);
      widen(flow, quote);
    }
  }

  private thin(flow: Flow): void {
    while (flow.quotes.length > 2 * levelsPerSide) {
      const [left] = flow.quotes.splice(flow.rng.int(flow.quotes.length), 1);
      this.core.cancelCrowd(flow.market.symbol, left!.orderId);
    }
  }

  /** Worth about 50 to 5,000 of quote. */
  private size(flow: Flow): Lots {
    const quote = 50 * 100 ** flow.rng.next();
    const perLot = flow.mid * flow.tickSize * flow.lotSize;
    return Math.max(1, Math.round(quote / perLot));
  }
}

function flowOf(market: Market, rng: Rng, mids: ReadonlyMap<string, Ticks>): Flow {
  const [tickSize, lotSize] = [Number(market.tickSize), Number(market.lotSize)];
  const start = Number(market.startPrice) / tickSize;
  const mid = mids.get(market.symbol) ?? start;
  const none = { burst: 0, quotes: [], highest: -Infinity, lowest: Infinity };
  return { market, rng, tickSize, lotSize, start, mid, ...none };
}

function widen(flow: Flow, { side, price }: Quoted): void {
  if (side === 'buy') flow.highest = Math.max(flow.highest, price);
  else flow.lowest = Math.min(flow.lowest, price);
}
