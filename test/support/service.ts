import type { INestApplication } from '@nestjs/common';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import type { App } from 'supertest/types';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/boot/create-app';
import type { Settings } from '../../src/config/load-config';
import { AccountsService } from '../../src/modules/accounts/accounts.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { furtherDemoAccounts } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { testDatabase, testDatabaseUrl } from './test-database';

const settings: Settings = {
  ...{ isProduction: false, host: '127.0.0.1', port: 0, logLevel: 'error', stopGraceMs: 5_000 },
  isHandoverOnSigterm: false,
  databaseUrl: undefined,
  dataDir: mkdtempSync(join(tmpdir(), 'mm-service-')),
  ...{ adminPassword: 'correct horse battery', isNewPassword: false, adminToken: undefined },
  credentialsKek: Buffer.alloc(32, 7),
  ...{
    tickMs: 100,
    engineId: 'test',
    buildId: '0.0.0',
    simPort: 0,
    simAdminPort: undefined,
    simSeed: 1,
    demo: 'off',
    liveTrading: false,
  },
  limits: { maxOrderNotional: undefined, dailyLossRatio: 0.1, drawdownRatio: 0.1, exposure: {} },
};

/** An answer as it came: the specs say what it must be. */
export type Body = Readonly<Record<string, ReturnType<typeof JSON.parse>>>;

/** The whole service against a simulated venue, spoken to over HTTP; `start` again after `stop` is a restart. */
export class TestService {
  readonly runtime: Runtime = createRealRuntime();
  venue!: VenueSimulator;
  database!: DataSource;
  accountId = '';
  private app: INestApplication<App> | undefined;
  private token = '';

  async open(): Promise<void> {
    this.database = await testDatabase();
    this.venue = await startVenueSimulator({
      ...{ runtime: this.runtime, port: 0, seed: 7, stepsPerSecond: 20, accounts: furtherDemoAccounts },
    });
    await this.start();
    const accounts = this.app!.get(AccountsService, { strict: false });
    const { apiKey, secret } = demoAccount;
    const made = await accounts.add({ name: 'sim', venue: 'binance', environment: 'sim', apiKey, secret });
    this.accountId = made.id;
  }

  async start(): Promise<void> {
    const { runtime, venue } = this;
    this.app = await createApp({
      settings,
      runtime,
      databaseUrl: testDatabaseUrl(),
      simOrigin: venue.origin,
    });
    await this.app.listen(0, '127.0.0.1');
    const login = { username: 'admin', password: settings.adminPassword };
    const answer = await request(this.app.getHttpServer()).post('/api/v1/auth/login').send(login).expect(200);
    this.token = (answer.body as { accessToken: string }).accessToken;
  }

  /** One more service on the same database and venue; whoever starts it closes it. */
  async startAnother(engineId: string): Promise<INestApplication<App>> {
    const { runtime, venue } = this;
    const places = { databaseUrl: testDatabaseUrl(), simOrigin: venue.origin };
    const app: INestApplication<App> = await createApp({
      ...{ settings: { ...settings, engineId }, runtime },
      ...places,
    });
    await app.init();
    return app;
  }

  async stop(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.venue?.stop();
    await this.database?.destroy();
    await this.runtime.close();
  }

  async get(path: string, status = 200): Promise<Body> {
    const call = request(this.app!.getHttpServer()).get(`/api/v1${path}`);
    return (await call.set('authorization', `Bearer ${this.token}`).expect(status)).body as Body;
  }

  async post(path: string, body: object, status: number): Promise<Body> {
    const call = request(this.app!.getHttpServer()).post(`/api/v1${path}`);
    const answer = await call.set('authorization', `Bearer ${this.token}`).send(body);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  }

  async patch(path: string, body: object, status: number): Promise<Body> {
    const call = request(this.app!.getHttpServer()).patch(`/api/v1${path}`);
    const answer = await call.set('authorization', `Bearer ${this.token}`).send(body);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  }

  async delete(path: string, body: object, status: number): Promise<Body> {
    const call = request(this.app!.getHttpServer()).delete(`/api/v1${path}`);
    const answer = await call.set('authorization', `Bearer ${this.token}`).send(body);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  }

  /** Own orders the venue itself has open. */
  atVenue() {
    return this.venue.core.openOrders(demoAccount.apiKey);
  }

  sidesAtVenue(): string {
    return [...new Set(this.atVenue().map((order) => order.side))].sort().join();
  }

  async eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
    const until = this.runtime.monotonic() + withinMs;
    while (!(await holds())) {
      if (this.runtime.monotonic() > until) throw new Error(`not within ${withinMs} ms: ${what}`);
      await this.runtime.sleep(50);
    }
  }
}
