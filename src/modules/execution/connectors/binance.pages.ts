import type { InstrumentId } from '../../../domain/instrument';
import type { AssetBalance, FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { BinanceFeed } from './binance.feed';
import { askVenue, failureOf, parsed } from './binance.reads';
import type { Outcome, Reply } from './outcome';
import { balancesOf, fillOfTrade, orderOfRow } from './parse-binance-account';
import type { FillCursor, Page } from './types';
import { recordOf, rowsOf } from './venue-json';
import type { JsonRecord } from './venue-json';
import type { VenueTransport } from './venue.transport';

type Params = Record<string, string | number | boolean>;

const tradesPerPage = 1_000;
const longestWindowMs = 86_400_000;

/** Complete reads of one Binance account. Each throws VenueError. */
export class BinancePages {
  constructor(
    private readonly runtime: Runtime,
    private readonly transport: VenueTransport,
    private readonly feed: BinanceFeed,
    /** Told how each request went. */
    private readonly heard: (outcome: Outcome, reply: Reply) => void,
  ) {}

  openOrders(instrument?: InstrumentId): Promise<Page<OrderReport>> {
    return this.page(async () => {
      const params = instrument === undefined ? {} : { symbol: this.symbolOf(instrument) };
      const rows = await this.rows('openOrders', params, instrument === undefined ? 80 : 6);
      return parsed('openOrders', () => rows.flatMap((row) => this.orderOf(row)));
    });
  }

  fillsSince(cursor: FillCursor): Promise<Page<FillReport>> {
    return this.page(async () => {
      const rows = await this.trades(cursor);
      return parsed('myTrades', () => rows.map((row) => fillOfTrade(row, cursor.instrument)));
    });
  }

  balances(): Promise<Page<AssetBalance>> {
    return this.page(async () => {
      const json = await this.read('account', { omitZeroBalances: true }, 20);
      return parsed('account', () => balancesOf(recordOf(json)?.['balances'], ['asset', 'free', 'locked']));
    });
  }

  /** By id where one is known; else by time, a day at a time, until the first trade names an id to go on from. */
  private async trades(cursor: FillCursor): Promise<readonly JsonRecord[]> {
    const symbol = this.symbolOf(cursor.instrument);
    const { fromId, since, venueOrderId } = cursor;
    if (venueOrderId !== undefined) return this.fromId({ symbol, orderId: venueOrderId }, 5);
    if (fromId !== undefined || since === undefined)
      return this.fromId({ symbol, fromId: fromId ?? '0' }, 20);
    const now = this.feed.clock.venueNow();
    for (let start = since; start <= now; start += longestWindowMs) {
      const params = { symbol, startTime: start, endTime: start + longestWindowMs - 1 };
      const rows = await this.rows('myTrades', { ...params, limit: tradesPerPage }, 20);
      if (rows.length > 0) return [...rows, ...(await this.fromId({ symbol, fromId: afterLast(rows) }, 20))];
    }
    return [];
  }

  private async fromId(params: Params, weight: number): Promise<readonly JsonRecord[]> {
    const all: JsonRecord[] = [];
    let next: Params = params;
    for (;;) {
      const rows = await this.rows('myTrades', { ...next, limit: tradesPerPage }, weight);
      all.push(...rows);
      if (rows.length < tradesPerPage) return all;
      next = { ...params, fromId: afterLast(rows) };
    }
  }

  /** An order of an instrument that is not listed here cannot be ours. */
  private orderOf(row: JsonRecord): readonly OrderReport[] {
    const symbol = this.feed.markets.ofVenueSymbol(String(row['symbol']));
    return symbol ? [orderOfRow(row, symbol.instrument, 'rest-list')] : [];
  }

  private symbolOf(instrument: InstrumentId): string {
    return this.feed.markets.require(instrument).rules.venueSymbol;
  }

  private async rows(path: string, params: Params, weight: number): Promise<readonly JsonRecord[]> {
    const json = await this.read(path, params, weight);
    return parsed(path, () => {
      const rows = rowsOf(json);
      if (!rows) throw new Error('the answer is not a list');
      return rows;
    });
  }

  private async read(path: string, params: Params, weight: number): Promise<unknown> {
    const call = { path, api: 'private', method: 'GET', params, weight } as const;
    const { outcome, reply } = await askVenue(this.runtime, this.transport, call);
    this.heard(outcome, reply);
    if (outcome.kind === 'answered') return outcome.parsed;
    throw failureOf(outcome, path);
  }

  private async page<T>(read: () => Promise<readonly T[]>): Promise<Page<T>> {
    const requestedAt = this.runtime.monotonic();
    const requestedAtMs = this.runtime.now();
    const rows = await read();
    return { rows, requestedAt, requestedAtMs, receivedAt: this.runtime.monotonic() };
  }
}

/** Trade ids may exceed what a double holds. */
const afterLast = (rows: readonly JsonRecord[]): string =>
  (BigInt(String(rows.at(-1)?.['id'])) + 1n).toString();
