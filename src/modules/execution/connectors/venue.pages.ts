import type { InstrumentId } from '../../../domain/instrument';
import type { AssetBalance, FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { VenueDialect, VenueRequest } from './dialect';
import type { Outcome, Reply } from './outcome';
import type { FillCursor, Page } from './types';
import type { VenueFeed } from './venue.feed';
import type { JsonRecord } from './venue-json';
import { askVenue, failureOf, pageOf } from './venue.reads';
import type { VenueTransport } from './venue.transport';

export interface PageParts {
  readonly runtime: Runtime;
  readonly dialect: VenueDialect;
  readonly transport: VenueTransport;
  readonly feed: VenueFeed;
  /** Told how each request went. */
  readonly heard: (outcome: Outcome, reply: Reply) => void;
}

/** Complete reads of one account. Each throws VenueError. */
export class VenuePages {
  constructor(private readonly parts: PageParts) {}

  openOrders(instrument?: InstrumentId): Promise<Page<OrderReport>> {
    const { pages } = this.parts.dialect;
    return pageOf(this.parts.runtime, 'open orders', async () => {
      const symbol = instrument === undefined ? undefined : this.symbolOf(instrument);
      const rows = await pages.openOrders(this.ask, symbol);
      return rows.flatMap((row) => this.orderOf(row));
    });
  }

  /** Oldest first, whatever the order of the venue: the last row is where the next read goes on. */
  fillsSince(cursor: FillCursor): Promise<Page<FillReport>> {
    const { dialect, feed } = this.parts;
    return pageOf(this.parts.runtime, 'trades', async () => {
      const { since } = cursor;
      const query = {
        ...{ ...cursor, venueSymbol: this.symbolOf(cursor.instrument), now: feed.clock.venueNow() },
        ...(since === undefined ? {} : { since: feed.clock.sinceAtVenue(since) }),
      };
      const rows = await dialect.pages.fills(this.ask, query);
      return rows.map((row) => dialect.pages.fillOf(row, cursor.instrument)).sort(byTradeId);
    });
  }

  balances(): Promise<Page<AssetBalance>> {
    return pageOf(this.parts.runtime, 'balances', () => this.parts.dialect.pages.balances(this.ask));
  }

  /** An order of an instrument that is not listed here cannot be ours. */
  private orderOf(row: JsonRecord): readonly OrderReport[] {
    const { dialect, feed } = this.parts;
    const symbol = feed.markets.ofVenueSymbol(dialect.pages.symbolOfRow(row));
    return symbol ? [dialect.trading.orderOf(row, symbol.instrument, 'rest-list')] : [];
  }

  private symbolOf(instrument: InstrumentId): string {
    return this.parts.feed.markets.require(instrument).rules.venueSymbol;
  }

  private readonly ask = async (request: VenueRequest): Promise<unknown> => {
    const { runtime, transport, heard } = this.parts;
    const { outcome, reply } = await askVenue(runtime, transport, request);
    heard(outcome, reply);
    if (outcome.kind === 'answered') return outcome.parsed;
    throw failureOf(outcome, request.path);
  };
}

/** As numbers: of ids that differ in length the shorter is the older. */
function byTradeId(a: FillReport, b: FillReport): number {
  const difference = BigInt(a.tradeId) - BigInt(b.tradeId);
  return difference < 0n ? -1 : Number(difference > 0n);
}
