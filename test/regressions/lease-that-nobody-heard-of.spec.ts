import { LeaseKeeper } from '../../src/modules/execution/lease-keeper';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

async function twoLeases() {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const store = new MemoryStore({ now: () => runtime.now() });
  for (const id of ['s1', 's2']) store.assignStrategy(id, 'a1');
  const listener = { refused: jest.fn(), lost: jest.fn(), expired: jest.fn(), storeAnswered: jest.fn() };
  const leases = new LeaseKeeper(runtime, store, 'one', listener);
  await leases.take('s1');
  return { store, leases };
}

/**
 * Found by reading: a start whose answer got lost had taken the lease. When a person stopped the strategy before it was
 * tried again, the engine renewed it with its others for as long as it lived, and no other engine could start it.
 */
it('gives back a lease that it was given and did not hear of', async () => {
  const { store, leases } = await twoLeases();
  const take = store.takeLease.bind(store);
  store.takeLease = async (...args) => {
    await take(...args);
    throw new StoreUnavailable('the answer was lost');
  };
  await expect(leases.take('s2')).rejects.toThrow('lost');
  store.takeLease = take;
  await leases.renew();
  expect(await store.takeLease('s2', 'other', 15_000)).toMatchObject({ strategyId: 's2' });
  expect(await store.takeLease('s1', 'other', 15_000)).toBeUndefined();
});

it('keeps one that it is just being given, or that is just handed over', async () => {
  const { store, leases } = await twoLeases();
  const take = store.takeLease.bind(store);
  store.takeLease = async (...args) => {
    const lease = await take(...args);
    await leases.renew();
    return lease;
  };
  await leases.take('s2');
  store.takeLease = take;
  expect(await store.takeLease('s2', 'other', 15_000)).toBeUndefined();
  const handOver = store.handOver.bind(store);
  store.handOver = async (...args) => {
    await leases.renew();
    return handOver(...args);
  };
  expect(await leases.handOver('s2')).toBe(true);
  expect(await store.takeLease('s2', 'other', 15_000)).toMatchObject({ isHandover: true });
});
