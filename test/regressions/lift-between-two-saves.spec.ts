import { Halts } from '../../src/modules/execution/halts';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { HaltedScope, NewHalt } from '../../src/modules/execution/store/types';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const haltOf = (scopeKey: string): NewHalt => ({
  scopeKey,
  level: 'HALTED',
  reason: 'OVERFILL',
  actor: 'engine',
});

/** Away at first; then each save takes effect at once and is answered half a second later. */
class ReturningStore extends MemoryStore {
  isAway = true;

  constructor(private readonly runtime: ReturnType<typeof createVirtualRuntime>) {
    super({ now: () => runtime.now() });
  }

  override async kill(told: NewHalt): Promise<HaltedScope> {
    if (this.isAway) throw new StoreUnavailable('gone');
    const done = await super.kill(told);
    await this.runtime.sleep(500);
    return done;
  }
}

/**
 * Found by reading: the look that saves what could not be saved goes through a list made before the first save. A halt
 * that a person lifted while the one before it was being saved was told to the database after its lift, and stood again.
 */
it('a halt that is lifted while another one is being saved does not stand again', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new ReturningStore(runtime);
  const nothing = (): void => undefined;
  const listener = { raised: nothing, seenSwitches: nothing, seenElsewhere: nothing, storeAnswered: nothing };
  const halts = new Halts(runtime, store, { ownerId: 'one-000000', engineId: 'one' }, listener);
  await halts.raise(haltOf('strategy:s1'));
  await halts.raise(haltOf('strategy:s2'));
  store.isAway = false;
  const looked = halts.look();
  await runtime.advance(100);
  await halts.lift({ scopeKey: 'strategy:s2', actor: 'anna', reason: 'a person has looked' });
  await runtime.advance(5_000);
  await looked;
  expect((await store.standing('two')).halts.map(({ scopeKey }) => scopeKey)).toEqual(['strategy:s1']);
  expect(halts.all().map(({ scopeKey }) => scopeKey)).toEqual(['strategy:s1']);
});
