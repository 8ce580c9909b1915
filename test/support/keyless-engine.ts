import { createEngine } from '../../src/modules/execution/create-engine';
import type { Engine } from '../../src/modules/execution/engine';
import type { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import type { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from './decisions';

export const account: AccountConfig = { id: 'a1', venue: 'binance', environment: 'sim' };

/** A strategy of that account, as its owner wants it. */
export const wanted: SessionConfig = {
  ...{ strategyId: 's1', number: 7, account, instrument: instrumentOf().id },
  strategyType: 'pureMarketMaking',
  config: { bidSpreadBps: 10, askSpreadBps: 10, orderQuantityBase: '1', costMode: 'none' },
};

/** An engine in virtual time that can reach no venue, for what it does with its Store alone. */
export const keylessEngine = (runtime: VirtualRuntime, store: MemoryStore): Promise<Engine> =>
  createEngine(
    runtime,
    store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    {
      credentials: { credentials: () => Promise.reject(new Error('no keys')) },
      ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    },
  );
