import { encodeClientOrderId } from '../../src/domain/ids';
import type { Rng } from '../../src/runtime/runtime';
import type { Market, VenueCore } from '../../src/venue-simulator/venue-types';
import { apiKey } from './seed-plan';

/** Where the orders of other people rest, as a share of the first price: nothing trades that far. */
const plantedAt = 0.8;

/** An id that is not ours: none, one of a person, or a valid one of an installation whose prefix differs in a character. */
export function foreignId(rng: Rng, installation: string): string {
  const other = (installation[0] === 'b' ? 'c' : 'b') + installation.slice(1);
  const human = ['', 'web_7fk2', 'my-order-1'][rng.int(3)]!;
  const twin = encodeClientOrderId({ installation: other, strategyNumber: 7, nonce: 'bcdfgh', counter: 1 });
  return rng.next() < 0.5 ? human : twin;
}

/** An order of other people on our account: no sweep may touch it. The venue's id of it, unless it was refused. */
export function plantForeign(core: VenueCore, market: Market, clientOrderId: string): number | undefined {
  const price = Math.round((Number(market.startPrice) / Number(market.tickSize)) * plantedAt);
  const lots = Math.round(50 / (Number(market.startPrice) * plantedAt) / Number(market.lotSize));
  const answer = core.place({
    ...{ account: apiKey, symbol: market.symbol, side: 'buy', type: 'limit', timeInForce: 'GTC' },
    ...{ clientOrderId, price, quantity: Math.max(1, lots), stp: 'NONE' },
  });
  return answer.ok ? answer.order.orderId : undefined;
}
