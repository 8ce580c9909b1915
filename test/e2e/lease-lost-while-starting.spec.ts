import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
}, 60_000);
afterEach(() => bench?.stop(), 30_000);

/** Holds the last step of a start until `meanwhile` is over. */
function before(meanwhile: () => Promise<void>): void {
  const { switches } = bench.engine;
  const secure = switches.secure.bind(switches);
  switches.secure = async (...place) => {
    switches.secure = secure;
    await meanwhile();
    return secure(...place);
  };
}

/**
 * Found by reading: a start takes seconds between its lease and its session. A lease that was lost in between had no
 * session to end, and the session that came after it stood without a lease for ever: running, and never quoting.
 */
it('starts nothing on a lease that was lost while it started', async () => {
  before(async () => {
    await bench.database.query('update strategy_leases set owner_id = null, expires_at = clock_timestamp()');
    await bench.engine.leases.renew();
    expect(bench.engine.leases.epochOf(strategyId)).toBe(0);
  });
  await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'LEASE_NOT_HELD' });
  expect(bench.execution.session(strategyId)).toBeUndefined();
  await bench.execution.open(session); // As the supervisor does.
  await bench.eventually('quotes', () => bench.atVenue().length === 4, 15_000);
}, 60_000);

/**
 * Found by reading: an account that nothing traded on yet was let go of while a strategy was being started on it. The
 * strategy ran on with an account that nobody listened to or asked about.
 */
it('starts nothing on an account that was removed while it started', async () => {
  before(() => bench.execution.removeAccount(account.id));
  await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(bench.execution.session(strategyId)).toBeUndefined();
  await bench.execution.open(session);
  await bench.eventually('quotes', () => bench.atVenue().length === 4, 15_000);
  await expect(bench.execution.removeAccount(account.id)).rejects.toMatchObject({ code: 'ACCOUNT_IN_USE' });
}, 60_000);
