import type { EngineBench } from '../support/engine-bench';
import { account, session, startQuotingBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;

beforeEach(async () => {
  bench = await startQuotingBench();
  await bench.engine.shutdown(); // Without a stop: as a process that dies, it leaves its orders and its lease.
  other = await startSecondEngine(bench.venue.origin, 'restarted');
}, 60_000);
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

describe('a strategy that is stopped without ever having run here', () => {
  const leftovers = { strategyId, number: 7, account };

  it('ends with a read of the venue, and is not confirmed without one', async () => {
    await other.execution.addAccount(account);
    // Until its lease has run out, the dead engine might live.
    await bench.database.query('update strategy_leases set expires_at = clock_timestamp()');
    bench.venue.faults.failNext('query', 1_000, 503);
    const silent = await other.execution.closeLeftovers(leftovers, 2_000);
    expect(silent).toEqual({ confirmed: false, remaining: [], venueOpenOrders: -1 });
    bench.venue.faults.clearAll();
    const read = await other.execution.closeLeftovers(leftovers, 5_000);
    expect(read).toEqual({ confirmed: true, remaining: [], venueOpenOrders: 0 });
    expect(bench.atVenue()).toEqual([]);
  }, 30_000);
});

describe('a stop soon after a restart', () => {
  it.each<[string, () => void]>([
    ['while the account is still opening', () => void other.execution.addAccount(account)],
    ['before the account has begun to open', () => undefined],
  ])(
    'cancels what the process before left, %s',
    async (_when, begin) => {
      begin();
      expect(bench.atVenue()).toHaveLength(4);
      const stopped = await other.execution.stop(25_000, [account]);
      expect(stopped).toEqual({ confirmed: true, cancelled: 4, remaining: [] });
      expect(bench.atVenue()).toEqual([]);
      await expect(other.execution.open(session)).rejects.toMatchObject({ code: 'NOT_READY' });
      expect(bench.venue.duplicateCreates()).toEqual([]);
    },
    40_000,
  );

  it('confirms nothing while the venue does not answer', async () => {
    bench.venue.faults.failNext('query', 1_000, 503);
    void other.execution.addAccount(account).catch(() => undefined);
    expect(await other.execution.stop(2_000, [account])).toMatchObject({ confirmed: false });
    expect(bench.atVenue()).toHaveLength(4);
  }, 20_000);
});
