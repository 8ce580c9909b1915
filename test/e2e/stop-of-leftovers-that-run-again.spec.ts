import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  other = await startSecondEngine(bench.venue.origin);
}, 60_000);
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

/**
 * Found by reading: the stop of a strategy that does not run here opens its account first, which may take a minute.
 * Meanwhile another engine had proved the stop, a person had started the strategy again, and that engine quoted: its
 * orders were cancelled as what nobody wants.
 */
it('leaves a strategy alone that another engine runs by the time its account is open', async () => {
  const { connectors } = other.engine;
  const create = connectors.create.bind(connectors);
  connectors.create = async (config) => {
    await bench.execution.open(session);
    await bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
    return create(config);
  };
  const leftovers = { strategyId, number: 7, account };
  const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
  const closed = await other.execution.closeLeftovers(leftovers, 3_000);
  const before = ids();
  expect(closed).toMatchObject({ confirmed: false, remaining: [] });
  await bench.runtime.sleep(1_000);
  expect(bench.venue.creates()).toHaveLength(4);
  expect(before).toHaveLength(4);
  expect(ids()).toEqual(before);
}, 60_000);
