import BigNumber from 'bignumber.js';
import type { Dec } from '../../domain/units';
import type { Market, MarketTerms } from '../venue-types';

const shownDecimals = 8;
const mostTexts = 4_096;
const plainPattern = /^(0|[1-9]\d*)(?:\.(\d{1,8}))?$/;
const decimalPattern = /^\d+(\.\d+)?$/;

/** Counts of one market's steps as the eight-decimal texts the venue writes. */
export class MarketFormat {
  readonly price: (ticks: number) => Dec;
  readonly quantity: (lots: number) => Dec;
  private readonly quoteStep: BigNumber;

  constructor(readonly market: Market) {
    this.price = stepsOf(market.tickSize);
    this.quantity = stepsOf(market.lotSize);
    this.quoteStep = new BigNumber(market.tickSize).times(market.lotSize);
  }

  /** Price times quantity, from ticks × lots. */
  quote(tickLots: number): Dec {
    return this.quoteStep.times(tickLots).toFixed(shownDecimals);
  }

  /** The count of steps in a text; undefined when it is not a whole positive number of them. */
  ticksOf(text: string): number | undefined {
    return wholeSteps(text, this.market.tickSize);
  }

  lotsOf(text: string): number | undefined {
    return wholeSteps(text, this.market.lotSize);
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

/** Integer arithmetic for steps of at most eight decimals, which every listed market has. */
function stepsOf(step: Dec): (count: number) => Dec {
  const size = new BigNumber(step);
  const decimals = size.decimalPlaces() ?? 0;
  const units = size.shiftedBy(decimals).toNumber();
  const tail = '0'.repeat(shownDecimals - decimals);
  const textOf = (count: number): Dec => {
    const digits = String(count * units).padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    return `${digits.slice(0, point)}.${digits.slice(point)}${tail}`;
  };
  // The same prices come and go, and a level that is gone is written as the same zero.
  const texts = new Map<number, Dec>();
  return (count) => {
    const known = texts.get(count);
    if (known !== undefined) return known;
    if (texts.size === mostTexts) texts.clear();
    const text = textOf(count);
    texts.set(count, text);
    return text;
  };
}

function wholeSteps(text: string, step: Dec): number | undefined {
  if (!decimalPattern.test(text)) return undefined;
  const count = new BigNumber(text).div(step);
  return count.isInteger() && !count.isZero() ? count.toNumber() : undefined;
}
