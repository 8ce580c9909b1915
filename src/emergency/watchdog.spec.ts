import { VirtualRuntime } from '../runtime/virtual-runtime';
import type { Watched } from './watch-list';
import { Watchdog } from './watchdog';

const lease = (ownerId: string, strategyNumber: number, quietMs: number | undefined): Watched => ({
  ...{ ownerId, strategyNumber, quietMs },
  accountId: 'a1',
});

/** Runs the watchdog over what the database shows second by second; answers when it began to sweep, and whose. */
function scene(shows: (second: number) => readonly Watched[] | 'down' | 'hangs') {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const began = runtime.monotonic();
  const second = (): number => Math.round((runtime.monotonic() - began) / 1_000);
  const sweeps: string[] = [];
  const prepared = new Set<string>();
  const watchdog = new Watchdog({
    runtime,
    read: async () => {
      const shown = shows(second());
      if (shown === 'hangs') return new Promise(() => undefined);
      if (shown === 'down') throw new Error('gone');
      return shown;
    },
    prepare: (accountId) => void prepared.add(accountId),
    sweep: async (accountId, dead) => {
      const numbers = [...dead()].sort().join();
      sweeps.push(`${second()} ${accountId} ${numbers}`);
      for (let i = 0; i < 12 && dead().size > 0; i += 1) await runtime.sleep(1_000);
      sweeps.push(dead().size > 0 ? 'swept' : 'left off');
      return dead().size > 0;
    },
    say: () => undefined,
  });
  watchdog.start();
  const run = async (seconds: number): Promise<readonly string[]> => {
    await runtime.advance(seconds * 1_000);
    watchdog.stop();
    return sweeps;
  };
  return { run, prepared };
}

const alive = (number = 1): Watched => lease('one', number, 900);

describe('the watchdog', () => {
  it('leaves an engine that makes progress alone, and is ready for its account', async () => {
    const { run, prepared } = scene(() => [alive(), alive(2)]);
    expect(await run(120)).toEqual([]);
    expect([...prepared]).toEqual(['a1']);
  });

  it('sweeps once what an engine leases that makes none for 15 s, and nothing of another engine', async () => {
    const { run } = scene((at) => [
      ...[lease('one', 1, Math.max(0, at - 30) * 1_000), lease('one', 2, Math.max(0, at - 30) * 1_000)],
      lease('two', 3, 100),
    ]);
    expect(await run(300)).toEqual(['45 a1 1,2', 'swept']);
  });

  it('waits 15 s with an engine that has never made any: it may have just begun', async () => {
    const { run } = scene((at) => (at < 50 ? [] : [lease('one', 1, undefined)]));
    expect(await run(66)).toEqual(['65 a1 1']);
  });

  it.each(['down', 'hangs'] as const)(
    'takes a database that is %s for no progress, and acts on what it knew',
    async (how) => {
      const { run } = scene((at) => (at < 40 ? [alive()] : how));
      expect(await run(120)).toEqual(['54 a1 1', 'swept']);
    },
  );

  it('leaves off when the engine lives again, and is there for its next death', async () => {
    const { run } = scene((at) => {
      const quiet = at < 25 ? at : at < 60 ? 0 : at - 60;
      return [lease('one', 1, quiet * 1_000)];
    });
    expect(await run(120)).toEqual(['16 a1 1', 'left off', '75 a1 1', 'swept']);
  });

  it('leaves off when another engine has taken over', async () => {
    const { run } = scene((at) => [at < 20 ? lease('one', 1, at * 1_000) : lease('two', 1, 500)]);
    expect(await run(120)).toEqual(['16 a1 1', 'left off']);
  });
});
