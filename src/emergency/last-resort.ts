import type { Settings } from '../config/load-config';
import { AccountsService } from '../modules/accounts/accounts.service';
import type { ConnectorFactory } from '../modules/execution/connectors/connector.factory';
import type { ExchangeConnector } from '../modules/execution/connectors/types';
import { connectorsAlone } from '../modules/execution/create-engine';
import type { AccountConfig } from '../modules/execution/types';
import type { Runtime } from '../runtime/runtime';
import { EmergencyRepository } from './emergency.repository';

/** The database, the key store and the venues, and nothing else: what cancels when no engine does. */
export class LastResort {
  readonly accounts: AccountsService;
  /** One environment each: a venue is served in one environment per factory. */
  private readonly factories = new Map<AccountConfig['environment'], ConnectorFactory>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly settings: Settings,
    readonly records: EmergencyRepository,
  ) {
    this.accounts = new AccountsService(records.accounts, settings, runtime);
  }

  /** Rejects when the database does not answer. */
  static async open(runtime: Runtime, settings: Settings, databaseUrl: string): Promise<LastResort> {
    return new LastResort(runtime, settings, await EmergencyRepository.open(databaseUrl));
  }

  /** A connector whose clock is being set to the venue's while it is used. Throws when the keys cannot be read. */
  async connectorOf(account: AccountConfig): Promise<ExchangeConnector> {
    const known = this.factories.get(account.environment);
    const factory =
      known ??
      connectorsAlone(this.runtime, {
        credentials: (id) => this.accounts.credentials(id),
        simOrigin: `http://127.0.0.1:${this.settings.simPort}`,
      });
    this.factories.set(account.environment, factory);
    const connector = await factory.create(account);
    void connector.feed.connect().catch(() => undefined); // Then the clock of this machine is taken for the venue's.
    return connector;
  }

  async close(): Promise<void> {
    await Promise.all([...this.factories.values()].map((factory) => factory.closeAll()));
    await this.records.close();
  }
}
