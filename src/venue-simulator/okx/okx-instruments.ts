import type { Dec } from '../../domain/units';
import type { MarketFormat } from '../binance/market-format';
import { plain } from '../plain-decimal';
import type { Market } from '../venue-types';

export type Row = Readonly<Record<string, unknown>>;

type Formats = ReadonlyMap<string, MarketFormat>;

/** Behind a stamp stands the market: ids are nineteen digits long, as at the venue, and no double holds them. */
const indexDigits = 3;

/** One market under OKX's name, `BTC-USDT`, with its numbers as OKX writes them: plain, without trailing zeros. */
export class OkxInstrument {
  readonly id: string;

  constructor(
    readonly symbol: string,
    readonly index: number,
    private readonly formats: Formats,
  ) {
    const { base, quote } = this.format.market;
    this.id = `${base}-${quote}`;
  }

  /** What the market asks of orders now. */
  get format(): MarketFormat {
    return this.formats.get(this.symbol)!;
  }

  get market(): Market {
    return this.format.market;
  }

  price(ticks: number): Dec {
    return plain(this.format.price(ticks));
  }

  size(lots: number): Dec {
    return plain(this.format.quantity(lots));
  }

  /** Price times quantity, from ticks × lots. */
  quote(tickLots: number): Dec {
    return plain(this.format.quote(tickLots));
  }

  /** The venue-wide id of an order, or the bill of a trade, with this stamp. */
  idOf({ stamp }: { readonly stamp: number }): string {
    return `${stamp}${String(this.index).padStart(indexDigits, '0')}`;
  }

  get isTrading(): boolean {
    return (this.market.status ?? 'TRADING') === 'TRADING';
  }
}

export class OkxInstruments {
  readonly all: readonly OkxInstrument[];
  private readonly byId: ReadonlyMap<string, OkxInstrument>;
  private readonly bySymbol: ReadonlyMap<string, OkxInstrument>;

  constructor(formats: Formats) {
    this.all = [...formats.keys()].map((symbol, index) => new OkxInstrument(symbol, index + 1, formats));
    this.byId = new Map(this.all.map((instrument) => [instrument.id, instrument]));
    this.bySymbol = new Map(this.all.map((instrument) => [instrument.symbol, instrument]));
  }

  named(id: string): OkxInstrument | undefined {
    return this.byId.get(id);
  }

  of(symbol: string): OkxInstrument | undefined {
    return this.bySymbol.get(symbol);
  }

  get assets(): readonly string[] {
    return [...new Set(this.all.flatMap(({ market: { base, quote } }) => [base, quote]))];
  }
}

/** The stamp in an id that `idOf` gave. */
export const stampIn = (id: string): number => Number(id.slice(0, -indexDigits));

const listedAt = '1548133413000';
export const mostMarketQuote = 1_000_000;
const mostLimitQuote = '20000000';

/** A row of `public/instruments` and of the channel. OKX tells no least order value. */
export function instrumentRow(instrument: OkxInstrument): Row {
  const { market, id, index, isTrading } = instrument;
  const { maxQuantity: most } = market;
  return {
    ...{ instType: 'SPOT', instId: id, instIdCode: index, instFamily: '', uly: '', alias: '', category: '1' },
    ...{ baseCcy: market.base, quoteCcy: market.quote, settleCcy: '', tradeQuoteCcyList: [market.quote] },
    ...{ tickSz: market.tickSize, lotSz: market.lotSize, minSz: market.minQuantity },
    ...{ maxLmtSz: most, maxMktSz: String(mostMarketQuote), maxTwapSz: most, maxIcebergSz: most },
    ...{ maxTriggerSz: most, maxStopSz: String(mostMarketQuote) },
    ...{ maxLmtAmt: mostLimitQuote, maxMktAmt: String(mostMarketQuote) },
    ...{ state: isTrading ? 'live' : 'suspend', ruleType: 'normal', openType: 'call_auction' },
    ...{ listTime: listedAt, expTime: '', contTdSwTime: listedAt, auctionEndTime: '', preMktSwTime: '' },
    ...{ lever: '', ctVal: '', ctMult: '', ctValCcy: '', ctType: '', optType: '', stk: '' },
    ...{ futureSettlement: false, groupId: '1', upcChg: [] },
  };
}

/** What is delisted is not shown. */
export const instrumentRows = (instruments: readonly OkxInstrument[]): readonly Row[] =>
  instruments.filter(({ market }) => market.status !== 'DELISTED').map(instrumentRow);
