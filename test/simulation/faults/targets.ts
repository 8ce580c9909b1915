import type { Market, VenueOrder } from '../../../src/venue-simulator/venue-types';
import { apiKey } from '../seed-plan';
import type { FaultSite, FaultWorld } from './row';

export const symbolOf = (site: FaultSite): string => {
  const { markets } = site.world.plan;
  return markets[site.rng.int(markets.length)]!.symbol;
};

export const marketOf = (world: FaultWorld, symbol: string): Market =>
  world.plan.markets.find((one) => one.symbol === symbol)!;

/** Our live orders as the venue knows them. */
export const liveOrders = (world: FaultWorld): readonly VenueOrder[] =>
  [...world.view.standings.values()].flatMap((one) => [...one.live.values()]);

/** One of them, if there is one. */
export function anyLive(site: FaultSite): VenueOrder | undefined {
  const live = liveOrders(site.world);
  return live[site.rng.int(Math.max(1, live.length))];
}

const near = 0.02;

/** The levels of a side that belong to the market: what stands far away was planted there. Best first. */
export function nearLevels(
  { core }: FaultWorld,
  symbol: string,
  side: 'buy' | 'sell',
): readonly (readonly [number, number])[] {
  const { bids, asks } = core.depth(symbol, 1_000);
  const [own, other] = side === 'buy' ? [bids, asks] : [asks, bids];
  // On a side that everybody has left, what was planted far away is the best.
  const market = (other[0] ?? own[0])?.[0] ?? 0;
  return own.filter(([price]) => Math.abs(price - market) <= market * near);
}

/** The market takes so many lots of one of our orders. Whoever stands in front or before us at this price goes first. */
export function takeFrom(world: FaultWorld, order: VenueOrder, lots: number): boolean {
  const { symbol, orderId, side, price } = order;
  const inFront = world.core
    .depth(symbol, 50)
    [side === 'buy' ? 'bids' : 'asks'].filter(([at]) => (side === 'buy' ? at >= price : at <= price))
    .reduce((sum, [, size]) => sum + size, 0);
  const own = world.core
    .openOrders(apiKey, symbol)
    .filter((one) => one.side === side && (side === 'buy' ? one.price >= price : one.price <= price))
    .reduce((sum, one) => sum + one.quantity - one.filled, 0);
  world.take(symbol, side === 'buy' ? 'sell' : 'buy', inFront - own + lots, price);
  const after = world.core.order({ account: apiKey, symbol, orderId });
  return after !== undefined && after.filled > order.filled;
}
