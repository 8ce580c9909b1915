import BigNumber from 'bignumber.js';
import type { Dec, Ms } from '../../domain/units';
import type { MarketFormat } from '../binance/market-format';
import { plain } from '../plain-decimal';

/** Gate counts orders and trades over all pairs, the core per market: the last two digits of an id tell the market. */
const idsPerNumber = 100;

type Formats = ReadonlyMap<string, MarketFormat>;

/** One market under Gate's name, `BTC_USDT`, with its numbers as Gate writes them: plain, without trailing zeros. */
export class GatePair {
  readonly id: string;

  constructor(
    readonly symbol: string,
    private readonly index: number,
    private readonly formats: Formats,
  ) {
    const { base, quote } = this.format.market;
    this.id = `${base}_${quote}`;
  }

  /** What the market asks of orders now. */
  get format(): MarketFormat {
    return this.formats.get(this.symbol)!;
  }

  price(ticks: number): Dec {
    return plain(this.format.price(ticks));
  }

  amount(lots: number): Dec {
    return plain(this.format.quantity(lots));
  }

  /** Price times quantity, from ticks × lots. */
  quote(tickLots: number): Dec {
    return plain(this.format.quote(tickLots));
  }

  globalId(number: number): number {
    return number * idsPerNumber + this.index;
  }
}

export class GatePairs {
  readonly all: readonly GatePair[];
  private readonly byId: ReadonlyMap<string, GatePair>;
  private readonly bySymbol: ReadonlyMap<string, GatePair>;

  constructor(formats: Formats) {
    this.all = [...formats.keys()].map((symbol, index) => new GatePair(symbol, index, formats));
    this.byId = new Map(this.all.map((pair) => [pair.id, pair]));
    this.bySymbol = new Map(this.all.map((pair) => [pair.symbol, pair]));
  }

  named(id: string): GatePair | undefined {
    return this.byId.get(id);
  }

  of(symbol: string): GatePair | undefined {
    return this.bySymbol.get(symbol);
  }

  /** The market and its own number of a global id. */
  numbered(globalId: number): { readonly pair: GatePair; readonly number: number } | undefined {
    const pair = this.all[globalId % idsPerNumber];
    return pair && { pair, number: Math.floor(globalId / idsPerNumber) };
  }
}

export const shownAmount = (amount: Dec | BigNumber): Dec => new BigNumber(amount).toFixed();
export const seconds = (at: Ms): number => Math.floor(at / 1_000);
