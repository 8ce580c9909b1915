import type { AccountBench } from '../support/account-bench';
import { accountBench } from '../support/account-bench';

/**
 * A read of the account that had begun before its stream was dialled anew, or before the database came back, was taken
 * for the answer: creates were allowed on what it had not asked.
 */
describe('an account whose question was under way when the ground moved', () => {
  let bench: AccountBench;
  const readMs = 2_000;

  beforeEach(async () => {
    bench = await accountBench();
    bench.venue.balances = [{ asset: 'USDT', free: '1', locked: '0' }];
    bench.venue.readMs = readMs;
    bench.reconciler.start(bench.runtime.now(), []);
    void bench.reconciler.askAccount();
    await bench.runtime.advance(500);
  });

  afterEach(() => bench.reconciler.stop());

  const asked = async (): Promise<{ readonly afterFirst: boolean; readonly afterSecond: boolean }> => {
    await bench.runtime.advance(3 * readMs);
    const afterFirst = bench.reconciler.isReady;
    await bench.runtime.advance(3 * readMs);
    return { afterFirst, afterSecond: bench.reconciler.isReady };
  };

  it('is asked again after a new stream', async () => {
    bench.reconciler.streamChanged(true);
    expect(await asked()).toEqual({ afterFirst: false, afterSecond: true });
  });

  it('is asked again after the database was away', async () => {
    bench.reconciler.databaseReturned();
    expect(await asked()).toEqual({ afterFirst: false, afterSecond: true });
  });

  it('answers a caller by a read requested after the call', async () => {
    let answers = 0;
    for (let i = 0; i < 2; i += 1) void bench.reconciler.askAccount().then(() => (answers += 1));
    await bench.runtime.advance(3 * readMs);
    expect(answers).toBe(0);
    await bench.runtime.advance(3 * readMs);
    expect(answers).toBe(2);
  });
});

it('a ready account whose database was away holds its creates until it has answered', async () => {
  const bench = await accountBench();
  bench.venue.balances = [{ asset: 'USDT', free: '1', locked: '0' }];
  bench.reconciler.start(bench.runtime.now(), []);
  expect(await bench.reconciler.askAccount()).toBe(true);
  bench.reconciler.databaseReturned();
  expect(bench.reconciler.isReady).toBe(false);
  await bench.runtime.advance(100);
  expect(bench.reconciler.isReady).toBe(true);
  bench.reconciler.stop();
});
