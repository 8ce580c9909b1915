import type { InstrumentId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import type { Mono, Ms } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import { tradeOverlapMs } from '../common/constants';
import type { ExchangeConnector } from '../connectors/types';
import type { TradeCursor } from '../store/types';
import type { AccountInbox } from './account-inbox';
import type { ClientOrderTracker } from './client-order-tracker.service';
import { oldestCommitOf } from './reconcile';
import type { StrayFills } from './stray-fills';

export type Cursor = Pick<TradeCursor, 'instrument' | 'lastTradeId'>;

export interface TradeReaderParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly inbox: AccountInbox;
  readonly strays: StrayFills;
  readonly mine: () => readonly ClientOrder[];
  readonly databaseNow: () => Ms;
}

/** Reads the trades of one account from where each instrument was read to. A cursor moves only past known trades. */
export class TradeReader {
  /** When the newest complete reading was asked for: every trade until then is known. */
  knownAt: Mono = -Infinity;
  /** Another map after the database went away: what was asked for by the one before moves nothing. */
  private cursors = new Map<InstrumentId, string>();

  constructor(private readonly parts: TradeReaderParts) {}

  readFrom(cursors: readonly Cursor[]): void {
    this.cursors = new Map(cursors.map(({ instrument, lastTradeId }) => [instrument, lastTradeId]));
  }

  /** Throws VenueError and StoreUnavailable. */
  async read(): Promise<void> {
    const { connector, strays, orders, inbox, runtime, mine, databaseNow } = this.parts;
    const { cursors } = this;
    const isById = connector.capabilities.tradeCursor === 'id';
    const requestedAt = runtime.monotonic();
    for (const instrument of inbox.readable(mine())) {
      const last = isById ? cursors.get(instrument) : undefined;
      const page = await connector.fillsSince(
        last === undefined
          ? { instrument, since: oldestCommitOf(mine(), databaseNow()) - tradeOverlapMs }
          : { instrument, fromId: (BigInt(last) + 1n).toString() },
      );
      inbox.trades(page);
      await strays.resolve();
      if (cursors !== this.cursors) return;
      const newest = page.rows.at(-1)?.tradeId;
      // The cursor moves only past trades whose owner is known.
      if (newest === undefined || !strays.isEmpty || !isById) continue;
      cursors.set(instrument, newest);
      orders.advanceCursor(connector.accountId, instrument, newest);
    }
    await orders.idle();
    if (strays.isEmpty) this.knownAt = requestedAt;
  }
}
