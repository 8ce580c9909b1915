import type { SeenRequest } from '../wire';
import type { Ear } from './ears';
import type { Findings } from './findings';
import type { VenueView } from './venue-view';

interface Flight {
  readonly id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly leftAt: number;
}

/** After it the venue takes no create any more, whatever kept it on its way. */
const takenForMs = 14_500;

/**
 * I9 at the moment a create leaves: it may not meet an order of ours that the venue has, or one on its way there. The
 * venue would refuse the later one as a taker, or fill one with the other.
 */
export class CrossJudge implements Ear {
  private readonly flights = new Map<string, Flight>();

  constructor(
    private readonly findings: Findings,
    private readonly view: VenueView,
    private readonly now: () => number,
  ) {}

  left(request: SeenRequest): void {
    const { kind, params, clientOrderId: id } = request;
    const symbol = params.get('symbol') ?? '';
    const tick = this.view.strategyOf(id)?.plan.market.tickSize;
    if (kind !== 'create' || tick === undefined) return;
    const side = params.get('side') === 'BUY' ? 'buy' : 'sell';
    const flight: Flight = {
      id,
      symbol,
      side,
      price: Math.round(Number(params.get('price')) / Number(tick)),
      leftAt: this.now(),
    };
    const met = this.metBy(flight);
    this.findings.check('I9', met === undefined, () => `${side} ${id} at ${flight.price} meets ${met}`, id);
    this.flights.set(id, flight);
  }

  arrived(request: SeenRequest): void {
    this.gone(request);
  }

  gone({ kind, clientOrderId }: SeenRequest): void {
    if (kind === 'create') this.flights.delete(clientOrderId);
  }

  private metBy({ symbol, side, price, leftAt }: Flight): string | undefined {
    const isMet = (other: number): boolean => (side === 'buy' ? other <= price : other >= price);
    for (const flight of this.flights.values())
      if (
        flight.symbol === symbol &&
        flight.side !== side &&
        isMet(flight.price) &&
        leftAt - flight.leftAt < takenForMs
      )
        return `${flight.id} on its way at ${flight.price}`;
    for (const { live } of this.view.standings.values())
      for (const order of live.values())
        if (order.symbol === symbol && order.side !== side && isMet(order.price))
          return `${order.clientOrderId} at ${order.price}`;
    return undefined;
  }
}
