import type { CommitVerdict, IntentBatch } from '../../../src/modules/execution/store/types';
import type { Timer } from '../../../src/runtime/runtime';
import { instead } from './helpers';
import type { Mutant } from './mutant';

/** Bugs in what a process does around its database, its timers and its end. */
export const processMutants: readonly Mutant[] = [
  {
    id: 'M19',
    bug: 'a request is sent before its commit is acknowledged',
    expect: ['I13', 'I17'],
    plant: ({ reached }) => ({
      store: (store) =>
        instead(store, {
          commitIntents: (batches, deadlineMs) => {
            reached();
            const answer = store.commitIntents(batches, deadlineMs);
            void answer.catch(() => undefined);
            return store.now().then((now) => verdictsOf(batches, now, now + deadlineMs));
          },
        }),
    }),
  },
  {
    id: 'M30',
    bug: 'the timer of the watchdog is not cleared on stop',
    expect: ['I25'],
    plant: ({ reached }) => ({
      runtime: (runtime) => {
        const beats = new Set<number>();
        const { timers } = runtime;
        const every = (ms: number, fn: () => void): Timer => {
          const timer = timers.every(ms, fn);
          beats.add(timer.id);
          return timer;
        };
        const clear = (timer: Timer): void => {
          if (!beats.has(timer.id)) return timers.clear(timer);
          reached();
        };
        return instead(runtime, { timers: { set: timers.set, active: timers.active, every, clear } });
      },
    }),
  },
];

const verdictsOf = (
  batches: readonly IntentBatch[],
  committedAt: number,
  deadlineAt: number,
): ReadonlyMap<string, CommitVerdict> =>
  new Map(batches.map(({ strategyId }) => [strategyId, { kind: 'committed', committedAt, deadlineAt }]));
