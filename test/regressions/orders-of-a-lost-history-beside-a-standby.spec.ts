import type { OpenAccount } from '../../src/modules/execution/engine';
import { openSession } from '../../src/modules/execution/open-session';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';
import { account, keylessEngine, wanted } from '../support/keyless-engine';

const rules = instrumentOf();
const readLagMs = 10_000;

class StoreThatWasAway extends MemoryStore {
  isAway = false;

  override standing(ownerId: string): ReturnType<MemoryStore['standing']> {
    return this.isAway ? Promise.reject(new StoreUnavailable('connection refused')) : super.standing(ownerId);
  }
}

/** When an engine that has stood by for a minute asks the account, in ms since its database came back. */
async function askedAfterReturn(lastOwner: string | undefined): Promise<number> {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new StoreThatWasAway({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1', { number: 7, instrument: rules.id });
  const engine = await keylessEngine(runtime, store);
  if (lastOwner !== undefined) await store.takeLease('s1', lastOwner, 1_000);
  await runtime.advance(60_000);
  store.isAway = true;
  await runtime.advance(3_000);
  store.isAway = false;
  await runtime.advance(2_000);
  let asked = -Infinity;
  const askAccount = (): Promise<boolean> => {
    asked = runtime.monotonic();
    return Promise.reject(new Error('far enough'));
  };
  const open = { config: account, rules: new Map([[rules.id, rules]]), reconciler: { askAccount } };
  const opening = openSession(engine, open as unknown as OpenAccount, wanted, () => true).catch(
    () => undefined,
  );
  const { backAt } = engine.database;
  await runtime.advance(30_000);
  await engine.shutdown();
  await opening;
  return asked - backAt!;
}

/**
 * Found by the simulation (`fx-31`): an engine that had stood by for long took a strategy over right after its owner had
 * died and the database was set back. The wait for the lists to show what the dead engine had left counted from the
 * start of the engine, and was long over. A record set back may even call the lease free.
 */
it.each(['dead', undefined])(
  'asks the account once its lists show what was lost, whoever had the lease on record (%s)',
  async (lastOwner) => {
    expect(await askedAfterReturn(lastOwner)).toBeGreaterThanOrEqual(readLagMs);
  },
);
