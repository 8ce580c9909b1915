import { Halts } from '../../src/modules/execution/halts';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { HaltedScope, NewHalt } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const halt: NewHalt = {
  scopeKey: 'engine:one',
  level: 'CANCEL_ONLY',
  reason: 'BOOT_BREAKER',
  actor: 'engine',
};
const answerMs = 2_500;

/** Does at once what it is told, and answers late, one statement behind the other. */
class LateStore extends MemoryStore {
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly runtime: ReturnType<typeof createVirtualRuntime>) {
    super({ now: () => runtime.now() });
  }

  override kill(told: NewHalt): Promise<HaltedScope> {
    const done = this.tail.then(() => super.kill(told));
    this.tail = done.then(() => this.runtime.sleep(answerMs));
    return this.tail.then(() => done);
  }
}

/**
 * Found by killing boots on a busy machine: the look of every second saved a halt again whose own save was not answered
 * yet. A person lifted it in between, and it stood again.
 */
it('a halt that was lifted before its save was answered does not stand again', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new LateStore(runtime);
  const nothing = (): void => undefined;
  const listener = {
    raised: nothing,
    seenSwitches: nothing,
    seenElsewhere: nothing,
    storeAnswered: nothing,
  };
  const halts = new Halts(runtime, store, { ownerId: 'one-000000', engineId: 'one' }, listener);
  halts.start();
  void halts.raise(halt);
  await runtime.advance(2_000);
  await store.liftHalt({ scopeKey: halt.scopeKey, actor: 'anna', reason: 'a person has looked' });
  await runtime.advance(10_000);
  expect((await store.standing('two')).halts).toEqual([]);
  expect(halts.all()).toEqual([]);
  halts.stop();
});
