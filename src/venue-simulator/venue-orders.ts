import type { VenueOrder } from './venue-types';

const openStatuses: ReadonlySet<string> = new Set(['NEW', 'PARTIALLY_FILLED']);

export const isOpen = (order: VenueOrder): boolean => openStatuses.has(order.status);

/** Every order that kept its place here, with its past versions, so that an answer can lag behind the truth. */
export class VenueOrders {
  private readonly byId = new Map<number, VenueOrder>();
  private readonly versions = new Map<number, VenueOrder[]>();
  private readonly byClientId = new Map<string, number>();
  private readonly openIds = new Map<string, Set<number>>();

  /** `isPassing` orders (of the crowd) are forgotten when they end and have no past. */
  put(order: VenueOrder, isPassing: boolean): void {
    if (isPassing) {
      if (isOpen(order)) this.byId.set(order.id, order);
      else this.byId.delete(order.id);
      return;
    }
    this.byId.set(order.id, order);
    this.versionsOf(order.id).push(order);
    this.byClientId.set(keyOf(order.account, order.symbol, order.clientId), order.id);
    const open = this.openOf(order.account);
    if (isOpen(order)) open.add(order.id);
    else open.delete(order.id);
  }

  get(id: number): VenueOrder | undefined {
    return this.byId.get(id);
  }

  byClient(account: string, symbol: string, clientId: string): VenueOrder | undefined {
    const id = this.byClientId.get(keyOf(account, symbol, clientId));
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** The order as it stood then; undefined before it existed. */
  asOf(id: number, at: number): VenueOrder | undefined {
    return this.versions.get(id)?.findLast((version) => version.updateTime <= at);
  }

  openFor(account: string): readonly VenueOrder[] {
    return [...this.openOf(account)].map((id) => this.byId.get(id)!);
  }

  /** Every order ever, of every account but the crowd. */
  all(): readonly VenueOrder[] {
    return [...this.versions.keys()].map((id) => this.byId.get(id)!);
  }

  private versionsOf(id: number): VenueOrder[] {
    const known = this.versions.get(id) ?? [];
    this.versions.set(id, known);
    return known;
  }

  private openOf(account: string): Set<number> {
    const known = this.openIds.get(account) ?? new Set<number>();
    this.openIds.set(account, known);
    return known;
  }
}

const keyOf = (account: string, symbol: string, clientId: string): string => `${account}|${symbol}|${clientId}`;
