import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { openVenueJournal } from '../../src/venue-simulator/venue-journal.store';
import type { VenueState } from '../../src/venue-simulator/venue-state';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { EngineProcess } from '../support/kill-drill/engine-process';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

const runtime = createRealRuntime();
const dataDir = mkdtempSync(join(tmpdir(), 'mm-restart-'));
let database: DataSource;
let engine: EngineProcess;

/** What a venue that started now would know. */
const kept = (): VenueState => openVenueJournal(join(dataDir, 'venue')).state;
const ownOpen = () =>
  kept().orders.filter(
    ({ account, status }) =>
      account === demoAccount.apiKey && (status === 'NEW' || status === 'PARTIALLY_FILLED'),
  );
const quotes = (): boolean => /demo-btc +QUOTING/.test(engine.output());

async function eventually(what: string, holds: () => boolean, withinMs: number): Promise<void> {
  const until = runtime.monotonic() + withinMs;
  while (!holds()) {
    if (runtime.monotonic() > until)
      throw new Error(`not within ${withinMs} ms: ${what}\n${engine.output()}`);
    await runtime.sleep(50);
  }
}

beforeAll(async () => {
  database = await testDatabase();
  engine = new EngineProcess(runtime, {
    ...{ DATA_DIR: dataDir, DATABASE_URL: testDatabaseUrl(), PORT: '0', SIM_PORT: '0', DEMO: 'on' },
    ...{ TICK_MS: '200', ENGINE_ID: 'restart', ADMIN_PASSWORD: 'restart-password' },
  });
  engine.build();
}, 90_000);

afterAll(async () => {
  await engine.dispose();
  await database.destroy();
  await runtime.close();
  rmSync(dataDir, { recursive: true, force: true });
}, 20_000);

describe('the demo, killed and started again', () => {
  it('finds its venue as it left it: no order lost, no money unexplained, quoting again', async () => {
    await engine.start();
    await eventually('quoting', () => quotes() && ownOpen().length >= 2, 20_000);
    await engine.kill();
    const resting = ownOpen().map(({ clientOrderId }) => clientOrderId);
    expect(resting.length).toBeGreaterThanOrEqual(2);

    await database.query('update strategy_leases set expires_at = clock_timestamp()');
    await engine.start();
    const known = new Set(kept().orders.map(({ clientOrderId }) => clientOrderId));
    expect(resting.filter((id) => !known.has(id))).toEqual([]);
    await eventually('quoting again', quotes, 25_000);
    await runtime.sleep(20_000); // An order the venue does not know is called lost after some 17 s.
    expect(engine.output()).not.toMatch(/ORDER_LOST|EXTERNAL_MOVEMENT/);
    expect(await database.query(`select * from postings where holder like 'unexplained:%'`)).toEqual([]);

    expect(await engine.terminate(30_000, 'SIGINT')).toBe(0);
    expect(ownOpen()).toEqual([]);
    expect(engine.output()).toMatch(/cancelled (\d+)\/\1 own orders/);
  }, 90_000);
});
