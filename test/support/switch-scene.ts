import type { DataSource } from 'typeorm';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { demoAccounts, furtherDemoAccounts, keyOf } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { VenueOrder } from '../../src/venue-simulator/venue-types';
import { EngineProcess } from './kill-drill/engine-process';
import type { Body } from './service';
import { testDatabase, testDatabaseUrl } from './test-database';
import { WireTap } from './wire-tap';

const token = 'switch-scene-token-switch-scene-token';
const config = {
  ...{ bidSpreadBps: 50, askSpreadBps: 50, levels: 2, levelSpacingBps: 5, costMode: 'none' },
  orderQuantityBase: '0.01',
};

export type SwitchVenue = 'okx' | 'gate';
export const switchVenues: readonly SwitchVenue[] = ['okx', 'gate'];
/** What the switch of each venue is armed by. */
const routes: Readonly<Record<SwitchVenue, string>> = {
  okx: '/trade/cancel-all-after',
  gate: '/countdown_cancel_all',
};

/** The shipped service in a process of its own on accounts at venues with a dead-man's switch; what it sends is tapped. */
export class SwitchScene {
  readonly runtime = createRealRuntime();
  readonly accounts: Record<string, string> = {};
  readonly strategies: Record<string, string> = {};
  venue!: VenueSimulator;
  engine!: EngineProcess;
  private database!: DataSource;
  private tap!: WireTap;
  private origin = '';

  async open(): Promise<void> {
    this.database = await testDatabase();
    const accounts = furtherDemoAccounts;
    this.venue = await startVenueSimulator({
      ...{ runtime: this.runtime, port: 0, seed: 11, stepsPerSecond: 2, accounts },
    });
    this.tap = new WireTap(this.runtime, this.venue.port);
    const port = new URL(await this.tap.listen()).port;
    this.engine = new EngineProcess(this.runtime, {
      ...{ DATABASE_URL: testDatabaseUrl(), PORT: '0', SIM_PORT: port, DEMO: 'off', TICK_MS: '200' },
      ...{ ADMIN_PASSWORD: 'switch-scene-password', ADMIN_TOKEN: token, ENGINE_ID: 'switched' },
      CREDENTIALS_KEK: Buffer.alloc(32, 7).toString('base64'),
    });
    this.engine.build();
    await this.start();
    for (const venue of switchVenues) {
      const { secret: apiSecret, ...key } = keyOf(demoAccounts[venue]);
      const body = { name: venue, venue, environment: 'sim', apiSecret, ...key };
      this.accounts[venue] = (await this.call('POST', '/accounts', body))['id'] as string;
    }
  }

  async start(): Promise<void> {
    this.origin = await this.engine.start();
  }

  /** One strategy on each account, each quoting two levels a side. */
  async quote(): Promise<void> {
    for (const venue of switchVenues) {
      const allocation = { base: '1', quote: '60000' };
      const accountId = this.accounts[venue];
      const body = { name: venue, accountId, symbol: 'BTC/USDT', config, allocation };
      this.strategies[venue] = (await this.call('POST', '/strategies', body))['id'] as string;
      await this.call('POST', `/strategies/${this.strategies[venue]}/start`, {});
    }
  }

  declare(venue: SwitchVenue, dedicated: boolean): Promise<Body> {
    return this.call('PATCH', `/accounts/${this.accounts[venue]}`, { dedicated });
  }

  account(venue: SwitchVenue): Promise<Body> {
    return this.call('GET', `/accounts/${this.accounts[venue]}`);
  }

  /** As a person does who has looked at what a halt says. */
  async lift(venue: SwitchVenue): Promise<void> {
    const scope = encodeURIComponent(`account:${this.accounts[venue]}`);
    await this.call('DELETE', `/kill-switch/${scope}`, { reason: 'looked at it' });
    await this.call('POST', `/strategies/${this.strategies[venue]}/resume`, {});
  }

  async halts(): Promise<readonly string[]> {
    const rows = await this.database.query<{ readonly line: string }[]>(
      `select scope_key || ' ' || level || ' ' || split_part(reason, ':', 1) as line from halts
       where lifted_at is null order by scope_key`,
    );
    return rows.map(({ line }) => line);
  }

  /** What the venue's own books show open. */
  resting(venue: SwitchVenue): readonly VenueOrder[] {
    return this.venue.core.openOrders(demoAccounts[venue].apiKey);
  }

  /** The seconds of each request of the switch that came in since, in order. */
  asked(venue: SwitchVenue, since = 0): readonly number[] {
    return this.tap.requests
      .filter(({ text, at }) => at >= since && text.includes(routes[venue]))
      .map(({ text }) => Number(/"time[oO]ut":"?(\d+)/.exec(text)?.[1] ?? NaN));
  }

  async eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
    const until = this.runtime.monotonic() + withinMs;
    while (!(await holds())) {
      if (this.runtime.monotonic() > until)
        throw new Error(`not within ${withinMs} ms: ${what}\n${this.engine.output()}`);
      await this.runtime.sleep(50);
    }
  }

  async close(): Promise<void> {
    await this.engine?.dispose();
    await this.tap?.close();
    await this.venue?.stop();
    await this.database?.destroy();
    await this.runtime.close();
  }

  private async call(method: string, path: string, body?: object): Promise<Body> {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Body;
  }
}
