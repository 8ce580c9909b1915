import { VenueError } from '../../../domain/errors';
import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import type { VenueLimits } from '../common/rate-limits';
import { parsed } from './binance.reads';
import { limitsOf, symbolsOf } from './parse-binance-rules';
import type { BinanceSymbol } from './parse-binance-rules';

const freshForMs = 3_600_000;

/** The instruments of one venue, read once and shared; read again when an hour old. */
export class BinanceMarkets {
  private readonly byId = new Map<InstrumentId, BinanceSymbol>();
  private readonly byVenueSymbol = new Map<string, BinanceSymbol>();
  private loading: Promise<void> | undefined;
  private loadedAt: Mono = -Infinity;

  constructor(
    private readonly runtime: Runtime,
    private readonly read: () => Promise<unknown>,
    private readonly onLimits: (limits: VenueLimits) => void,
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
      this.byId.clear();
      this.byVenueSymbol.clear();
      for (const symbol of symbols) {
        this.byId.set(symbol.instrument, symbol);
        this.byVenueSymbol.set(symbol.rules.venueSymbol, symbol);
      }
      this.loadedAt = this.runtime.monotonic();
      this.onLimits(limitsOf(json));
    } catch (error) {
      if (this.byId.size === 0) throw error;
    }
  }
}
