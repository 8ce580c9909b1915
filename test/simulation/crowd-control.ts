import type { Side, Ticks } from '../../src/domain/units';
import { crowd } from '../../src/venue-simulator/core';
import type { CrowdVenue } from '../../src/venue-simulator/order-flow';
import type { CrowdQuote, PlaceAnswer, PlaceRequest, VenueCore } from '../../src/venue-simulator/venue-types';
import type { VenueRules } from './venue-rules';

/** Between the rest of the market and the venue: a side where nobody quotes, and the steps of the moment. */
export class CrowdControl {
  private readonly absent = new Set<string>();

  constructor(
    private readonly core: VenueCore,
    private readonly rules: VenueRules,
  ) {}

  /** Nobody but us quotes this side until told otherwise. */
  leave(symbol: string, side: Side): void {
    this.absent.add(`${symbol} ${side}`);
  }

  comeBack(symbol: string, side: Side): void {
    this.absent.delete(`${symbol} ${side}`);
  }

  isAbsent(symbol: string, side: Side): boolean {
    return this.absent.has(`${symbol} ${side}`);
  }

  /** The venue as the rest of the market finds it. */
  get view(): CrowdVenue {
    const { core } = this;
    return {
      markets: core.markets,
      place: (request) => this.place(request),
      quoteCrowd: (quote) => this.quote(quote),
      cancelCrowd: (symbol, orderId) => core.cancelCrowd(symbol, orderId),
      crowdBest: (symbol, side, levels) => core.crowdBest(symbol, side, levels),
    };
  }

  private place(request: PlaceRequest): PlaceAnswer {
    const { account, symbol, side, timeInForce } = request;
    if (account !== crowd || timeInForce === 'IOC') return this.core.place(request);
    if (this.isAbsent(symbol, side)) return { ok: false, reason: 'WOULD_MATCH' };
    return this.core.place({ ...request, price: this.onStep(request) });
  }

  private quote(quote: CrowdQuote): number | undefined {
    if (this.absent.size > 0 && this.isAbsent(quote.symbol, quote.side)) return undefined;
    const price = this.onStep(quote);
    return this.core.quoteCrowd(price === quote.price ? quote : { ...quote, price });
  }

  /** On the step of the moment, away from the market. */
  private onStep({ symbol, side, price }: CrowdQuote): Ticks {
    const { tickFactor } = this.rules.of(symbol);
    if (tickFactor === 1) return price;
    const round = side === 'buy' ? Math.floor : Math.ceil;
    return round(price / tickFactor) * tickFactor;
  }
}
