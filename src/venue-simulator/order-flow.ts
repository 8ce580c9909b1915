import type { Rng } from '../runtime/runtime';
import type { BookSide } from './book-types';
import { crowd } from './venue-core';
import type { VenueCore } from './venue-core';
import type { VenueMarket } from './venue-market';

const levelsASide = 30;
const gapTicks = 20;
const requotesAStep = 4;
const burstChance = 0.004;
const takerChance = 0.12;

interface Crowd {
  mid: number;
  drift: number;
  burst: number;
  readonly live: { readonly buy: number[]; readonly sell: number[] };
}

/** Other people at the venue: a wandering price, makers around it and takers hitting them. Same seed, same flow. */
export class OrderFlow {
  isPaused = false;
  private readonly crowds = new Map<string, Crowd>();
  private made = 0;

  constructor(
    private readonly core: VenueCore,
    private readonly rng: Rng,
  ) {
    for (const market of core.allMarkets()) this.open(market);
  }

  step(): void {
    if (this.isPaused) return;
    for (const market of this.core.allMarkets()) this.stepMarket(market);
  }

  /** Middle price in ticks. */
  mid(symbol: string): number | undefined {
    return this.crowds.get(symbol)?.mid;
  }

  /** Moves the middle at once and quotes anew around it, taking whatever stands in the way. */
  setMid(symbol: string, ticks: number): void {
    const market = this.core.market(symbol);
    const state = this.crowds.get(symbol);
    if (!market || !state) return;
    state.mid = Math.max(ticks, 2 * levelsASide);
    this.sweep(market, state.mid);
    for (const side of ['buy', 'sell'] as const) while (state.live[side].length > 0) this.drop(state, side);
    for (let i = 0; i < levelsASide; i += 1) for (const side of ['buy', 'sell'] as const) this.quote(market, side, i);
  }

  private open(market: VenueMarket): void {
    const { id } = market.instrument;
    this.crowds.set(id, { mid: market.lastTicks, drift: 0, burst: 0, live: { buy: [], sell: [] } });
    this.setMid(id, market.lastTicks);
  }

  private stepMarket(market: VenueMarket): void {
    const state = this.crowds.get(market.instrument.id)!;
    this.wander(state);
    for (let i = 0; i < requotesAStep; i += 1) {
      const side: BookSide = this.rng.next() < 0.5 ? 'buy' : 'sell';
      if (state.live[side].length >= levelsASide) this.drop(state, side);
      this.quote(market, side, this.rng.int(levelsASide));
    }
    if (this.rng.next() < takerChance) this.trade(market, this.rng.next() < 0.5 + state.drift ? 'buy' : 'sell');
  }

  private wander(state: Crowd): void {
    if (this.rng.next() < burstChance) {
      state.burst = 20;
      state.drift = this.rng.next() < 0.5 ? 0.3 : -0.3;
    }
    const scale = state.mid * (state.burst > 0 ? 1.2e-4 : 1.5e-5);
    const noise = this.rng.next() + this.rng.next() - 1 + state.drift;
    state.mid = Math.max(2 * levelsASide, Math.round(state.mid + noise * scale));
    state.burst = Math.max(0, state.burst - 1);
    if (state.burst === 0) state.drift = 0;
  }

  private quote(market: VenueMarket, side: BookSide, depth: number): void {
    const state = this.crowds.get(market.instrument.id)!;
    const gap = Math.max(1, Math.min(gapTicks, Math.floor(state.mid / 100_000)));
    const offset = 1 + depth * gap + this.rng.int(gap);
    const ticks = side === 'buy' ? state.mid - offset : state.mid + offset;
    const lots = this.lots(market, 200 + 800 * this.rng.next() * (1 + depth / 10));
    const result = this.place(market, { side, ticks, lots });
    if (result !== undefined) state.live[side].push(result);
  }

  private drop(state: Crowd, side: BookSide): void {
    const id = state.live[side].shift();
    if (id !== undefined) this.core.cancel(id);
  }

  private trade(market: VenueMarket, side: BookSide): void {
    this.place(market, { side, ticks: undefined, lots: this.lots(market, 20 + 2000 * this.rng.next() ** 3) });
  }

  private sweep(market: VenueMarket, mid: number): void {
    const lots = (side: BookSide): number =>
      market.book.fillPlan({ side, ticks: mid, lots: 1e12 }).reduce((sum, level) => sum + level.lots, 0);
    for (const side of ['buy', 'sell'] as const) {
      const wanted = lots(side);
      if (wanted > 0) this.place(market, { side, ticks: mid, lots: wanted });
    }
  }

  private place(
    market: VenueMarket,
    order: { side: BookSide; ticks: number | undefined; lots: number },
  ): number | undefined {
    this.made += 1;
    const result = this.core.place({
      ...order,
      account: crowd,
      symbol: market.instrument.id,
      clientId: `c${this.made}`,
      type: order.ticks === undefined ? 'MARKET' : 'LIMIT',
      timeInForce: 'GTC',
      prevention: 'NONE',
    });
    return result.ok && order.ticks !== undefined ? result.order.id : undefined;
  }

  private lots(market: VenueMarket, notional: number): number {
    return Math.max(1, Math.round(notional / market.cost(market.lastTicks, 1).toNumber()));
  }
}
