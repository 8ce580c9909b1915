import BigNumber from 'bignumber.js';
import type { InstrumentId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { classOf, unbookedOf } from '../../../domain/order';
import type { Dec, Mono } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import { balancesEveryMs, venueProcessingBoundMs } from '../common/constants';
import type { ExchangeConnector } from '../connectors/types';
import type { AccountBooks, BooksVerdict, Uncertainty } from './account-books';
import type { AccountInbox } from './account-inbox';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { FeeFollowUp } from './fee-follow-up';
import type { StrayFills } from './stray-fills';
import type { StreamHealth } from './stream-health';

/** A read older than this by the time it can be compared is left to the next one. */
const staleReadMs = 5_000;
const overdueEveryMs = 2_000;
/** Longer than any read of a venue may lag: what still differs then is no trade on its way. */
const longestHoldMs = 2 * venueProcessingBoundMs;

export interface BalanceCheckParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly books: AccountBooks;
  readonly inbox: AccountInbox;
  readonly fees: FeeFollowUp;
  readonly strays: StrayFills;
  readonly stream: StreamHealth;
  /** Orders of the account that have not ended or are not settled. */
  readonly mine: () => readonly ClientOrder[];
}

/** Reads the balances of one account and says what may be compared with the books now. */
export class BalanceCheck {
  private hasDiffered = false;
  private isSettled = true;
  private heldSince: Mono = -Infinity;

  constructor(private readonly parts: BalanceCheckParts) {}

  /** How often to read, in ms: at short intervals while an asset waits for its comparison. */
  get everyMs(): number {
    return this.parts.books.isOverdue ? overdueEveryMs : balancesEveryMs;
  }

  /** What the last read said no longer counts. A hold that has begun goes on, however often that happens. */
  renew(): void {
    this.hasDiffered = false;
    if (this.isSettled) this.heldSince = this.parts.runtime.monotonic();
    this.isSettled = false;
  }

  /**
   * Whether the balances let the account trade. A difference that stands still holds creates until it is explained or
   * posted; one that moves is another engine trading on the same account. So may be one that stands for long: what a
   * dead engine left is booked by whoever takes its strategies over, and nobody can before the account is open.
   */
  async settle(tradesKnownAt: Mono): Promise<boolean> {
    const verdict = await this.read(tradesKnownAt);
    const isFirst = !this.hasDiffered;
    this.hasDiffered = verdict === 'moving' || verdict === 'standing';
    const isLong = this.parts.runtime.monotonic() - this.heldSince > longestHoldMs;
    this.isSettled = isLong || (verdict !== 'standing' && !(verdict === 'moving' && isFirst));
    return this.isSettled;
  }

  /** One read of the balances, compared as far as it can be. Rejects with VenueError. */
  async read(tradesKnownAt: Mono): Promise<BooksVerdict> {
    const { connector, orders, runtime } = this.parts;
    const page = await connector.getBalances();
    // A fill that waits for its booking is not in the books yet, and the venue shows it already.
    await orders.idle();
    if (runtime.monotonic() - page.receivedAt > staleReadMs) return 'incomplete';
    const verdict = await this.parts.books.compare(page, {
      uncertainty: (asset) => this.uncertainty(asset),
      dustOf: (asset) => this.dustOf(asset),
      tradesKnownAt,
    });
    if (verdict === 'agrees') this.parts.stream.agreed();
    return verdict;
  }

  /** A balance moved by an unproven order, a fill not booked or a fee not known is compared when they are. */
  private uncertainty(asset: string): Uncertainty | undefined {
    const isOf = (id: InstrumentId): boolean => {
      const instrument = this.parts.inbox.instruments.get(id);
      return instrument?.base === asset || instrument?.quote === asset;
    };
    const open = this.parts.mine().filter((order) => isOf(order.instrument));
    const waiting = [...this.parts.fees.instruments, ...this.parts.strays.instruments];
    if (open.some((order) => unbookedOf(order) > 0) || waiting.some(isOf)) return 'owed';
    // A fee may be in any asset but those of another instrument.
    if (!this.parts.fees.isEmpty && ![...this.parts.inbox.instruments.keys()].some(isOf)) return 'owed';
    return open.some(isUncertain) ? 'in_flight' : undefined;
  }

  private dustOf(asset: string): Dec {
    const steps = [...this.parts.inbox.instruments.values()].filter(({ base }) => base === asset);
    return BigNumber.min(
      ...steps.map(({ rules }) => rules.lotSize),
      steps.length > 0 ? Infinity : 0,
    ).toFixed();
  }
}

/** Unproven, or of an earlier process and not asked for yet: it may have traded meanwhile. */
const isUncertain = (order: ClientOrder): boolean =>
  classOf(order) === 'unproven' || (!order.ended && order.evidence.source === 'local');
