import { decodeClientOrderId } from '../../domain/ids';
import type { ClientOrder } from '../../domain/order';
import { holdOf } from '../../domain/hold';
import type { Engine, OpenAccount } from './engine';
import { cancelAll } from './recover-orders';
import type { Adoption } from './store/types';

type Parts = Pick<Engine, 'store' | 'orders' | 'holdings' | 'leases' | 'boot' | 'accounts' | 'openings'>;
type Answered = (ok: boolean, detail: string) => void;

/**
 * What follows a loss of the database. It may come back as an older copy of itself, so nothing is created, and no fill
 * or end goes there, before the leases are renewed and what it holds of every account has been compared with memory.
 */
export class DatabaseReturn {
  private change = 0;
  private comparing: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: () => Parts,
    private readonly storeAnswered: Answered,
    /** Makes the boot known again where the record of it is lost. */
    private readonly rejoin: () => Promise<void>,
  ) {}

  changed(isUp: boolean): void {
    const { leases, orders } = this.engine();
    this.change += 1;
    const change = this.change;
    const paused = orders.pause();
    if (!isUp) {
      leases.doubt();
      for (const { reconciler } of listening(this.engine())) reconciler.databaseLost();
      return;
    }
    // Before a lease is taken anew: an engine of another build is refused beside a boot that is known.
    void this.rejoin().then(
      () => leases.renew(),
      () => undefined,
    );
    this.comparing = Promise.all([this.comparing, paused]).then(() => this.compare(change));
  }

  /** The newest change alone counts. When the database is lost again in the middle, its next return brings another. */
  private async compare(change: number): Promise<void> {
    if (change !== this.change) return;
    const engine = this.engine();
    try {
      for (const account of listening(engine)) await compareAccount(engine, account);
      if (change === this.change) engine.orders.resume();
    } catch (error) {
      this.storeAnswered(false, error instanceof Error ? error.message : String(error));
    }
  }
}

/** One that is being opened has read the record before, and would go on from where the lost history had been. */
const listening = ({ accounts, openings }: Parts): readonly OpenAccount[] => [
  ...accounts.values(),
  ...openings,
];

/**
 * Orders that lost their rows get new ones; rows whose ends were lost count again until the venue has said how they
 * ended; trades are read again from where the record says. Rejects with StoreUnavailable.
 */
async function compareAccount(engine: Parts, account: OpenAccount): Promise<void> {
  const { store, orders, holdings, leases } = engine;
  const { id } = account.config;
  const loaded = await store.load(id);
  const databaseNow = await store.now();
  const onRecord = new Set(loaded.orders.map((row) => row.clientOrderId));
  const committed = orders.allUnended().filter((order) => order.accountId === id && order.committedAt > 0);
  for (const order of committed) if (!onRecord.has(order.clientOrderId)) await regain(engine, account, order);
  const onTheirWay = orders.doubtRecord(id);
  account.books.doubtRecord();
  for (const row of loaded.orders) {
    const rules = account.rules.get(row.instrument);
    if (!rules || orders.get(row.clientOrderId) || leases.isOthers(row.strategyId)) continue;
    orders.load(row, rules, databaseNow);
    cancelAll(account, [orders.get(row.clientOrderId)!]);
  }
  for (const fill of onTheirWay) account.reconciler.fill(fill);
  for (const fill of loaded.pendingFees) account.reconciler.feePending(fill);
  holdings.update(await store.balances(holdings.holdersOf(id)));
  account.reconciler.databaseReturned(loaded.cursors);
}

/** An order in memory that no row shows any more, not even an ended one: nobody wants it. */
async function regain(engine: Parts, account: OpenAccount, order: ClientOrder): Promise<void> {
  const { store, boot } = engine;
  if (await store.findOrder({ clientOrderId: order.clientOrderId })) return;
  const adoption = adoptionOf(account, order);
  if (adoption) await store.adopt({ ...adoption, ownerId: boot.ownerId });
  cancelAll(account, [order]);
}

function adoptionOf(account: OpenAccount, order: ClientOrder): Omit<Adoption, 'ownerId'> | undefined {
  const { clientOrderId, accountId, venue, instrument, side, venueOrderId } = order;
  const rules = account.rules.get(instrument);
  const strategyNumber = decodeClientOrderId(clientOrderId)?.strategyNumber;
  if (!rules || strategyNumber === undefined) return undefined;
  const hold = holdOf(rules, side, order.price);
  return {
    ...{ clientOrderId, strategyNumber, accountId, venue, instrument, side, venueOrderId },
    ...{ price: rules.price(order.price), quantity: rules.quantity(order.quantity) },
    ...{ holdAsset: hold.asset, holdRate: hold.rate },
  };
}
