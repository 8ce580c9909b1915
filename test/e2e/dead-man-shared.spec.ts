import type { EngineBench } from '../support/engine-bench';
import {
  account,
  addSecondStrategy,
  secondSession,
  session,
  startBench,
  strategyId,
} from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

const ofGate = { ...account, venue: 'gate' as const };
const mine = { ...session, account: ofGate };
const its = { ...secondSession, account: ofGate };
let bench: EngineBench;
let other: SecondEngine;

const state = (): string => bench.execution.deadMan(account.id).state;
const problems = (): readonly string[] =>
  bench.execution.accountHealth(account.id).problems.map(({ code }) => code);
const records = (): Promise<readonly { readonly owner_id: string }[]> =>
  bench.database.query('select owner_id, places from venue_switches');

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 5, tickMs: 200, venueId: 'gate' });
  await bench.database.query('update exchange_accounts set dedicated = true');
  other = await startSecondEngine(bench.venue.origin);
  await addSecondStrategy(bench, 'gate');
  await bench.execution.open(mine);
  await bench.eventually('quoting', () => bench.sidesAtVenue() === 'buy,sell', 15_000);
}, 60_000);
afterAll(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

describe('an account that two engines trade', () => {
  it('has a switch while one of them does', async () => {
    await bench.eventually('armed', () => state() === 'armed', 5_000);
    expect(await records()).toEqual([{ owner_id: bench.engine.boot.ownerId, places: ['BTC/USDT'] }]);
    expect(problems()).toEqual([]);
  }, 15_000);

  it('has none while both do, says so, and nothing fires', async () => {
    await other.execution.addAccount(ofGate);
    await other.execution.open(its);
    await bench.eventually('ended', () => state() === 'off', 5_000);
    expect(bench.execution.deadMan(account.id).text).toContain('another engine trades this account');
    await bench.eventually('told', () => problems().includes('DEAD_MAN_NOT_ARMED'), 3_000);
    await bench.runtime.sleep(32_000);
    expect(await records()).toEqual([]);
    expect([other.execution.deadMan(account.id).state, state()]).toEqual(['off', 'off']);
    expect(new Set(bench.atVenue().map(({ symbol }) => symbol))).toEqual(new Set(['BTCUSDT', 'ETHUSDT']));
    expect(bench.execution.halts()).toEqual([]);
  }, 60_000);

  it('has one again when one of them has stopped, and none after both have', async () => {
    expect(await other.execution.close(its.strategyId, 15_000)).toMatchObject({ confirmed: true });
    await bench.eventually('armed again', () => state() === 'armed', 8_000);
    const isSeen = (): boolean =>
      other.execution.deadMan(account.id).text.startsWith('Armed by the engine test-');
    await bench.eventually('seen by the other', isSeen, 3_000);
    expect(await bench.execution.close(strategyId, 15_000)).toMatchObject({ confirmed: true });
    await bench.eventually('ended', () => state() === 'off', 10_000);
    expect(await records()).toEqual([]);
  }, 60_000);
});
