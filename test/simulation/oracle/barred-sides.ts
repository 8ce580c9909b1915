import { defaultLimits } from '../../../src/modules/execution/risk/limits';
import type { OwnTrade } from '../../../src/venue-simulator/venue-types';
import type { Standing, VenueView } from './venue-view';

interface Streak {
  side: 'buy' | 'sell';
  readonly orders: Set<string>;
  lastAt: number;
}

/** A streak of fills is forgotten after so long without one. */
const streakMemoryMs = 60_000;

/** Which sides a strategy's own limits bar, from the venue's position and the venue's trades alone. */
export class BarredSides {
  private readonly streaks = new Map<number, Streak>();
  private seen = 0;

  /** Takes in what has traded since the last call. `startMs` is when the venue's clock began. */
  read(view: VenueView, startMs: number): void {
    for (; this.seen < view.trades.length; this.seen += 1) {
      const trade = view.trades[this.seen]!;
      const standing = view.strategyOf(trade.clientOrderId);
      if (standing) this.traded(standing.plan.number, trade, trade.at - startMs);
    }
  }

  isBarred(standing: Standing, side: 'buy' | 'sell', now: number): boolean {
    const streak = this.streaks.get(standing.plan.number);
    const isRunOver =
      streak?.side === side &&
      now - streak.lastAt < streakMemoryMs &&
      streak.orders.size > defaultLimits.oneSidedOrders;
    return isRunOver || isPositionFull(standing, side);
  }

  private traded(strategy: number, { side, clientOrderId }: OwnTrade, now: number): void {
    const one = this.streaks.get(strategy);
    if (one?.side !== side || now - one.lastAt >= streakMemoryMs) {
      this.streaks.set(strategy, { side, orders: new Set([clientOrderId]), lastAt: now });
      return;
    }
    one.orders.add(clientOrderId);
    one.lastAt = now;
  }
}

/** What one more order of the side would bring the strategy to is beyond its limits, or its inventory is one-sided. */
function isPositionFull(
  { plan, positionLots, quote, maxLots, minLots }: Standing,
  side: 'buy' | 'sell',
): boolean {
  const lot = Number(plan.market.lotSize);
  const size = Number(plan.config['orderQuantityBase']) / lot;
  const value = positionLots * lot * Number(plan.market.startPrice);
  const share = value / (value + quote);
  if (side === 'buy') return positionLots + 2 * size > maxLots || share > 0.7;
  return positionLots - 2 * size < minLots || share < 0.3;
}
