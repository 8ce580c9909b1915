import { createEngine } from '../../src/modules/execution/create-engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';

const account: AccountConfig = { id: 'a1', venue: 'binance', environment: 'sim' };

/**
 * Found by the simulation: two halts over one strategy were lifted in one second, and it was started for each. Both
 * starts went through, and of the two sessions one could not be stopped any more.
 */
it('starts a strategy once when it is asked twice at once', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1', { number: 7 });
  let connected = 0;
  const engine = await createEngine(
    runtime,
    store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    {
      credentials: { credentials: () => Promise.reject(new Error(`asked ${(connected += 1)} times`)) },
      ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    },
  );
  const execution = new ExecutionService(engine);
  const config = { bidSpreadBps: 10, askSpreadBps: 10, orderQuantityBase: '1', costMode: 'none' };
  const wanted: SessionConfig = {
    ...{ strategyId: 's1', number: 7, account, instrument: instrumentOf().id },
    ...{ strategyType: 'pureMarketMaking', config },
  };
  const [one, other] = [execution.open(wanted), execution.open(wanted)];
  expect(other).toBe(one);
  await expect(one).rejects.toThrow('asked 1 times');
  await expect(execution.open(wanted)).rejects.toThrow('asked 2 times');
  await engine.shutdown();
});
