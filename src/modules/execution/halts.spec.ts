import { VirtualRuntime } from '../../runtime/virtual-runtime';
import { Halts } from './halts';
import { MemoryStore } from './store/memory-store';
import type { NewHalt } from './store/types';
import { StoreUnavailable } from './store/types';

const id = 'strategy-1';
const kill: NewHalt = { scopeKey: `strategy:${id}`, level: 'HALTED', reason: 'r', actor: 'anna' };
const lift = { scopeKey: kill.scopeKey, actor: 'bert', reason: 'over' };

function bench() {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy(id, 'account-1');
  const raised: string[] = [];
  const listener = {
    raised: (halt: NewHalt) => void raised.push(`${halt.scopeKey} ${halt.level}`),
    seenElsewhere: () => undefined,
    seenSwitches: () => undefined,
    storeAnswered: () => undefined,
  };
  const boot = { ownerId: 'one-000000', engineId: 'one' };
  const halts = new Halts(runtime, store, boot, listener);
  halts.start();
  return { runtime, store, halts, raised };
}

describe('standing halts', () => {
  it('act before the Store has answered, and are saved when it does', async () => {
    const { runtime, store, halts, raised } = bench();
    const down = jest.spyOn(store, 'kill').mockRejectedValue(new StoreUnavailable('gone'));
    const saving = halts.raise(kill);
    expect(halts.over([kill.scopeKey])).toMatchObject({ level: 'HALTED', isSaved: false });
    expect(await saving).toBeUndefined();
    await runtime.advance(3_000);
    expect(halts.over([kill.scopeKey])).toMatchObject({ isSaved: false });
    down.mockRestore();
    await runtime.advance(1_000);
    expect(halts.over([kill.scopeKey])).toMatchObject({ isSaved: true });
    expect((await store.standing('two')).halts).toMatchObject([kill]);
    expect(raised).toEqual([`${kill.scopeKey} HALTED`]);
  });

  it('of somebody else are seen within a second, and so is their end', async () => {
    const { runtime, store, halts, raised } = bench();
    await store.kill(kill);
    await runtime.advance(1_000);
    expect(halts.over([kill.scopeKey])).toMatchObject(kill);
    expect(raised).toHaveLength(1);
    await store.liftHalt(lift);
    await runtime.advance(1_000);
    expect(halts.over([kill.scopeKey])).toBeUndefined();
  });

  it('do not fall to a read that began before them', async () => {
    const { runtime, store, halts } = bench();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const reading = jest.spyOn(store, 'standing').mockImplementationOnce(async () => {
      await held;
      return { halts: [], elsewhere: [], offered: [], switches: [] };
    });
    await runtime.advance(1_000);
    expect(reading).toHaveBeenCalled();
    await halts.raise(kill);
    answer();
    await runtime.advance(1);
    expect(halts.over([kill.scopeKey])).toMatchObject(kill);
  });

  it('bind by the strictest, and this engine by its own scope', async () => {
    const { halts } = bench();
    await halts.raise({ ...kill, scopeKey: 'global', level: 'REDUCE_ONLY' });
    await halts.raise({ ...kill, scopeKey: 'engine:one', level: 'CANCEL_ONLY' });
    await halts.raise({ ...kill, scopeKey: 'engine:two', level: 'HALTED' });
    expect(halts.over(['global', 'venue:x'])).toMatchObject({ scopeKey: 'engine:one' });
    await halts.lift({ ...lift, scopeKey: 'engine:one' });
    expect(halts.over(['global', 'venue:x'])).toMatchObject({ level: 'REDUCE_ONLY' });
    expect(halts.over(['venue:x'])).toBeUndefined();
  });

  it('stand on when the Store cannot end them', async () => {
    const { store, halts } = bench();
    await halts.raise(kill);
    jest.spyOn(store, 'liftHalt').mockRejectedValue(new StoreUnavailable('gone'));
    await expect(halts.lift(lift)).rejects.toThrow('gone');
    expect(halts.over([kill.scopeKey])).toMatchObject(kill);
  });
});
