import { VenueError } from '../../../domain/errors';
import type { InstrumentId } from '../../../domain/instrument';
import { Instrument } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import type { VenueLimits } from '../common/rate-limits';
import { parsed } from './binance.reads';
import { limitsOf, symbolsOf } from './parse-binance-rules';
import type { BinanceSymbol } from './parse-binance-rules';

const freshForMs = 3_600_000;
const noSymbols = { symbols: [] };

/** Who is told what the instruments of a venue have changed for others. */
export interface MarketsListener {
  limits(limits: VenueLimits): void;
  /** From now on prices and quantities of the instrument are counted in other steps. */
  stepsChanged(instrument: InstrumentId): void;
}

/** The instruments of one venue, read once and shared; read again when an hour old. */
export class BinanceMarkets {
  private readonly byId = new Map<InstrumentId, BinanceSymbol>();
  private readonly byVenueSymbol = new Map<string, BinanceSymbol>();
  private loading: Promise<void> | undefined;
  private loadedAt: Mono = -Infinity;

  constructor(
    private readonly runtime: Runtime,
    /** All instruments, or the one of this symbol. */
    private readonly read: (venueSymbol?: string) => Promise<unknown>,
    private readonly listener: MarketsListener,
  ) {}

  /** Throws VenueError when the venue does not answer and nothing is known yet. */
  async load(): Promise<readonly Instrument[]> {
    const isFresh = this.runtime.monotonic() - this.loadedAt < freshForMs;
    if (!isFresh) {
      this.loading ??= this.refresh().finally(() => {
        this.loading = undefined;
      });
      await this.loading;
    }
    return [...this.byId.values()].map((symbol) => symbol.rules);
  }

  /** Reads one instrument anew; one that is no longer listed is delisted. Throws VenueError. */
  async reread(instrument: InstrumentId): Promise<Instrument> {
    const known = this.require(instrument);
    const json = await this.read(known.rules.venueSymbol).catch((error: unknown) => {
      if (error instanceof VenueError && error.code === 'SYMBOL') return noSymbols;
      throw error;
    });
    const read = parsed('exchangeInfo', () => symbolsOf(json)).find((one) => one.instrument === instrument);
    const latest = read ?? delisted(known);
    this.keep(latest);
    return latest.rules;
  }

  find(instrument: InstrumentId): BinanceSymbol | undefined {
    return this.byId.get(instrument);
  }

  /** Throws VenueError for an instrument that the venue does not list. */
  require(instrument: InstrumentId): BinanceSymbol {
    const symbol = this.byId.get(instrument);
    if (!symbol) throw new VenueError('SYMBOL', `${instrument} is not listed`);
    return symbol;
  }

  ofVenueSymbol(venueSymbol: string): BinanceSymbol | undefined {
    return this.byVenueSymbol.get(venueSymbol);
  }

  private async refresh(): Promise<void> {
    try {
      const json = await this.read();
      const symbols = parsed('exchangeInfo', () => symbolsOf(json));
      const listed = new Set(symbols.map((symbol) => symbol.instrument));
      for (const known of this.byId.values()) if (!listed.has(known.instrument)) this.keep(delisted(known));
      for (const symbol of symbols) this.keep(symbol);
      this.loadedAt = this.runtime.monotonic();
      this.listener.limits(limitsOf(json));
    } catch (error) {
      if (this.byId.size === 0) throw error;
    }
  }

  private keep(symbol: BinanceSymbol): void {
    const before = this.byId.get(symbol.instrument)?.rules.rules;
    this.byId.set(symbol.instrument, symbol);
    this.byVenueSymbol.set(symbol.rules.venueSymbol, symbol);
    const { tickSize, lotSize } = symbol.rules.rules;
    if (before && (before.tickSize !== tickSize || before.lotSize !== lotSize))
      this.listener.stepsChanged(symbol.instrument);
  }
}

/** It is kept: orders of ours may still have to be asked for. */
const delisted = (known: BinanceSymbol): BinanceSymbol => ({
  ...known,
  rules: new Instrument({ ...known.rules.rules, status: 'delisted' }),
});
