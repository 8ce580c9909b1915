import { VenueError } from '../../../domain/errors';
import type { InstrumentId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { AssetBalance, FillReport, OrderReport } from '../../../domain/venue-event';
import type { CcxtExchange } from './ccxt.client';
import { valueOf } from './ccxt.feed';
import type { CcxtOrderParts } from './ccxt.orders';
import { balancesOf, fillOf, orderOf } from './ccxt.rows';
import type { FillCursor, Page } from './types';
import { textOf } from './venue-json';
import type { JsonRecord } from './venue-json';
import { readWithinMs } from './ccxt.rest';
import { pageOf } from './venue.reads';

/** What may have happened at the venue after our clock says now. */
const beyondNowMs = 60_000;
/** How far back the trades of one order are looked for, which is known by its id alone. */
const orderTradesMs = 7 * 86_400_000;

/** Complete reads of one account by unified calls. Each throws VenueError. A page that may be cut is no page. */
export class CcxtPages {
  constructor(
    private readonly parts: CcxtOrderParts,
    private readonly isConnected: () => boolean,
    /** Pairs this account was asked about: where the venue lists orders by pair alone, these are all that are known. */
    private readonly known: ReadonlySet<InstrumentId>,
  ) {}

  openOrders(instrument?: InstrumentId): Promise<Page<OrderReport>> {
    return pageOf(this.parts.runtime, 'open orders', async () => {
      const pairs = instrument === undefined ? await this.pairs() : [instrument];
      const lists = pairs === 'all' ? [await this.openOf(undefined)] : [];
      for (const pair of pairs === 'all' ? [] : pairs) lists.push(await this.openOf(pair));
      return lists.flat().flatMap((row) => this.orderOf(row));
    });
  }

  fillsSince(cursor: FillCursor): Promise<Page<FillReport>> {
    const { runtime, feed } = this.parts;
    feed.require(cursor.instrument);
    return pageOf(this.parts.runtime, 'trades', async () => {
      const to = Math.max(feed.clock.venueNow(), runtime.now()) + beyondNowMs;
      const { since } = cursor;
      const from = since === undefined ? to - orderTradesMs : feed.clock.sinceAtVenue(since);
      const rows = await this.tradesOf(cursor, from, to);
      return unique(rows.map((row) => fillOf(row, 'rest-trades'))).filter((fill) => isOf(fill, cursor));
    });
  }

  balances(): Promise<Page<AssetBalance>> {
    return pageOf(this.parts.runtime, 'balances', async () =>
      balancesOf(await this.ask('balances', (client) => client.fetchBalance())),
    );
  }

  private async pairs(): Promise<readonly InstrumentId[] | 'all'> {
    const { openOrders } = this.parts.profile;
    if (openOrders === 'account') return 'all';
    if (openOrders === 'namedPairs') return this.namedPairs();
    if (this.known.size === 0 && !this.isConnected())
      throw new VenueError('NOT_SUPPORTED', 'the venue lists open orders by pair alone: name a pair');
    return [...this.known];
  }

  private async namedPairs(): Promise<readonly InstrumentId[]> {
    const { feed, profile } = this.parts;
    const list = (client: CcxtExchange): Promise<readonly unknown[]> =>
      profile.openPairs?.(client as unknown as Readonly<Record<string, unknown>>) ?? Promise.resolve([]);
    const named = new Set(await this.ask('open pairs', list));
    return (await feed.loadInstruments()).filter((one) => named.has(one.venueSymbol)).map((one) => one.id);
  }

  private async openOf(pair: InstrumentId | undefined): Promise<readonly JsonRecord[]> {
    const { openLimit, openParams = {} } = this.parts.profile;
    const rows = await this.ask('open orders', (client) =>
      client.fetchOpenOrders(pair, undefined, openLimit, openParams),
    );
    if (openLimit !== undefined && rows.length >= openLimit)
      throw new VenueError(
        'TRUNCATED',
        `open orders: the venue may have more than the ${openLimit} it showed`,
      );
    return rows;
  }

  /** An order of a pair that is not listed here cannot be ours. */
  private orderOf(row: JsonRecord): readonly OrderReport[] {
    const { feed, profile } = this.parts;
    const symbol = textOf(row, 'symbol');
    return symbol !== undefined && feed.rulesOf(symbol) ? [orderOf(row, 'rest-list', profile.ownIdOf)] : [];
  }

  private async tradesOf(cursor: FillCursor, from: Ms, to: Ms): Promise<readonly JsonRecord[]> {
    const { windowMs } = this.parts.profile.trades;
    const all: JsonRecord[] = [];
    for (let at = from; at < to; at += windowMs)
      all.push(...(await this.window(cursor, at, Math.min(to, at + windowMs))));
    return all;
  }

  /** A full page may be cut at either end: it is read again in halves. */
  private async window(cursor: FillCursor, from: Ms, to: Ms): Promise<readonly JsonRecord[]> {
    const { limit, allPairs, ofOrder } = this.parts.profile.trades;
    const { venueOrderId } = cursor;
    const params = { until: to, ...(ofOrder && venueOrderId !== undefined ? { orderId: venueOrderId } : {}) };
    const symbol = allPairs ? undefined : cursor.instrument;
    const rows = await this.ask('trades', (client) => client.fetchMyTrades(symbol, from, limit, params));
    if (rows.length < limit) return rows;
    const middle = Math.floor((from + to) / 2);
    if (middle <= from) throw new VenueError('TRUNCATED', `trades: more than ${limit} at one moment`);
    return [...(await this.window(cursor, from, middle)), ...(await this.window(cursor, middle, to))];
  }

  private async ask<T>(what: string, work: (client: CcxtExchange) => Promise<T>): Promise<T> {
    const { runtime, rest, feed } = this.parts;
    const sendBy = runtime.monotonic() + readWithinMs;
    const call = {
      priority: 'query',
      isWrite: false,
      sendBy,
      answerWithinMs: readWithinMs,
      canSend: () => true,
    } as const;
    return valueOf(await rest.run(call, async (client) => work(await feed.sharing(client))), what);
  }
}

const isOf = (fill: FillReport, { instrument, venueOrderId }: FillCursor): boolean =>
  fill.instrument === instrument && (venueOrderId === undefined || fill.venueOrderId === venueOrderId);

const unique = (fills: readonly FillReport[]): readonly FillReport[] => [
  ...new Map(
    fills.map((fill) => [`${fill.instrument}|${fill.venueOrderId}|${fill.tradeId}|${fill.side}`, fill]),
  ).values(),
];
