import type { AccountId, Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { FillReport } from '../../../domain/venue-event';
import type { Settled, Store } from '../store/types';
import { StoreUnavailable } from '../store/types';
import type { AccountBooks } from './account-books';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { OrderOwners } from './order-owners';
import type { AdoptedStray } from './stray-adoption';

export interface StrayParts {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly store: Store;
  readonly orders: ClientOrderTracker;
  readonly books: AccountBooks;
  readonly owners: Pick<OrderOwners, 'isForeign'>;
  /** The record made for an order of ours that has none. */
  readonly adopt: (fill: FillReport) => Promise<AdoptedStray>;
}

interface OnRecord {
  /** Where it holds an order that could be the one that traded: its strategy is leased still, perhaps by a dead process. */
  readonly unnamed: ReadonlySet<InstrumentId>;
  /** Undefined before the books are opened, with a balance that a trade may or may not be in. */
  readonly settled: Settled | undefined;
}

/**
 * Trades of the account that no order in memory explains. They may belong to an order already forgotten, or to one
 * whose venue id has not reached us yet: a trade is called foreign only when neither can be.
 */
export class StrayFills {
  private readonly waiting = new Map<string, { readonly fill: FillReport; readonly rules: Instrument }>();
  /** Those of them for which neither the record nor the venue has named an order yet. */
  private readonly unnamed = new Set<string>();
  private resolving = false;
  /** What the record says beside the orders in memory, read once in a round. */
  private onRecord: Promise<OnRecord> | undefined;

  constructor(private readonly parts: StrayParts) {}

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** One that waits may be ours, of an order that is in no memory: what we hold is then not known. */
  get mayHideOurs(): boolean {
    return this.unnamed.size > 0;
  }

  /** Where trades wait for their owner: until then the books lack what they moved. */
  get instruments(): ReadonlySet<InstrumentId> {
    return new Set([...this.waiting.values()].map(({ rules }) => rules.id));
  }

  take(fill: FillReport, rules: Instrument): void {
    const key = `${fill.instrument}|${fill.tradeId}|${fill.venueOrderId}|${fill.side}`;
    this.waiting.set(key, { fill, rules });
    this.unnamed.add(key);
  }

  /** Decides what can be decided now and keeps the rest; throws the first error at the end. */
  async resolve(): Promise<void> {
    if (this.resolving) return;
    this.resolving = true;
    this.onRecord = undefined;
    const errors: unknown[] = [];
    for (const [key, { fill, rules }] of [...this.waiting]) {
      const found = await this.ownerOf(fill, rules).catch((error: unknown) => void errors.push(error));
      if (found === 'decided') this.waiting.delete(key);
      if (found === 'decided' || found === 'named') this.unnamed.delete(key);
      if (errors.at(-1) instanceof StoreUnavailable) break; // It answers none of the others either.
    }
    this.resolving = false;
    if (errors.length > 0) throw errors[0];
  }

  /** `named`: whose it is can be told, or all that it could be of ours counts already; it is booked later. */
  private async ownerOf(fill: FillReport, rules: Instrument): Promise<'decided' | 'named' | 'unnamed'> {
    const { venue, accountId, store, orders, owners, adopt } = this.parts;
    if (orders.onFill(venue, accountId, fill)) return 'decided';
    if (owners.isForeign(fill)) return this.asForeign(fill, rules);
    const { clientOrderId, instrument, venueOrderId } = fill;
    const byVenueId = await store.findOrder({ venue, accountId, instrument, venueOrderId });
    const byId = clientOrderId === undefined ? undefined : await store.findOrder({ clientOrderId });
    const row = byVenueId ?? byId ?? (await adopt(fill));
    if (row === 'unanswered') return 'unnamed';
    // Its engine makes the record and books the trade, or it has died and its lease runs out.
    if (row === 'elsewhere') return 'named';
    if (!row) return this.asForeign(fill, rules);
    orders.recall(row, rules);
    const isTaken = orders.onFill(venue, accountId, { ...fill, clientOrderId: row.clientOrderId });
    return isTaken ? 'decided' : 'unnamed';
  }

  private async asForeign(fill: FillReport, rules: Instrument): Promise<'decided' | 'named'> {
    return (await this.isForeign(fill, rules)) ? 'decided' : 'named';
  }

  private async isForeign(fill: FillReport, rules: Instrument): Promise<boolean> {
    if (this.mayBeOurs(fill.instrument)) return false;
    this.onRecord ??= this.readRecord();
    const { unnamed, settled } = await this.onRecord;
    if (unnamed.has(fill.instrument) || settled === undefined) return false;
    // It is posted once, so with its fee: the list of trades brings what the stream has left out.
    if (fill.fee === undefined && fill.source === 'ws-trade') return false;
    this.parts.books.unknownFill(fill, rules, settled);
    return true;
  }

  private async readRecord(): Promise<OnRecord> {
    const { isOpen } = this.parts.books; // Asked before: whatever it was opened with is then in what is read.
    const { orders, settled } = await this.parts.store.load(this.parts.accountId);
    const unnamed = orders.filter((row) => row.venueOrderId === undefined && !row.ended);
    return {
      unnamed: new Set(unnamed.map((row) => row.instrument)),
      settled: isOpen ? settled : undefined,
    };
  }

  /** An order of ours whose venue id is not known could be the one that traded. */
  private mayBeOurs(instrument: InstrumentId): boolean {
    return this.parts.orders
      .allUnended()
      .some(
        (order) =>
          order.accountId === this.parts.accountId &&
          order.instrument === instrument &&
          order.venueOrderId === undefined &&
          !order.ended,
      );
  }
}
