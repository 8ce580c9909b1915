import type { EngineBench } from '../support/engine-bench';
import { session, startBench } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;
const scopeKey = 'venue:elsewhere';
const halt = { scopeKey, level: 'CANCEL_ONLY', reason: 'drill', actor: 'anna' } as const;
const lift = { scopeKey, actor: 'anna', reason: 'over' };
const isSeen = () => other.engine.halts.over([scopeKey]) !== undefined;

/** Milliseconds until the other engine obeys what has just been committed here. */
async function delay(commit: () => Promise<unknown>, isObeyed: () => boolean): Promise<number> {
  await commit();
  const committed = bench.runtime.monotonic();
  await bench.eventually('obeyed', isObeyed, 5_000);
  return bench.runtime.monotonic() - committed;
}

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  other = await startSecondEngine(bench.venue.origin);
}, 60_000);
afterAll(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

describe('a halt of one engine', () => {
  it('is obeyed by the others when it is committed, wherever they are in their second of looking', async () => {
    const delays: number[] = [];
    for (const phase of [0, 250, 500, 750]) {
      await bench.runtime.sleep(1_000 - (bench.runtime.monotonic() % 1_000) + phase);
      delays.push(await delay(() => bench.engine.halts.raise(halt), isSeen));
      delays.push(
        await delay(
          () => bench.engine.halts.lift(lift),
          () => !isSeen(),
        ),
      );
    }
    expect(Math.max(...delays)).toBeLessThan(500);
  }, 20_000);

  it('pulls their quotes', async () => {
    await other.execution.open(session);
    await bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
    await bench.engine.halts.raise({ ...halt, scopeKey: 'global' });
    await bench.eventually('nothing rests', () => bench.atVenue().length === 0, 900);
    await bench.engine.halts.lift({ ...lift, scopeKey: 'global' });
  }, 20_000);

  it('is still seen by looking while nothing is told, and told again once the line is mended', async () => {
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'mm listen' and datname = current_database()`;
    await bench.database.query(end);
    expect(await delay(() => bench.engine.halts.raise(halt), isSeen)).toBeLessThan(1_500);
    await bench.engine.halts.lift(lift);
    await bench.runtime.sleep(2_500);
    const listening = await bench.database.query(
      `select 1 from pg_stat_activity where application_name = 'mm listen' and datname = current_database()`,
    );
    expect(listening).toHaveLength(2);
  }, 20_000);
});
