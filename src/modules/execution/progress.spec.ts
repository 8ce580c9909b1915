import { VirtualRuntime } from '../../runtime/virtual-runtime';
import type { Engine } from './engine';
import { reportProgress } from './progress';

/** What decides it, as it stands at each second; answers the seconds at which the engine said that it works. */
async function saidAt(
  states: (second: number) => {
    readonly lateMs?: number;
    readonly holds?: boolean;
    readonly isDown?: boolean;
  },
): Promise<readonly number[]> {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const began = runtime.monotonic();
  const now = () => states((runtime.monotonic() - began) / 1_000);
  const [said, heard]: [number[], number[]] = [[], []];
  const engine = {
    ...{ runtime, boot: { ownerId: 'one-000000' } },
    clock: { lateMs: () => now().lateMs ?? 0 },
    leases: { holdsAny: () => now().holds ?? true },
    accounts: new Map(),
    openings: new Set([{ reconciler: { databaseSays: (ms: number) => heard.push(ms) } }]),
    store: {
      recordProgress: async () => {
        if (now().isDown) throw new Error('gone');
        said.push((runtime.monotonic() - began) / 1_000);
        return 7_000 + said.length;
      },
    },
  } as unknown as Engine;
  reportProgress(engine);
  await runtime.advance(10_000);
  expect(heard).toEqual(said.map((_, i) => 7_001 + i)); // Accounts follow the database's clock.
  return said;
}

describe('progress', () => {
  it.each([
    ['an engine that works', {}, [2.5, 5, 7.5, 10]],
    ['one whose tick is a little late', { lateMs: 999 }, [2.5, 5, 7.5, 10]],
    ['one whose tick does not come', { lateMs: 1_000 }, []],
    ['one without a lease', { holds: false }, []],
    ['one whose database is gone', { isDown: true }, []],
  ])('is said by %s', async (_what, state, seconds) => {
    expect(await saidAt(() => state)).toEqual(seconds);
  });

  it('is said again when the database is back', async () => {
    expect(await saidAt((second) => ({ isDown: second < 6 }))).toEqual([7.5, 10]);
  });
});
