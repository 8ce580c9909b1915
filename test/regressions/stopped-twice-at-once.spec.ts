import { LeaseKeeper } from '../../src/modules/execution/lease-keeper';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * Found by the simulation (`n2-645`): of two stops at once the second gave back the lease of a start that had come
 * between them, and an engine of another build took it while this one believed that it traded.
 */
it('gives back the lease that was held when it was asked to, not one taken since', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1');
  const listener = { refused: jest.fn(), lost: jest.fn(), expired: jest.fn(), storeAnswered: jest.fn() };
  const leases = new LeaseKeeper(runtime, store, 'one', listener);
  await leases.take('s1');
  const release = store.releaseLease.bind(store);
  let giveBack = (): void => undefined;
  const isOnItsWay = new Promise<void>((resolve) => (giveBack = resolve));
  store.releaseLease = (...args) => isOnItsWay.then(() => release(...args));
  const released = leases.release('s1');
  await leases.take('s1');
  giveBack();
  await released;
  expect(await store.takeLease('s1', 'other', 15_000)).toBeUndefined();
  expect(leases.holds('s1')).toBe(true);
});
