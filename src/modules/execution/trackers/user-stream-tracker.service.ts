import type { VenueEvent } from '../../../domain/venue-event';
import type { Notify } from '../common/notices';
import type { ExchangeConnector } from '../connectors/types';
import type { AccountReconciler } from './account-reconciler.service';

/**
 * Takes the private stream of each account: every order and every fill, one by one, none coalesced. It keeps nothing
 * itself; a new generation of a stream makes the account be asked, because streams have no replay.
 */
export class UserStreamTracker {
  private readonly unsubscribe = new Map<string, () => void>();
  private readonly generations = new Map<string, number>();

  constructor(private readonly notify: Notify) {}

  follow(connector: ExchangeConnector, reconciler: AccountReconciler): void {
    this.forget(connector.accountId);
    const stop = connector.onEvent((event) => this.onEvent(event, connector, reconciler));
    this.unsubscribe.set(connector.accountId, stop);
  }

  forget(accountId: string): void {
    this.unsubscribe.get(accountId)?.();
    this.unsubscribe.delete(accountId);
    this.generations.delete(accountId);
  }

  private onEvent(event: VenueEvent, connector: ExchangeConnector, reconciler: AccountReconciler): void {
    switch (event.type) {
      case 'order':
        return reconciler.report(event.report);
      case 'fill':
        return reconciler.fill(event.fill);
      case 'moved':
        return reconciler.hurryBalances();
      case 'connection':
        return this.onConnection(event, connector, reconciler);
      case 'quarantine':
        return this.notify({
          code: 'UNMAPPED_ANSWER',
          severity: 'warn',
          detail: `${event.error}: ${event.raw.slice(0, 200)}`,
          accountId: connector.accountId,
        });
      default:
        return; // Balances are compared from reads only; liveness is the connector's health.
    }
  }

  private onConnection(
    event: Extract<VenueEvent, { type: 'connection' }>,
    connector: ExchangeConnector,
    reconciler: AccountReconciler,
  ): void {
    if (event.stream !== 'private') return;
    const isLive = event.state === 'live';
    if (isLive && this.generations.get(connector.accountId) === event.generation) return;
    if (isLive) this.generations.set(connector.accountId, event.generation);
    reconciler.streamChanged(isLive, event.isOverlap);
  }
}
