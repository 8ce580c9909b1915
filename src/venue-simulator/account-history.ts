import type { Ms } from '../domain/units';
import { isOpen } from './order-shelf';
import type { OrderKey, OwnTrade, VenueBalance, VenueCore, VenueOrder } from './venue-types';

const keptMs = 120_000;

interface BalanceVersion {
  readonly at: Ms;
  readonly balances: ReadonlyMap<string, VenueBalance>;
}

/** What clients can ask about their accounts, now or as it stood up to two minutes ago. */
export class AccountHistory {
  /** By account, then by the stamp of the order. */
  private readonly versions = new Map<string, Map<number, VenueOrder[]>>();
  private readonly balanceVersions = new Map<string, BalanceVersion[]>();
  /** Ended orders whose versions can go once nobody may ask for them, the earliest first. */
  private readonly ended: { readonly account: string; readonly stamp: number; readonly at: Ms }[] = [];
  private readonly unsubscribe: () => void;

  constructor(private readonly core: VenueCore) {
    this.unsubscribe = core.onEvent(
      (event) => {
        if (event.type === 'order') this.keepOrder(event.order, event.at);
        else if (event.type === 'balance') this.keepBalances(event.account, event.balances, event.at);
      },
      ['order', 'balance'],
    );
  }

  /** Accounts that are not followed are answered as of now. */
  follow(account: string): void {
    this.versions.set(account, new Map());
    const balances = new Map(this.core.balances(account).map((balance) => [balance.asset, balance]));
    this.balanceVersions.set(account, [{ at: 0, balances }]);
  }

  order(key: OrderKey, asOf?: Ms): VenueOrder | undefined {
    const order = this.core.order(key);
    return order && asOf !== undefined ? this.versionOf(order, asOf) : order;
  }

  openOrders(account: string, symbol?: string, asOf?: Ms): readonly VenueOrder[] {
    const open = this.core.openOrders(account, symbol);
    if (asOf === undefined) return open;
    // An order that was open then is open now, or has ended since and its versions are kept.
    const kept = this.versions.get(account);
    const rows = open.filter((order) => order.createdAt <= asOf && !kept?.has(order.stamp));
    for (const versions of kept?.values() ?? []) {
      const version = openAt(versions, asOf);
      if (version && (symbol === undefined || version.symbol === symbol)) rows.push(version);
    }
    return rows;
  }

  /** Open ones and those that are over, oldest first. */
  orders(account: string, symbol?: string, asOf?: Ms): readonly VenueOrder[] {
    const orders = this.core
      .allOrders(account)
      .filter((order) => symbol === undefined || order.symbol === symbol);
    return asOf === undefined ? orders : orders.flatMap((order) => this.versionOf(order, asOf) ?? []);
  }

  trades(account: string, symbol: string, asOf?: Ms): readonly OwnTrade[] {
    const trades = this.core.trades(account, symbol);
    return asOf === undefined ? trades : trades.filter(({ at }) => at <= asOf);
  }

  balances(account: string, asOf?: Ms): readonly VenueBalance[] {
    const versions = this.balanceVersions.get(account);
    if (asOf === undefined || !versions) return this.core.balances(account);
    const version = versions.findLast(({ at }) => at <= asOf) ?? versions[0];
    return [...(version?.balances.values() ?? [])];
  }

  close(): void {
    this.unsubscribe();
  }

  private versionOf(order: VenueOrder, asOf: Ms): VenueOrder | undefined {
    if (order.createdAt > asOf) return undefined;
    const versions = this.versions.get(order.account)?.get(order.stamp);
    if (!versions) return order;
    return versionAt(versions, asOf);
  }

  private keepOrder(order: VenueOrder, now: Ms): void {
    const account = this.versions.get(order.account);
    if (!account || order.status === 'REJECTED') return;
    const { stamp } = order;
    let versions = account.get(stamp);
    if (!versions) account.set(stamp, (versions = []));
    versions.push(order);
    while (versions.length > 1 && versions[1]!.updatedAt < now - keptMs) versions.shift();
    if (!isOpen(order)) this.ended.push({ account: order.account, stamp, at: now });
    this.forgetEnded(now);
  }

  private forgetEnded(now: Ms): void {
    const isOver = (at: Ms | undefined): boolean => at !== undefined && at < now - keptMs;
    while (isOver(this.ended[0]?.at)) {
      const { account, stamp } = this.ended.shift()!;
      this.versions.get(account)?.delete(stamp);
    }
  }

  private keepBalances(account: string, changed: readonly VenueBalance[], at: Ms): void {
    const versions = this.balanceVersions.get(account);
    if (!versions) return;
    const balances = new Map(versions.at(-1)?.balances);
    for (const balance of changed) balances.set(balance.asset, balance);
    versions.push({ at, balances });
    while (versions.length > 1 && versions[1]!.at < at - keptMs) versions.shift();
  }
}

function openAt(versions: readonly VenueOrder[], asOf: Ms): VenueOrder | undefined {
  const latest = versions[versions.length - 1]!;
  if (latest.createdAt > asOf) return undefined;
  if (latest.updatedAt <= asOf) return isOpen(latest) ? latest : undefined; // Most of those that are kept have ended.
  const version = versionAt(versions, asOf);
  return version && isOpen(version) ? version : undefined;
}

const versionAt = (versions: readonly VenueOrder[], asOf: Ms): VenueOrder | undefined =>
  versions.findLast(({ updatedAt }) => updatedAt <= asOf) ?? versions[0];
