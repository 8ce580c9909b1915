import type { InstrumentId } from '../../../domain/instrument';
import type { Queried } from '../../../domain/sent';
import type { Mono } from '../../../domain/units';
import type { FillReport } from '../../../domain/venue-event';
import { inFlightCycleMs, maxQueriesPerCycle } from '../common/constants';
import { RecentSet } from '../common/recent-set';
import type { ExchangeConnector } from '../connectors/types';
import type { ClientOrderTracker } from './client-order-tracker.service';

export interface OwnerParts {
  readonly now: () => Mono;
  readonly connector: Pick<ExchangeConnector, 'queryOrder' | 'queryByVenueId'>;
  readonly orders: Pick<ClientOrderTracker, 'isOwn'>;
}

type Trade = Pick<FillReport, 'instrument' | 'venueOrderId' | 'clientOrderId'>;

/** One that is forgotten is asked for once more. */
const maxForeign = 10_000;

/**
 * Whose the orders behind nameless trades are. What the venue has named as somebody else's stays so and is not asked
 * for again. Of very many a few are asked for at a time, whoever wants to know: the account may trade by hand hundreds
 * of times, and the budget of requests must last for books and for orders in doubt.
 */
export class OrderOwners {
  private readonly foreign = new RecentSet(maxForeign);
  private cycle = { since: -Infinity, asked: 0 };

  constructor(private readonly parts: OwnerParts) {}

  isForeign(trade: Trade): boolean {
    return this.foreign.has(keyOf(trade));
  }

  /** `later`: enough were asked for in this second. Throws VenueError. */
  async ask(trade: Trade): Promise<Queried | 'later'> {
    if (!this.mayAsk()) return 'later';
    const { connector, orders } = this.parts;
    const { clientOrderId, instrument, venueOrderId } = trade;
    const answer =
      clientOrderId === undefined
        ? await connector.queryByVenueId(instrument, venueOrderId)
        : await connector.queryOrder({ instrument, clientOrderId, venueOrderId });
    if (answer.kind === 'found' && !orders.isOwn(answer.report.clientOrderId)) this.foreign.add(keyOf(trade));
    return answer;
  }

  private mayAsk(): boolean {
    const now = this.parts.now();
    if (now >= this.cycle.since + inFlightCycleMs) this.cycle = { since: now, asked: 0 };
    this.cycle.asked += 1;
    return this.cycle.asked <= maxQueriesPerCycle;
  }
}

const keyOf = ({ instrument, venueOrderId }: { instrument: InstrumentId; venueOrderId: string }): string =>
  `${instrument}|${venueOrderId}`;
