import BigNumber from 'bignumber.js';
import { Steps } from '../../src/venue-simulator/decimal-steps';
import type { Market } from '../../src/venue-simulator/venue-types';

/** What a market demands now; steps as multiples of those it was born with, so that older orders stay legal. */
export interface MarketRules {
  readonly status: 'TRADING' | 'HALT' | 'BREAK' | 'CANCEL_ONLY' | 'END_OF_DAY';
  readonly tickFactor: number;
  readonly lotFactor: number;
  readonly minNotional: string;
}

type Row = Readonly<Record<string, unknown>>;
export interface Refusal {
  readonly code: number;
  readonly msg: string;
}

/** The rules of every market, which change while the engine runs. */
export class VenueRules {
  private readonly rules = new Map<string, MarketRules>();
  private readonly hidden = new Map<string, string>();
  private changes = 0;
  private readonly markets: ReadonlyMap<string, Market>;
  /** Made of the rules of the moment, for every create of a market until they change. */
  private readonly filters = new Map<string, Filters>();

  constructor(markets: readonly Market[]) {
    this.markets = new Map(markets.map((market) => [market.symbol, market]));
    for (const { symbol, minNotional } of markets)
      this.rules.set(symbol, { status: 'TRADING', tickFactor: 1, lotFactor: 1, minNotional });
  }

  of(symbol: string): MarketRules {
    return this.rules.get(symbol)!;
  }

  isOpen(symbol: string): boolean {
    return this.of(symbol).status === 'TRADING';
  }

  change(symbol: string, part: Partial<MarketRules>): void {
    this.changed();
    this.rules.set(symbol, { ...this.of(symbol), ...part });
  }

  /** Grows with every change. */
  get version(): number {
    return this.changes;
  }

  /** Creates fail this filter although nothing that is published says so; undefined lifts it. */
  hide(symbol: string, filter: string | undefined): void {
    this.changed();
    if (filter === undefined) this.hidden.delete(symbol);
    else this.hidden.set(symbol, filter);
  }

  isHiding(symbol: string): boolean {
    return this.hidden.has(symbol);
  }

  /** The published metadata as it is now. */
  published(body: Row): Row {
    const symbols = body['symbols'] as readonly Row[];
    return { ...body, symbols: symbols.map((row) => this.row(row)) };
  }

  /** Whether this metadata shows the rules of the moment. */
  shows(body: Row, symbol: string): boolean {
    const row = (body['symbols'] as readonly Row[] | undefined)?.find((one) => one['symbol'] === symbol);
    return row !== undefined && JSON.stringify(this.row(row)) === JSON.stringify(row);
  }

  /** Why a create may not be taken; the doors of the venue judge the rest. */
  refusal(params: ReadonlyMap<string, string>): Refusal | undefined {
    const symbol = params.get('symbol') ?? '';
    if (!this.markets.has(symbol)) return undefined;
    if (!this.isOpen(symbol)) return { code: -2010, msg: 'Market is closed.' };
    const hidden = this.hidden.get(symbol);
    if (hidden !== undefined) return filter(hidden);
    return filteredBy(params.get('price') ?? '0', params.get('quantity') ?? '0', this.filtersOf(symbol));
  }

  private filtersOf(symbol: string): Filters {
    let filters = this.filters.get(symbol);
    if (!filters)
      this.filters.set(symbol, (filters = filtersFor(this.markets.get(symbol)!, this.of(symbol))));
    return filters;
  }

  private changed(): void {
    this.changes += 1;
    this.filters.clear();
  }

  private row(row: Row): Row {
    const symbol = String(row['symbol']);
    const market = this.markets.get(symbol);
    if (!market) return row;
    const { status, tickFactor, lotFactor, minNotional } = this.of(symbol);
    const tickSize = times(market.tickSize, tickFactor);
    const stepSize = times(market.lotSize, lotFactor);
    const filters = (row['filters'] as readonly Row[]).map((one) => {
      if (one['filterType'] === 'PRICE_FILTER') return { ...one, minPrice: tickSize, tickSize };
      if (one['filterType'] === 'LOT_SIZE')
        return { ...one, minQty: larger(market.minQuantity, stepSize), stepSize };
      return one['filterType'] === 'NOTIONAL' ? { ...one, minNotional } : one;
    });
    return { ...row, status, filters };
  }
}

const times = (step: string, factor: number): string => new BigNumber(step).times(factor).toFixed();
const larger = (a: string, b: string): string => BigNumber.max(a, b).toFixed();
const filter = (name: string): Refusal => ({ code: -1013, msg: `Filter failure: ${name}` });

interface Filters {
  readonly tick: Steps;
  readonly lot: Steps;
  /** The least ticks × lots. */
  readonly leastWorth: number;
}

function filtersFor(market: Market, { tickFactor, lotFactor, minNotional }: MarketRules): Filters {
  const [tick, lot] = [times(market.tickSize, tickFactor), times(market.lotSize, lotFactor)];
  const least = new BigNumber(minNotional).div(new BigNumber(tick).times(lot));
  return {
    tick: new Steps(tick),
    lot: new Steps(lot),
    leastWorth: least.integerValue(BigNumber.ROUND_CEIL).toNumber(),
  };
}

/** A market order has no price, and nothing is worth nothing. */
function filteredBy(
  price: string,
  quantity: string,
  { tick, lot, leastWorth }: Filters,
): Refusal | undefined {
  const ticks = Number(price) === 0 ? 0 : tick.countOf(price);
  if (ticks === undefined) return filter('PRICE_FILTER');
  const lots = Number(quantity) === 0 ? 0 : lot.countOf(quantity);
  if (lots === undefined) return filter('LOT_SIZE');
  return ticks * lots >= leastWorth ? undefined : filter('NOTIONAL');
}
