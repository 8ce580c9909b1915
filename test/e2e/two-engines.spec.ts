import { decodeClientOrderId } from '../../src/domain/ids';
import { drainMs } from '../../src/modules/execution/common/constants';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;

const nonceOf = (clientOrderId: string): string => decodeClientOrderId(clientOrderId)?.nonce ?? '';
const createsOf = (nonce: string) =>
  bench.venue.creates().filter((entry) => nonceOf(entry.clientOrderId) === nonce);
const mine = () => createsOf(bench.engine.boot.nonce);
const its = () => createsOf(other.engine.boot.nonce);
const restingOf = (nonce: string) =>
  bench.atVenue().filter((order) => nonceOf(order.clientOrderId) === nonce);

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 100 });
  other = await startSecondEngine(bench.venue.origin);
}, 60_000);
afterAll(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

describe('two engines on one database', () => {
  let leaseEndsAt = 0;

  it('leave a strategy, its orders and its money to the one that leases it', async () => {
    await other.execution.addAccount(account);
    await other.execution.open(session);
    await bench.eventually('the other quotes', () => restingOf(other.engine.boot.nonce).length === 4, 10_000);
    await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'LEASE_NOT_HELD' });
    await bench.eventually('known as elsewhere', () => bench.execution.isElsewhere(strategyId), 3_000);
    const bid = bench.atVenue().find((order) => order.side === 'buy')!;
    bench.venue.take('BTCUSDT', 'sell', 200_000, bid.price);
    await bench.runtime.sleep(3_000);
    expect(await bench.engine.accounts.get(account.id)!.reconciler.askAccount()).toBe(true);
    expect(restingOf(other.engine.boot.nonce).length).toBeGreaterThanOrEqual(3);
    expect(mine()).toEqual([]);
    const strange = await bench.database.query(
      `select key from postings where key like 'external:unexplained%'`,
    );
    expect(strange).toEqual([]);
    expect(other.notices.filter(({ severity }) => severity === 'page')).toEqual([]);
  }, 30_000);

  it('take over one whose engine is cut off, and create only after the drain', async () => {
    other.database.cut();
    const rows = await bench.database.query<{ at: number }[]>(
      'select ms_of(expires_at)::float8 as at from strategy_leases where strategy_id = $1',
      [strategyId],
    );
    leaseEndsAt = rows[0]!.at;
    const open = async (): Promise<void> => {
      while (!bench.engine.sessions.has(strategyId)) {
        await bench.execution.open(session).catch(() => bench.runtime.sleep(250));
      }
    };
    await open();
    expect(bench.runtime.now()).toBeGreaterThanOrEqual(leaseEndsAt);
    await bench.eventually(
      'it says why it waits',
      () => bench.execution.session(strategyId)!.reasons.some(({ code }) => code === 'DRAINING'),
      1_500,
    );
    await bench.eventually('its own quotes', () => restingOf(bench.engine.boot.nonce).length === 4, 12_000);
    const first = mine()[0]!;
    expect(first.at).toBeGreaterThanOrEqual(leaseEndsAt + drainMs);
    expect(Math.max(...its().map(({ at }) => at))).toBeLessThan(first.at);
    expect(restingOf(other.engine.boot.nonce)).toEqual([]);
  }, 45_000);

  it('and the one that was cut off finds its lease gone and creates nothing more', async () => {
    const before = its().length;
    other.database.mend();
    await bench.eventually('the session is gone', () => other.engine.sessions.size === 0, 12_000);
    await bench.runtime.sleep(1_000);
    expect(its()).toHaveLength(before);
    // A replaced quote is cancelled before its successor is placed, so one instant may show none.
    await bench.eventually(
      'the successor still quotes',
      () => restingOf(bench.engine.boot.nonce).length > 0,
      5_000,
    );
    expect(other.notices.map(({ code }) => code)).toContain('LEASE_LOST');
    expect(bench.venue.duplicateCreates()).toEqual([]);
  }, 25_000);

  it('hand over without a drain after a clean stop', async () => {
    expect(await bench.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
    await other.execution.open(session);
    await bench.eventually('quotes at once', () => restingOf(other.engine.boot.nonce).length === 4, 3_000);
  }, 25_000);

  it('do not take the first orders of the other for strays, though the lease is news', async () => {
    expect(await other.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
    const known = other.notices.length;
    await bench.execution.open(session);
    await bench.eventually('quotes', () => restingOf(bench.engine.boot.nonce).length === 4, 3_000);
    await bench.runtime.sleep(1_500);
    expect(other.notices.slice(known).map(({ code }) => code)).not.toContain('EXTERNAL_OURS');
  }, 25_000);
});
