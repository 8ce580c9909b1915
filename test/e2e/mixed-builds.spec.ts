import { migrate } from '../../src/database/data-source';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId, testBuild } from '../support/engine-bench';
import { startSecondEngine } from '../support/second-engine';
import { testDatabaseUrl } from '../support/test-database';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
}, 60_000);
afterAll(() => bench?.stop(), 30_000);

describe('an engine of another build', () => {
  it('does not trade beside the one that does, pages once, and takes over when that one has ended', async () => {
    const other = await startSecondEngine(bench.venue.origin, 'newer', { ...testBuild, id: '2.0.0' });
    try {
      await bench.execution.open(session);
      await other.execution.addAccount(account);
      for (let tries = 0; tries < 2; tries += 1) {
        await expect(other.execution.open(session)).rejects.toMatchObject({
          code: 'LEASE_NOT_HELD',
          detail: expect.stringContaining(`of build 1.0.0, schema ${testBuild.schemaVersion}, trades`),
        });
      }
      const pages = other.notices.filter(({ severity }) => severity === 'page');
      expect(pages.map(({ code }) => code)).toEqual(['LEASE_NOT_HELD']);
      expect(await bench.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
      await other.execution.open(session);
      await bench.eventually('it quotes', () => bench.atVenue().length === 4, 5_000);
      await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'LEASE_NOT_HELD' });
      expect(await other.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
    } finally {
      await other.stop();
    }
  }, 40_000);

  it('that is older than the schema does not start at all', async () => {
    await expect(migrate(testDatabaseUrl())).resolves.toBeUndefined();
    await bench.database.query(`insert into migrations (timestamp, name) values (9764000000001, 'Later')`);
    await expect(migrate(testDatabaseUrl())).rejects.toMatchObject({
      name: 'SchemaTooNew',
      message: 'its schema has Later, which this build does not know',
    });
  }, 20_000);
});
