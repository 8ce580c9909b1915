import type { DataSource } from 'typeorm';
import type { Settings } from '../../src/config/load-config';
import { AccountRepository } from '../../src/modules/accounts/account.repository';
import { AccountsService } from '../../src/modules/accounts/accounts.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { VenueOrder } from '../../src/venue-simulator/venue-types';
import { encodeClientOrderId } from '../../src/domain/ids';
import { EngineProcess } from './kill-drill/engine-process';
import { testDatabase, testDatabaseUrl } from './test-database';

/** The client ids of orders that are not ours: one of a person, one of another installation of the product. */
export const foreignIds: readonly string[] = [
  'placed-by-a-person',
  encodeClientOrderId({ installation: '000', strategyNumber: 1, nonce: 'bcdfgh', counter: 1 }),
];
const token = 'shipped-scene-token-shipped-scene-token';
const kek = Buffer.alloc(32, 7);
const config = {
  ...{ bidSpreadBps: 50, askSpreadBps: 50, levels: 2, levelSpacingBps: 5, costMode: 'none' },
  orderQuantityBase: '0.01',
};

/** The shipped service in a process of its own, a venue and a database beside it, and orders of others at the venue. */
export class ShippedScene {
  readonly runtime = createRealRuntime();
  venue!: VenueSimulator;
  database!: DataSource;
  engine!: EngineProcess;
  accountId = '';
  private origin = '';

  async open(): Promise<void> {
    this.database = await testDatabase();
    this.venue = await startVenueSimulator({ runtime: this.runtime, port: 0, seed: 11, stepsPerSecond: 2 });
    this.engine = new EngineProcess(this.runtime, {
      ...{ DATABASE_URL: testDatabaseUrl(), PORT: '0', SIM_PORT: String(this.venue.port), DEMO: 'off' },
      ...{ ADMIN_PASSWORD: 'shipped-scene-password', ADMIN_TOKEN: token, ENGINE_ID: 'shipped' },
      ...{ CREDENTIALS_KEK: kek.toString('base64'), TICK_MS: '200' },
    });
    this.engine.build();
    for (const clientOrderId of foreignIds) this.plant(clientOrderId);
    const settings = { credentialsKek: kek } as unknown as Settings;
    const vault = new AccountsService(new AccountRepository(this.database), settings, this.runtime);
    const made = await vault.add({ name: 'sim', venue: 'binance', environment: 'sim', ...demoAccount });
    this.accountId = made.id;
  }

  /** Starts the service; with a name it makes a strategy and starts it. Answers the ids of the strategies made. */
  async start(...names: readonly string[]): Promise<readonly string[]> {
    this.origin = await this.engine.start();
    const ids: string[] = [];
    for (const name of names) {
      const body = { name, accountId: this.accountId, symbol: 'BTC/USDT', config };
      const { id } = await this.post('strategies', { ...body, allocation: { base: '1', quote: '60000' } });
      await this.post(`strategies/${id}/start`, {});
      ids.push(id);
    }
    return ids;
  }

  ours(): readonly VenueOrder[] {
    return this.atVenue().filter(({ clientOrderId }) => !foreignIds.includes(clientOrderId));
  }

  foreign(): readonly string[] {
    const ids = this.atVenue().map(({ clientOrderId }) => clientOrderId);
    return ids.filter((id) => foreignIds.includes(id));
  }

  /** Puts an order on the account that the database knows nothing of. */
  plant(clientOrderId: string): void {
    this.venue.core.place({
      ...{ account: demoAccount.apiKey, symbol: 'BTCUSDT', clientOrderId, side: 'buy', type: 'limit' },
      ...{ timeInForce: 'GTC', price: 5_000_000, quantity: 1_000, stp: 'NONE' },
    });
  }

  async eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
    const until = this.runtime.monotonic() + withinMs;
    while (!(await holds())) {
      if (this.runtime.monotonic() > until)
        throw new Error(`not within ${withinMs} ms: ${what}\n${this.engine.output()}`);
      await this.runtime.sleep(20);
    }
  }

  async close(): Promise<void> {
    await this.engine?.dispose();
    await this.venue?.stop();
    await this.database?.destroy();
    await this.runtime.close();
  }

  private atVenue(): readonly VenueOrder[] {
    return this.venue.core.openOrders(demoAccount.apiKey);
  }

  private async post(path: string, body: object): Promise<{ readonly id: string }> {
    const answer = await fetch(`${this.origin}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as { readonly id: string };
  }
}
