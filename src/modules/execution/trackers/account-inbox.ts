import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { ExchangeConnector, Page } from '../connectors/types';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { FeeFollowUp } from './fee-follow-up';
import type { StrayFills } from './stray-fills';
import type { StrayOrders } from './stray-orders';
import type { StreamHealth } from './stream-health';

export interface InboxParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly strays: StrayFills;
  readonly strayOrders: StrayOrders;
  readonly fees: FeeFollowUp;
  readonly stream: StreamHealth;
}

/** Every word of the venue about one account's orders and trades comes in here, whatever brought it. */
export class AccountInbox {
  private readonly known = new Map<InstrumentId, Instrument>();

  constructor(private readonly parts: InboxParts) {}

  get instruments(): ReadonlyMap<InstrumentId, Instrument> {
    return this.known;
  }

  /** Those the venue can be asked about: one it lists no more has no answer, and none is missed without orders in it. */
  readable(orders: readonly ClientOrder[]): readonly InstrumentId[] {
    const { feed } = this.parts.connector;
    const isDelisted = (id: InstrumentId): boolean => feed.rulesOf(id)?.rules.status === 'delisted';
    const isOpen = (id: InstrumentId): boolean => orders.some((order) => order.instrument === id);
    return [...this.known.keys()].filter((id) => !isDelisted(id) || isOpen(id));
  }

  watch(instrument: Instrument): void {
    this.known.set(instrument.id, instrument);
  }

  trades(page: Page<FillReport>): void {
    for (const row of page.rows) this.fill(row);
  }

  /** A trade from any source. One that no order in memory explains waits until its owner is known. */
  fill(report: FillReport): void {
    const { orders, connector, strays, fees } = this.parts;
    fees.learn(report);
    if (orders.onFill(connector.venue, connector.accountId, report)) return;
    const instrument = this.known.get(report.instrument);
    if (instrument) strays.take(report, instrument);
  }

  /** A word about an order from any source. One with our prefix that nobody knows is cancelled. */
  report(report: OrderReport): void {
    const { orders, connector, strayOrders } = this.parts;
    const id = report.clientOrderId;
    if (orders.isOwn(id)) this.compareStream(id, report);
    if (orders.onOrderReport(connector.venue, connector.accountId, report)) return;
    const isOpen = report.status === 'open' || report.status === 'partiallyFilled';
    if (isOpen && orders.isOwn(id)) strayOrders.take(id, report);
  }

  /** A create that the venue took without saying how it stands. */
  acknowledged(clientOrderId: string): void {
    const { stream, runtime, connector } = this.parts;
    if (connector.isPrivateLive()) stream.replied(clientOrderId, 'open', runtime.monotonic());
  }

  private compareStream(clientOrderId: string, { source, status }: OrderReport): void {
    const { stream, runtime, connector } = this.parts;
    const now = runtime.monotonic();
    if (source === 'ws-order') stream.echoed(clientOrderId, status, now);
    // While the stream is down nothing can be expected of it: it is asked for what it missed.
    if (source === 'reply' && connector.isPrivateLive()) stream.replied(clientOrderId, status, now);
  }
}
