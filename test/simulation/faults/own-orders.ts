import type { StpMode } from '../../../src/venue-simulator/venue-types';
import { apiKey } from '../seed-plan';
import { aloneAtBest } from './book-content';
import type { FaultSite } from './row';
import { row } from './row';
import { symbolOf } from './targets';

/** A person on the same account trades into one of our quotes, which the crowd no longer hides. */
function meetOwn(site: FaultSite, stp: StpMode): void {
  const { core } = site.world;
  const symbol = symbolOf(site);
  const side = site.rng.next() < 0.5 ? 'buy' : 'sell';
  const price = aloneAtBest(site, symbol, side);
  const ours = core.openOrders(apiKey, symbol).find((order) => order.side === side && order.price === price);
  if (price === undefined || !ours) return;
  const left = ours.quantity - ours.filled;
  const quantity = stp === 'NONE' ? 1 + site.rng.int(left) : left;
  core.place({
    ...{ account: apiKey, symbol, clientOrderId: `web_${site.rng.int(1e9)}`, type: 'limit', price, quantity },
    ...{ side: side === 'buy' ? 'sell' : 'buy', timeInForce: 'IOC', stp },
  });
  const after = core.order({ account: apiKey, symbol, orderId: ours.orderId });
  const isMet = stp === 'NONE' ? after!.filled > ours.filled : after!.status === 'EXPIRED_IN_MATCH';
  if (isMet) site.hit();
}

const everySecond = (stp: StpMode) => (site: FaultSite) => ({
  second: () => {
    if (site.strikes()) meetOwn(site, stp);
  },
});

export const ownOrderRows = [
  row('O22', 'the venue prevents a trade with ourselves', everySecond('EXPIRE_BOTH')),
  row('U9', 'both sides of a trade are ours and carry one id', everySecond('NONE')),
];
