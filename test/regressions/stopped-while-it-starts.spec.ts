import { createEngine } from '../../src/modules/execution/create-engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';

const account: AccountConfig = { id: 'a1', venue: 'binance', environment: 'sim' };

/**
 * Found by the simulation (row K3): a stop that came while a start was under way found no session, was confirmed at
 * once, and the strategy began to quote after that.
 */
it('confirms no stop while a start of the strategy is under way', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1', { number: 7 });
  let refuse = (): void => undefined;
  const asked = new Promise<never>((_, reject) => {
    refuse = () => reject(new Error('no credentials'));
  });
  asked.catch(() => undefined);
  const engine = await createEngine(
    runtime,
    store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    {
      credentials: { credentials: () => asked },
      ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    },
  );
  const execution = new ExecutionService(engine);
  const config = { bidSpreadBps: 10, askSpreadBps: 10, orderQuantityBase: '1', costMode: 'none' };
  const wanted: SessionConfig = {
    ...{ strategyId: 's1', number: 7, account, instrument: instrumentOf().id },
    ...{ strategyType: 'pureMarketMaking', config },
  };
  const settled: string[] = [];
  const start = execution.open(wanted).catch(() => settled.push('start'));
  const late = execution.close('s1', 1_000).then(({ confirmed }) => settled.push(`stop ${confirmed}`));
  await runtime.advance(1_500);
  expect(settled).toEqual(['stop false']);
  const stop = execution.close('s1', 1_000).then(({ confirmed }) => settled.push(`stop ${confirmed}`));
  refuse();
  await Promise.all([start, late, stop]);
  expect(settled).toEqual(['stop false', 'start', 'stop true']);
  await engine.shutdown();
});
