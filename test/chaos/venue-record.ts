import type { Together } from '../support/kill-drill/together';
import { decodeClientOrderId, encodeClientOrderId } from '../../src/domain/ids';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { CoreEvent, VenueOrder } from '../../src/venue-simulator/venue-types';

/** An order of the product at the moment the venue accepted it. */
export interface AcceptedOrder {
  readonly clientOrderId: string;
  readonly strategyNumber: number;
  readonly nonce: string;
  readonly at: number;
}

/** Of the database of every lane. */
export const installation = 'b7k';
/** Differs in one character: what it places carries valid ids, even of the same strategies. */
const neighbour = 'b7m';
/**
 * Orders of others, far from the market: of people, one that looks like an order of ours but for its check character,
 * and those of another installation of the product on the same account.
 */
const foreignIds = (number: number): readonly string[] => [
  ...['placed-by-a-person', 'm00000000000000000000z', 'web_4f2a'].map((id) =>
    number === 1 ? id : `${id}-${number}`,
  ),
  ...[1, 2].map((counter) =>
    encodeClientOrderId({ installation: neighbour, strategyNumber: number, nonce: 'zzzzzz', counter }),
  ),
];
const farPrices = { BTCUSDT: [4_000_000, 9_500_000], ETHUSDT: [180_000, 520_000] } as const;

/** What the venue itself saw, event by event. */
export class VenueRecord {
  readonly accepted: AcceptedOrder[] = [];
  /** Orders of others that were cancelled or traded, with the event. */
  readonly touched: string[] = [];
  readonly planted: string[] = [];
  /** Each order of ours as it came, and those that rested on its side then. */
  readonly together: Together[] = [];

  constructor(private readonly venue: VenueSimulator) {
    this.plant();
    venue.core.onEvent((event) => {
      if (event.type === 'order') this.saw(event);
    });
  }

  /** Trades of ours so far. */
  trades(): number {
    return Object.keys(farPrices).reduce(
      (sum, symbol) => sum + this.venue.core.trades(demoAccount.apiKey, symbol).length,
      0,
    );
  }

  alive(): number {
    return this.venue.core
      .openOrders(demoAccount.apiKey)
      .filter(({ clientOrderId, filled }) => this.planted.includes(clientOrderId) && filled === 0).length;
  }

  private plant(): void {
    for (const [market, [symbol, [low, high]]] of Object.entries(farPrices).entries()) {
      for (const [index, clientOrderId] of foreignIds(market + 1).entries()) {
        const side = index % 2 === 1 ? 'sell' : 'buy';
        this.venue.core.place({
          ...{ account: demoAccount.apiKey, symbol, clientOrderId, side, type: 'limit', timeInForce: 'GTC' },
          ...{ price: side === 'buy' ? low + index * 100 : high + index * 100, quantity: 1_000, stp: 'NONE' },
        });
        this.planted.push(clientOrderId);
      }
    }
  }

  private saw(event: Extract<CoreEvent, { type: 'order' }>): void {
    const { order, execution, at } = event;
    if (order.account !== demoAccount.apiKey) return;
    const { clientOrderId } = order;
    if (this.planted.includes(clientOrderId)) {
      if (execution !== 'NEW') this.touched.push(`${clientOrderId} ${execution} at ${at}`);
      return;
    }
    const decoded = decodeClientOrderId(clientOrderId);
    if (!decoded || execution !== 'NEW') return;
    const { strategyNumber, nonce } = decoded;
    this.accepted.push({ clientOrderId, strategyNumber, nonce, at });
    this.together.push({ id: clientOrderId, besides: this.besides(order) });
  }

  /** Most orders of ours that rested on one side of one market at any moment. */
  get mostOnOneSide(): number {
    return Math.max(0, ...this.together.map(({ besides }) => besides.length));
  }

  private besides({ symbol, side }: VenueOrder): readonly string[] {
    return this.venue.core
      .openOrders(demoAccount.apiKey, symbol)
      .filter((order) => order.side === side && !this.planted.includes(order.clientOrderId))
      .map(({ clientOrderId }) => clientOrderId);
  }
}
