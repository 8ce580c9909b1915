import type { Store } from '../../src/modules/execution/store/types';
import { BookingQueue } from '../../src/modules/execution/trackers/booking-queue';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * Whoever waited for what was queued so far waited for an empty queue. With a database that takes 10 ms and an answer to an
 * order every 3 ms it is never empty: no question of an account came to its end, and creates waited for it.
 */
it('waits for what is queued at the call, and for nothing that comes later', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const durable: string[] = [];
  const store = {
    recordAcks: async (acks: readonly { readonly clientOrderId: string }[]) => {
      await runtime.sleep(10);
      durable.push(...acks.map(({ clientOrderId }) => clientOrderId));
    },
  } as unknown as Store;
  const queue = new BookingQueue(runtime, store, {
    fillAnswered: () => undefined,
    feeAnswered: () => undefined,
    endsCommitted: () => undefined,
    storeAnswered: () => undefined,
  });
  let made = 0;
  const stream = runtime.timers.every(3, () => {
    made += 1;
    queue.ack(`m${made}`, `v${made}`);
  });
  await runtime.advance(100);
  const before = made;
  let isIdle = false;
  void queue.idle().then(() => {
    isIdle = true;
    expect(durable).toContain(`m${before}`);
  });
  await runtime.advance(50);
  expect(isIdle).toBe(true);
  runtime.timers.clear(stream);
  await runtime.advance(100);
  expect(durable).toHaveLength(made);
});

it('goes on waiting when the call that would have answered it has failed', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  let isDown = true;
  const store = {
    recordAcks: async () => {
      await runtime.sleep(10);
      if (isDown) throw new Error('gone');
    },
  } as unknown as Store;
  const queue = new BookingQueue(runtime, store, {
    fillAnswered: () => undefined,
    feeAnswered: () => undefined,
    endsCommitted: () => undefined,
    storeAnswered: () => undefined,
  });
  queue.ack('m1', 'v1');
  let isIdle = false;
  void queue.idle().then(() => (isIdle = true));
  await runtime.advance(3_000);
  expect(isIdle).toBe(false);
  isDown = false;
  await runtime.advance(1_000);
  expect(isIdle).toBe(true);
});
