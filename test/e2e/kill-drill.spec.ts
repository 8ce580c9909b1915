import type { DataSource } from 'typeorm';
import type { Settings } from '../../src/config/load-config';
import { AccountRepository } from '../../src/modules/accounts/account.repository';
import { AccountsService } from '../../src/modules/accounts/accounts.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { Drill } from '../support/kill-drill/drill';
import { eventually, forceFills, ownOpen, symbols, venueTrades } from '../support/kill-drill/drill';
import { EngineProcess } from '../support/kill-drill/engine-process';
import { HoldingProxy } from '../support/kill-drill/holding-proxy';
import { disagreements, holdsApart, repeatedIds } from '../support/kill-drill/judge';
import { sharedSlots } from '../support/kill-drill/together';
import type { Together } from '../support/kill-drill/together';
import type { KillPoint } from '../support/kill-drill/kill-points';
import { killPoints, letGo, reach } from '../support/kill-drill/kill-points';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

const foreignId = 'placed-by-a-person';
const token = 'kill-drill-token-kill-drill-token-kill';
const kek = Buffer.alloc(32, 7);
const levels = 3;
/** Twenty starts in three minutes; a venue as strict as the real one makes some of them wait for its next minute. */
const weightPerMinute = 60_000;
/** Each point at least three times; neighbours leave different things undecided. */
const rounds: readonly KillPoint[] = [
  ...(['filled', 'committed', 'executed', 'cancel-sent', 'sent', 'cancel-done', 'filled'] as const),
  ...(['executed', 'committed', 'cancel-done', 'filled', 'sent', 'executed', 'cancel-sent'] as const),
  ...(['committed', 'sent', 'cancel-sent', 'cancel-done', 'sent', 'filled'] as const),
];
const config = {
  ...{ bidSpreadBps: 8, askSpreadBps: 8, levels, levelSpacingBps: 3, costMode: 'none' },
  ...{ refreshMs: 1_500, refreshToleranceBps: 0, requoteMoveBps: 2, minOrderLifetimeMs: 300 },
};

const runtime = createRealRuntime();
const hits = new Map<KillPoint, number>();
let drill: Drill;
let accountId: string;
let fillsWhileDown = 0;
const together: Together[] = [];

async function call(origin: string, path: string, body: object): Promise<{ readonly id: string }> {
  const answer = await fetch(`${origin}/api/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as { readonly id: string };
}

/**
 * The life of a lease and the drain after it are skipped: the process that held it is dead, and the drill need not sit
 * through them. Nor is it about the breaker that stops a service which dies again and again.
 */
async function forgetDeath(database: DataSource): Promise<void> {
  await database.query("update strategy_leases set expires_at = clock_timestamp() - interval '4 s'");
  await database.query('update engines set stopped_at = clock_timestamp() where stopped_at is null');
}

/** From the venue's own events: what rested beside each order when it came. */
function watchExposure(): void {
  drill.venue.core.onEvent((event) => {
    if (event.type !== 'order' || event.execution !== 'NEW' || event.order.clientOrderId === foreignId)
      return;
    const { symbol, side, clientOrderId: id } = event.order;
    const besides = ownOpen(drill).filter((order) => order.symbol === symbol && order.side === side);
    together.push({ id, besides: besides.map(({ clientOrderId }) => clientOrderId) });
  });
}

beforeAll(async () => {
  const database = await testDatabase();
  const venue = await startVenueSimulator({
    runtime,
    port: 0,
    seed: 11,
    stepsPerSecond: 10,
    weightPerMinute,
  });
  const url = new URL(testDatabaseUrl());
  const proxy = new HoldingProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(await proxy.listen());
  const engine = new EngineProcess(runtime, {
    ...{ DATABASE_URL: url.toString(), PORT: '0', SIM_PORT: String(venue.port), DEMO: 'off', TICK_MS: '200' },
    ...{ ADMIN_PASSWORD: 'kill-drill-password', ADMIN_TOKEN: token, CREDENTIALS_KEK: kek.toString('base64') },
    ENGINE_ID: 'drill',
  });
  drill = { runtime, venue, database, proxy, engine };
  engine.build();
  watchExposure();
  venue.core.place({
    ...{
      account: demoAccount.apiKey,
      symbol: 'BTCUSDT',
      clientOrderId: foreignId,
      side: 'buy',
      type: 'limit',
    },
    ...{ timeInForce: 'GTC', price: 5_000_000, quantity: 1_000, stp: 'NONE' },
  });
  const vault = new AccountsService(
    new AccountRepository(database),
    { credentialsKek: kek } as unknown as Settings,
    runtime,
  );
  const { apiKey, secret } = demoAccount;
  ({ id: accountId } = await vault.add({
    name: 'sim',
    venue: 'binance',
    environment: 'sim',
    apiKey,
    secret,
  }));
  const origin = await engine.start();
  for (const [name, symbol, base, size] of [
    ['drill-btc', 'BTC/USDT', '2', '0.01'],
    ['drill-eth', 'ETH/USDT', '40', '0.2'],
  ] as const) {
    const allocation = { base, quote: '150000' };
    const body = { name, accountId, symbol, allocation, config: { ...config, orderQuantityBase: size } };
    const { id } = await call(origin, 'strategies', body);
    await call(origin, `strategies/${id}/start`, {});
  }
}, 180_000);

afterAll(async () => {
  await drill.engine.dispose();
  await drill.venue.stop();
  await drill.proxy.close();
  await drill.database.destroy();
  await runtime.close();
}, 30_000);

async function round(point: KillPoint, index: number): Promise<void> {
  const { venue, engine, database } = drill;
  venue.faults.delayQueries([0, 3_000, 10_000, 6_000][index % 4]!);
  await eventually(drill, 'own orders rest', () => ownOpen(drill).length >= 2, 75_000);
  await forceFills(drill, 3, 3_000);
  await reach(drill, point);
  await engine.kill();
  hits.set(point, (hits.get(point) ?? 0) + 1);
  const isLost = index % 2 === 0;
  if (!isLost && point === 'sent') await runtime.sleep(800);
  letGo(drill, isLost ? 'drop' : 'continue');
  fillsWhileDown += await forceFills(drill, 1 + (index % 2), 400);
  await forgetDeath(database);
  await engine.start();
}

describe('killed while it trades', () => {
  it('is killed at every point at which something is undecided, and starts again', async () => {
    for (const [index, point] of rounds.entries()) {
      const began = runtime.monotonic();
      await round(point, index);
      process.stdout.write(`${index + 1} ${point} ${Math.round(runtime.monotonic() - began)} ms\n`);
    }
    const table = killPoints.map((point) => `${point} ${hits.get(point) ?? 0}`).join('   ');
    process.stdout.write(`kills at held points: ${table}   fills while down: ${fillsWhileDown}\n`);
    for (const point of killPoints)
      expect([point, hits.get(point) ?? 0]).toEqual([point, expect.any(Number)]);
    for (const point of killPoints) expect(hits.get(point) ?? 0).toBeGreaterThanOrEqual(3);
  }, 330_000);

  it('converges with the venue once nothing goes wrong any more', async () => {
    drill.venue.faults.clearAll();
    drill.venue.setFlow(false);
    let apart: readonly string[] = ['not asked yet'];
    const agrees = async (): Promise<boolean> => {
      apart = await disagreements(drill, accountId);
      return apart.length === 0 && ownOpen(drill).length > 0;
    };
    await eventually(drill, 'the record and the venue agree', agrees, 60_000).catch(() => undefined);
    expect(apart).toEqual([]);
    expect(venueTrades(drill).length).toBeGreaterThanOrEqual(50);
    expect(fillsWhileDown).toBeGreaterThanOrEqual(5);
  }, 90_000);

  it('sent no client order id twice, and never had two orders in a slot', async () => {
    expect(repeatedIds(drill)).toEqual([]);
    expect(together.length).toBeGreaterThan(0);
    expect(await sharedSlots(drill, together)).toEqual([]);
  });

  it('stops on SIGTERM with no own order left, and leaves the foreign one alone', async () => {
    const code = await drill.engine.terminate(30_000);
    const open = symbols.flatMap((symbol) => drill.venue.core.openOrders(demoAccount.apiKey, symbol));
    expect(open.map((order) => order.clientOrderId)).toEqual([foreignId]);
    expect(code).toBe(0);
    expect(await disagreements(drill, accountId)).toEqual([]);
    expect(await holdsApart(drill)).toEqual([]);
  }, 60_000);
});
