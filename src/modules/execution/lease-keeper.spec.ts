import { VirtualRuntime } from '../../runtime/virtual-runtime';
import { LeaseKeeper } from './lease-keeper';
import { MemoryStore } from './store/memory-store';
import { StoreUnavailable } from './store/types';

const id = 'strategy-1';

function bench() {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy(id, 'account-1');
  const told: string[] = [];
  const listener = {
    refused: (detail: string) => void told.push(detail),
    lost: (strategyId: string) => void told.push(`lost ${strategyId}`),
    expired: (strategyId: string) => void told.push(`expired ${strategyId}`),
    storeAnswered: () => undefined,
  };
  const keeperOf = (ownerId: string): LeaseKeeper => {
    const keeper = new LeaseKeeper(runtime, store, ownerId, listener);
    keeper.start();
    return keeper;
  };
  const cut = jest.spyOn(store, 'renewLeases');
  return { runtime, store, told, keeperOf, cut };
}

describe('the right to create', () => {
  it('is kept by renewals', async () => {
    const { runtime, told, keeperOf } = bench();
    const keeper = keeperOf('one');
    await keeper.take(id);
    await runtime.advance(120_000);
    expect([keeper.holds(id), keeper.drainLeftMs(id), keeper.epochOf(id)]).toEqual([true, 0, 1]);
    expect(told).toEqual([]);
  });

  it('ends 11 s after the last renewal, and at 15 s the lease may be another one’s', async () => {
    const { runtime, told, keeperOf, cut } = bench();
    const keeper = keeperOf('one');
    await keeper.take(id);
    await runtime.advance(5_500);
    cut.mockRejectedValue(new StoreUnavailable('gone'));
    await runtime.advance(10_400); // 10.9 s after the renewal at 5 s.
    expect([keeper.holds(id), keeper.mayHold(id)]).toEqual([true, true]);
    await runtime.advance(100);
    expect([keeper.holds(id), keeper.mayHold(id)]).toEqual([false, true]);
    expect(told).toEqual([]);
    await runtime.advance(60_000);
    expect([keeper.holds(id), keeper.mayHold(id)]).toEqual([false, false]);
    expect(told).toEqual([`expired ${id}`]);
    cut.mockRestore();
    await runtime.advance(5_000);
    expect(keeper.holds(id)).toBe(true); // Nobody took it: the same epoch goes on.
  });

  it('is in doubt after a loss of the Store until it is renewed', async () => {
    const { runtime, keeperOf } = bench();
    const keeper = keeperOf('one');
    await keeper.take(id);
    keeper.doubt();
    expect([keeper.holds(id), keeper.mayHold(id)]).toEqual([false, true]);
    await keeper.renew();
    expect(keeper.holds(id)).toBe(true);
    await runtime.close();
  });

  describe('is in doubt on an answer that is older than a loss of the Store', () => {
    it.each([
      ['a renewal', (keeper: LeaseKeeper) => keeper.renew()],
      ['a lease', (keeper: LeaseKeeper) => keeper.take(id)],
    ])('to the question for %s', async (_, ask) => {
      const { runtime, store, keeperOf } = bench();
      const keeper = keeperOf('one');
      await keeper.take(id);
      const takeLease = store.takeLease.bind(store);
      const slowly = <T>(answer: Promise<T>): Promise<T> =>
        answer.then((is) => runtime.sleep(300).then(() => is));
      jest.spyOn(store, 'takeLease').mockImplementationOnce((...args) => slowly(takeLease(...args)));
      const { renewLeases } = store;
      jest.spyOn(store, 'renewLeases').mockImplementationOnce((...args) => slowly(renewLeases(...args)));
      const asked = ask(keeper);
      await runtime.advance(100);
      keeper.doubt();
      await runtime.advance(300);
      await asked;
      expect([keeper.holds(id), keeper.mayHold(id)]).toEqual([false, true]);
      await runtime.advance(5_000);
      expect(keeper.holds(id)).toBe(true);
    });
  });

  it('is gone when a renewal says so', async () => {
    const { runtime, store, told, keeperOf } = bench();
    const keeper = keeperOf('one');
    await keeper.take(id);
    await store.kill({ scopeKey: 'global', level: 'HALTED', reason: 'r', actor: 'a' });
    await runtime.advance(5_000);
    expect([keeper.holds(id), keeper.epochOf(id)]).toEqual([false, 0]);
    expect(told).toEqual([`lost ${id}`]);
  });

  it('is gone when the database shows an epoch of its own from before', async () => {
    const { runtime, told, keeperOf, cut } = bench();
    const keeper = keeperOf('one');
    await keeper.take(id);
    await keeper.take(id);
    cut.mockResolvedValue(new Map([[id, 1]]));
    await runtime.advance(5_000);
    expect([keeper.holds(id), keeper.epochOf(id)]).toEqual([false, 0]);
    expect(told).toEqual([`lost ${id}`]);
  });

  it('waits for the drain of an owner that was not heard to end, 4 s after its lease', async () => {
    const { runtime, store, keeperOf } = bench();
    const first = keeperOf('one');
    await first.take(id);
    first.stop(); // Dead: it renews nothing.
    await runtime.advance(14_999);
    const second = keeperOf('two');
    expect(await second.take(id)).toBeUndefined();
    await runtime.advance(501);
    expect(await second.take(id)).toMatchObject({ epoch: 2 });
    expect(second.drainLeftMs(id)).toBeCloseTo(3_500, -1);
    await runtime.advance(3_501);
    expect(second.drainLeftMs(id)).toBe(0);
    await second.release(id);
    expect(await store.takeLease(id, 'three', 15_000)).toMatchObject({ epoch: 3 });
  });
});
