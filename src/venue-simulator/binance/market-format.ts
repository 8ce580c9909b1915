import BigNumber from 'bignumber.js';
import type { Dec } from '../../domain/units';
import { Steps } from '../decimal-steps';
import type { Market, MarketTerms } from '../venue-types';

const shownDecimals = 8;
const mostTexts = 4_096;
const plainPattern = /^(0|[1-9]\d*)(?:\.(\d{1,8}))?$/;

/** Counts of one market's steps as the eight-decimal texts the venue writes, and what its filters let in. */
export class MarketFormat {
  private readonly ticks: Steps;
  private readonly lots: Steps;
  private readonly tickLots: Steps;
  /** The same prices come and go. */
  private readonly prices = new Map<number, Dec>();
  private readonly leastLots: number;
  private readonly mostLots: number;
  /** In the last of the decimals that are shown. */
  private readonly leastWorth: number;

  constructor(readonly market: Market) {
    this.ticks = new Steps(market.tickSize);
    this.lots = new Steps(market.lotSize);
    this.tickLots = new Steps(new BigNumber(market.tickSize).times(market.lotSize));
    this.leastLots = new BigNumber(market.minQuantity).div(market.lotSize).toNumber();
    this.mostLots = new BigNumber(market.maxQuantity).div(market.lotSize).toNumber();
    this.leastWorth = new BigNumber(market.minNotional).shiftedBy(shownDecimals).toNumber();
  }

  price(ticks: number): Dec {
    const known = this.prices.get(ticks);
    if (known !== undefined) return known;
    if (this.prices.size === mostTexts) this.prices.clear();
    const text = this.ticks.textOf(ticks);
    this.prices.set(ticks, text);
    return text;
  }

  quantity(lots: number): Dec {
    return this.lots.textOf(lots);
  }

  /** Price times quantity, from ticks × lots. */
  quote(tickLots: number): Dec {
    return this.tickLots.textOf(tickLots);
  }

  /** The count of steps in a text; undefined when it is not a whole positive number of them. */
  ticksOf(text: string): number | undefined {
    return this.ticks.countOf(text);
  }

  lotsOf(text: string): number | undefined {
    return this.lots.countOf(text);
  }

  /** Whether an order may have this quantity. */
  isInRange(lots: number): boolean {
    return lots >= this.leastLots && lots <= this.mostLots;
  }

  /** Whether ticks × lots, as they are shown, are worth an order. */
  isWorthwhile(tickLots: number): boolean {
    const units = this.tickLots.shownUnits(tickLots);
    if (units !== undefined) return units >= this.leastWorth;
    return new BigNumber(this.quote(tickLots)).gte(this.market.minNotional);
  }
}

export const formatsOf = (markets: readonly Market[]): Map<string, MarketFormat> =>
  new Map(markets.map((market) => [market.symbol, new MarketFormat(market)]));

/** Resting orders stay whatever the terms of their market become. Throws for a market that is not listed. */
export function changeTerms(
  formats: Map<string, MarketFormat>,
  symbol: string,
  terms: Partial<MarketTerms>,
): Market {
  const format = formats.get(symbol);
  if (!format) throw new Error(`${symbol} is not listed`);
  const market = { ...format.market, ...terms };
  formats.set(symbol, new MarketFormat(market));
  return market;
}

export function shown(amount: Dec): Dec {
  // What is plain and short already only lacks its zeros.
  const [, whole = '', fraction = ''] = plainPattern.exec(amount) ?? [];
  if (whole !== '') return `${whole}.${fraction.padEnd(shownDecimals, '0')}`;
  return new BigNumber(amount).toFixed(shownDecimals);
}
