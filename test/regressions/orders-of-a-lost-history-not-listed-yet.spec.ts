import type { OpenAccount } from '../../src/modules/execution/engine';
import { openSession } from '../../src/modules/execution/open-session';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';
import { account, keylessEngine, wanted } from '../support/keyless-engine';

const rules = instrumentOf();
const readLagMs = 10_000;

/** When the account is asked after a start on a lease that ended so long ago, in ms since the start. */
async function askedAt(leftMs: number): Promise<number | undefined> {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1', { number: 7, instrument: rules.id });
  await store.takeLease('s1', 'dead', 1_000);
  await runtime.advance(1_000 + leftMs);
  const engine = await keylessEngine(runtime, store);
  let asked: number | undefined;
  const askAccount = (): Promise<boolean> => {
    asked = runtime.monotonic() - engine.startedAt;
    return Promise.reject(new Error('far enough'));
  };
  const open = { config: account, rules: new Map([[rules.id, rules]]), reconciler: { askAccount } };
  const opening = openSession(engine, open as unknown as OpenAccount, wanted, () => true).catch(
    () => undefined,
  );
  await runtime.advance(30_000);
  await engine.shutdown();
  await opening;
  return asked;
}

/**
 * Found by the chaos run: a database set back to an older copy knew neither the latest orders nor that their owner had
 * lived until a moment ago. The list asked for at once did not show them yet, and as many were placed beside them.
 */
it('asks the account once its lists show what a dead owner left, however old its lease looks', async () => {
  expect(await askedAt(60_000)).toBeGreaterThanOrEqual(readLagMs);
});
