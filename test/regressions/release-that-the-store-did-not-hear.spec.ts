import { LeaseKeeper } from '../../src/modules/execution/lease-keeper';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * Found by reading: a stopped strategy whose release did not reach the database was said to expire by itself. The
 * renewal is of all leases of an engine, so it never did while that engine had another one: no second engine could ever
 * start the strategy.
 */
it('a lease whose release was lost is let go of once the database answers', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new MemoryStore({ now: () => runtime.now() });
  for (const id of ['s1', 's2']) store.assignStrategy(id, 'a1');
  const nothing = (): void => undefined;
  const listener = { refused: nothing, lost: nothing, expired: nothing, storeAnswered: nothing };
  const [one, two] = ['one', 'two'].map((ownerId) => new LeaseKeeper(runtime, store, ownerId, listener));
  one!.start();
  await one!.take('s1');
  await one!.take('s2');
  const cut = jest.spyOn(store, 'releaseLease').mockRejectedValue(new StoreUnavailable('gone'));
  await expect(one!.release('s1')).rejects.toThrow('gone');
  cut.mockRestore();
  await runtime.advance(60_000);
  expect(await two!.take('s1')).toMatchObject({ epoch: 2 });
  expect(one!.holds('s2')).toBe(true);
  one!.stop();
});
