import BigNumber from 'bignumber.js';
import { DecimalGrid } from './decimal-grid';
import type { Dec, Lots, Ticks } from './units';
import { DomainError } from './errors';

/** Venues spoken to in their own protocol. */
export const dialectVenues = ['binance', 'okx', 'gate'] as const;
/** Venues reached through ccxt whole, with what it can: `docs/venues.md`. */
export const genericVenues = ['bybit', 'kucoin', 'kraken', 'mexc', 'bitget'] as const;
export type DialectVenueId = (typeof dialectVenues)[number];
export type GenericVenueId = (typeof genericVenues)[number];
export type VenueId = DialectVenueId | GenericVenueId;
/** Every venue an account may name. */
export const venueIds: readonly VenueId[] = [...dialectVenues, ...genericVenues];
export type AccountId = string;
/** Unified symbol on one venue, `BTC/USDT`. The same symbol on two venues is two instruments. */
export type InstrumentId = string;

/** Ticks beyond this do not fit an Int32Array with room for the book's sign. */
export const maxTicks = 1e9;
export const maxLots = 1e13;

/** The rules of one tradable pair as the venue states them, all decimals as strings. */
export interface InstrumentRules {
  readonly venue: VenueId;
  readonly id: InstrumentId;
  readonly venueSymbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: Dec;
  readonly lotSize: Dec;
  readonly minQuantity: Dec;
  readonly maxQuantity: Dec;
  readonly minNotional: Dec;
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
  readonly maxOpenOrders: number;
  /** `delisted`: the venue did list it, and does not any more. */
  readonly status: 'trading' | 'cancel_only' | 'halted' | 'delisted';
  /** How far from its average price the venue takes orders of each side, as factors; absent is no such rule. */
  readonly percentPrice?: { readonly bid: PriceBand; readonly ask: PriceBand };
}

export interface PriceBand {
  readonly down: number;
  readonly up: number;
}

/** Turns decimals into integer ticks and lots, once, and back. */
export class Instrument {
  readonly venue: VenueId;
  readonly id: InstrumentId;
  readonly venueSymbol: string;
  readonly base: string;
  readonly quote: string;
  readonly minLots: Lots;
  readonly maxLots: Lots;
  private readonly tickGrid: DecimalGrid;
  private readonly lotGrid: DecimalGrid;
  private readonly tick: BigNumber;
  private readonly lot: BigNumber;
  /** The steps as doubles, for estimates. */
  readonly tickSize: number;
  readonly lotSize: number;
  /** What one lot is worth at a price of one tick, in quote currency. */
  readonly tickLotValue: number;
  private readonly minNotional: BigNumber;
  private readonly minNotionalTickLots: number;

  constructor(readonly rules: InstrumentRules) {
    this.venue = rules.venue;
    this.id = rules.id;
    this.venueSymbol = rules.venueSymbol;
    this.base = rules.base;
    this.quote = rules.quote;
    this.tickGrid = new DecimalGrid(rules.tickSize);
    this.lotGrid = new DecimalGrid(rules.lotSize);
    this.tick = this.tickGrid.step;
    this.lot = this.lotGrid.step;
    this.tickSize = Number(rules.tickSize);
    this.lotSize = Number(rules.lotSize);
    this.tickLotValue = this.tick.times(this.lot).toNumber();
    this.minNotional = new BigNumber(rules.minNotional);
    this.minNotionalTickLots = this.minNotional.div(this.tick).div(this.lot).toNumber();
    this.minLots = Math.max(1, this.wholeLots(rules.minQuantity, BigNumber.ROUND_CEIL));
    this.maxLots = Math.min(maxLots, this.wholeLots(rules.maxQuantity, BigNumber.ROUND_FLOOR));
  }

  /** The integer tick of a price. Throws OFF_TICK when the price is not on the grid or out of range. */
  toTicks(price: Dec): Ticks {
    const ticks = numberOf(price).div(this.tick);
    if (!ticks.isInteger() || !ticks.isPositive() || ticks.gte(maxTicks)) {
      throw new DomainError(
        'OFF_TICK',
        `price ${price} is not a multiple of ${this.rules.tickSize}`,
        'Round the price to the tick size.',
      );
    }
    return ticks.toNumber();
  }

  /** The integer lots of a quantity. Throws OFF_LOT when the quantity is not on the grid or out of range. */
  toLots(quantity: Dec): Lots {
    const lots = numberOf(quantity).div(this.lot);
    if (!lots.isInteger() || lots.isNegative() || lots.gte(maxLots)) {
      throw new DomainError(
        'OFF_LOT',
        `quantity ${quantity} is not a multiple of ${this.rules.lotSize}`,
        'Round the quantity down to the lot size.',
      );
    }
    return lots.toNumber();
  }

  /** Whole lots contained in a quantity, rounded down: for balances and settings that need not be on the grid. */
  floorToLots(quantity: Dec): Lots {
    return this.wholeLots(quantity, BigNumber.ROUND_FLOOR);
  }

  /** A quantity as fractional lots, for settings and holdings that need not be on the grid. */
  toFractionalLots(quantity: Dec): number {
    return this.lotGrid.count(quantity);
  }

  /** A price as fractional ticks, for reference prices and thresholds. */
  toFractionalTicks(price: Dec): number {
    return this.tickGrid.count(price);
  }

  /** How many lots an amount of quote currency is worth at a price in ticks, both fractional. */
  lotsWorth(amount: Dec, ticks: number): number {
    return Number(amount) / this.tickLotValue / ticks;
  }

  price(ticks: Ticks): Dec {
    return this.tickGrid.decimal(ticks);
  }

  quantity(lots: Lots): Dec {
    return this.lotGrid.decimal(lots);
  }

  /** Price × quantity in quote currency, exact. */
  notional(ticks: Ticks, lots: Lots): Dec {
    return this.tick.times(ticks).times(this.lot).times(lots).toFixed();
  }

  /** Smallest quantity that satisfies both the minimum quantity and the minimum notional at a price. */
  minLotsAt(ticks: Ticks): Lots {
    if (ticks <= 0 || this.minNotionalTickLots === 0) return this.minLots;
    const estimate = this.minNotionalTickLots / ticks;
    // Floating arithmetic decides unless the figure is so close to a whole lot that its error could.
    if (estimate < 1e9 && Math.abs(estimate - Math.round(estimate)) > 1e-5) {
      return Math.max(this.minLots, Math.ceil(estimate));
    }
    const byNotional = this.minNotional.div(this.tick.times(ticks)).div(this.lot);
    return Math.max(this.minLots, byNotional.integerValue(BigNumber.ROUND_CEIL).toNumber());
  }

  private wholeLots(quantity: Dec, mode: BigNumber.RoundingMode): Lots {
    return new BigNumber(quantity).div(this.lot).integerValue(mode).toNumber();
  }
}

/** What is no decimal becomes NaN, which is on no grid; bignumber.js itself would throw an error without a code. */
const numberOf = (text: Dec): BigNumber => new BigNumber(/^-?\d+(\.\d+)?$/.test(text) ? text : NaN);
