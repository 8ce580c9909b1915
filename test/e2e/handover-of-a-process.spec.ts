import type { DataSource } from 'typeorm';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { demoAccounts, furtherDemoAccounts } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { EngineProcess } from '../support/kill-drill/engine-process';
import { testDatabase, testDatabaseUrl } from '../support/test-database';
import { until } from '../support/until';

const runtime = createRealRuntime();
const token = 'handover-token-handover-token-handover';
const accounts = Object.values(demoAccounts).map(({ apiKey }) => apiKey);
let database: DataSource;
let venue: VenueSimulator;
let one: EngineProcess;
let two: EngineProcess;
const origins = new Map<EngineProcess, string>();
const cancelled: string[] = [];

const resting = () =>
  accounts.map((account) => venue.core.openOrders(account).map(({ clientOrderId }) => clientOrderId));
const isQuoting = (): boolean => resting().every((orders) => orders.length >= 4);
const eventually = (what: string, holds: () => boolean, withinMs: number) =>
  until(runtime, what, holds, withinMs);
const owners = async (): Promise<readonly string[]> =>
  (await database.query('select distinct owner_id from strategy_leases order by 1')).map(
    ({ owner_id }: { owner_id: string | null }) => String(owner_id).replace(/-[^-]*$/, ''),
  );

async function call(engine: EngineProcess, method: 'GET' | 'POST', path: string) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${origins.get(engine)}/api/v1/admin/engine/handover${path}`, {
    method,
    headers,
  });
  return { status: answer.status, body: (await answer.json()) as ReturnType<typeof JSON.parse> };
}

async function start(engine: EngineProcess): Promise<void> {
  const origin = await engine.start();
  origins.set(engine, origin);
}

async function readiness(engine: EngineProcess): Promise<{ readonly code: number; readonly status: string }> {
  const answer = await fetch(`${origins.get(engine)}/health/ready`);
  return { code: answer.status, status: ((await answer.json()) as { readonly status: string }).status };
}

/** Connected, with every account of the demo asked: it only waits for the leases. */
async function standsBy(engine: EngineProcess): Promise<void> {
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`${origins.get(engine)}/health/ready`);
    return answer.ok && ((await answer.json()) as { venues: unknown[] }).venues.length === accounts.length;
  };
  for (let tries = 0; tries < 100 && !(await ready()); tries += 1) await runtime.sleep(200);
  expect(await ready()).toBe(true);
}

beforeAll(async () => {
  database = await testDatabase();
  venue = await startVenueSimulator({
    ...{ runtime, port: 0, seed: 7, stepsPerSecond: 0, accounts: furtherDemoAccounts },
  });
  venue.core.onEvent((event) => {
    if (event.type === 'order' && event.execution === 'CANCELED' && accounts.includes(event.order.account))
      cancelled.push(event.order.clientOrderId);
  });
  const shared = {
    ...{ DATABASE_URL: testDatabaseUrl(), PORT: '0', SIM_PORT: String(venue.port), TICK_MS: '200' },
    ...{ ADMIN_TOKEN: token, ADMIN_PASSWORD: 'handover-password', HANDOVER_ON_SIGTERM: 'true' },
    CREDENTIALS_KEK: Buffer.alloc(32, 7).toString('base64'),
  };
  one = new EngineProcess(runtime, { ...shared, ENGINE_ID: 'one', DEMO: 'on' });
  two = new EngineProcess(runtime, { ...shared, ENGINE_ID: 'two', DEMO: 'off' });
  one.build();
  two.build();
  await start(one);
  await eventually('every pair of the demo is quoted', isQuoting, 30_000);
}, 120_000);

afterAll(async () => {
  await one?.dispose();
  await two?.dispose();
  await venue?.stop();
  await database?.destroy();
  await runtime.close();
}, 30_000);

describe('a deploy', () => {
  it('by SIGTERM leaves every order at three venues where it is, and the process ends with 0', async () => {
    await start(two);
    await standsBy(two);
    await runtime.sleep(16_000); // What another engine leases is told from what a dead one left.
    const [before, cancels] = [resting(), cancelled.length];
    expect(await one.terminate(30_000)).toBe(0);
    expect(one.output()).toMatch(/handed over 4\/4 strategies with 1\d live orders to two-\w+ \(\d\.\d s\)/);
    expect(await owners()).toEqual(['two']);
    await runtime.sleep(2_000);
    expect(resting()).toEqual(before);
    expect(cancelled.length).toBe(cancels);
  }, 90_000);

  it('asked for over HTTP is an operation, once, and the engine that waits goes on', async () => {
    await start(one);
    await standsBy(one);
    expect((await call(two, 'GET', '/operation')).status).toBe(404);
    const before = resting();
    const asked = await call(two, 'POST', '');
    expect(asked).toMatchObject({
      status: 202,
      body: { kind: 'engine.handover', state: 'running', target: { type: 'engine', id: 'two' } },
    });
    expect(await readiness(two)).toEqual({ code: 503, status: 'stopping' });
    expect(await readiness(one)).toEqual({ code: 200, status: 'ok' });
    expect((await call(two, 'POST', '')).body.id).toBe(asked.body.id);
    const seen = [];
    for (let state = 'running'; state === 'running'; await runtime.sleep(100)) {
      const { body } = await call(two, 'GET', '/operation');
      seen.push(body);
      state = body.state;
    }
    expect(seen.at(-1)).toMatchObject({
      ...{ state: 'succeeded', error: null, remaining: [], requestedBy: 'user:admin' },
      observed: { leasesHeldCount: 0 },
    });
    const fates = seen.at(-1).observed.strategies;
    expect(fates).toHaveLength(4);
    for (const fate of fates)
      expect(fate).toMatchObject({ fate: 'taken', takenBy: expect.stringMatching(/^one-/) });
    expect(await two.ended(10_000)).toBe(0);
    expect(resting()).toEqual(before);
    expect(await owners()).toEqual(['one']);
    const audit = await database.query(
      `select actor, detail->>'outcome' as outcome from audit_log where action = 'engine.handover'`,
    );
    expect(audit).toEqual([
      { actor: 'admin', outcome: 'done' },
      { actor: 'admin', outcome: 'done' },
    ]);
  }, 90_000);

  it('without anybody to take over cancels, says so, and resumes at the next start', async () => {
    const ended = one.terminate(40_000);
    await runtime.sleep(300);
    expect(await readiness(one)).toEqual({ code: 503, status: 'stopping' });
    expect(await ended).toBe(0);
    expect(one.output()).toMatch(/handed over 0\/4 strategies with 0 live orders \(/);
    expect(one.output()).toMatch(/4 strategies were taken by no other engine: their orders are cancelled/);
    expect(resting().flat()).toEqual([]);
    await start(one);
    await eventually('quoted again', isQuoting, 30_000);
  }, 90_000);

  it('that dies between its offer and the successor is picked up by its own next start', async () => {
    await runtime.sleep(2_000);
    const asked = call(one, 'POST', '');
    const isOffered = async () =>
      (await database.query('select 1 from strategy_leases where handover')).length === 4;
    for (let tries = 0; tries < 400 && !(await isOffered()); tries += 1) await runtime.sleep(10);
    await one.kill();
    await asked.catch(() => undefined);
    const [before, cancels] = [resting(), cancelled.length];
    expect(before.flat().length).toBeGreaterThanOrEqual(12);
    await start(one);
    for (let tries = 0; tries < 100 && (await owners())[0] !== 'one'; tries += 1) await runtime.sleep(200);
    await runtime.sleep(3_000);
    expect(await owners()).toEqual(['one']);
    expect(resting()).toEqual(before);
    expect(cancelled.length).toBe(cancels);
  }, 90_000);
});
