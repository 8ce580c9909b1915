import { createEngine } from '../../src/modules/execution/create-engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';

const rules = instrumentOf();
const row: OrderRow = {
  ...{ clientOrderId: 'm1', strategyId: 's1', accountId: 'a1', venue: 'binance', instrument: rules.id },
  ...{ slotKey: 'bid-0', side: 'buy', type: 'limit', timeInForce: 'postOnly', price: '99.9', quantity: '1' },
  ...{
    epoch: 1,
    committedAt: 0,
    deadlineAt: 14_500,
    bookedFilled: '0.5',
    venueOrderId: '9',
    ended: undefined,
  },
};

/**
 * Found by the simulation: a trade had brought an order of a strategy into memory that another live engine leases. The
 * stop cancelled it, and named it as not ended.
 */
it('leaves the orders of another live engine to it', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1');
  const ports = {
    credentials: { credentials: () => Promise.reject(new Error('no keys')) },
    ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
  };
  const engine = await createEngine(
    runtime,
    store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    ports,
  );
  await store.takeLease('s1', 'other', 15_000);
  await engine.halts.look();
  engine.orders.recall(row, rules);
  const execution = new ExecutionService(engine);
  expect(await execution.stop(5_000, [])).toEqual({ confirmed: true, cancelled: 0, remaining: [] });
  await engine.shutdown();
});
