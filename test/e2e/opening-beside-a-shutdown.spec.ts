import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import type { EngineBench } from '../support/engine-bench';
import { account, startBench } from '../support/engine-bench';
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

/** Holds the dialling of an account until `meanwhile` is over. */
function beforeDialling(meanwhile: () => Promise<void>): Promise<ExchangeConnector> {
  const { connectors } = other.engine;
  const create = connectors.create.bind(connectors);
  return new Promise((resolve) => {
    connectors.create = async (config) => {
      const connector = await create(config);
      const connect = connector.connect.bind(connector);
      connector.connect = async () => {
        await meanwhile();
        return connect();
      };
      resolve(connector);
      return connector;
    };
  });
}

/**
 * Found by reading: an account that was being opened while its engine was shut down dialled its venue after that. Its
 * timers ran on for a minute, and its private stream for ever.
 */
it('opens no account of an engine that was shut down meanwhile', async () => {
  const made = beforeDialling(() => other.engine.shutdown());
  await expect(other.execution.addAccount(account)).rejects.toMatchObject({ code: 'NOT_READY' });
  const connector = await made;
  await bench.runtime.sleep(500);
  expect(connector.isPrivateLive()).toBe(false);
  expect(connector.feed.health().publicLive).toBe(false);
  expect(other.engine.openings.size + other.engine.accounts.size).toBe(0);
  expect(other.runtime.timers.active()).toBe(0);
}, 90_000);
