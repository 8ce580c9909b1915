import type { CommitVerdict, IntentBatch } from '../../../src/modules/execution/store/types';
import type { Timer } from '../../../src/runtime/runtime';
import { MemoryLeases } from '../../../src/modules/execution/store/memory-leases';
import { instead, stopAndGo, withHttp, withOutage } from './helpers';
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
    id: 'M06',
    bug: 'an open breaker stops cancels too, and never closes again',
    expect: ['I19', 'I16'],
    drill: (world) => withOutage(world, { fromMs: world.phases.quiet + 30_000, forMs: 25_000, as: 'mute' }),
    plant: ({ reached }) => {
      let isOpen = false;
      return {
        engine: ({ breaker }) => {
          const canCreate = breaker.canCreate.bind(breaker);
          breaker.canCreate = (accountId) => {
            isOpen ||= !canCreate(accountId);
            return !isOpen;
          };
        },
        runtime: (runtime) =>
          withHttp(runtime, (request, send) => {
            if (!isOpen || request.method !== 'DELETE') return send(request);
            reached();
            return Promise.resolve({ written: false, why: 'the circuit is open' });
          }),
      };
    },
  },
  {
    id: 'M18',
    bug: 'epoch and halt are checked before the commit and not in it',
    expect: ['I14', 'I16'],
    row: 'B4',
    drill: (world) => stopAndGo(world),
    plant: ({ world, reached }) => {
      const { leases } = world.database as unknown as { readonly leases: MemoryLeases };
      const refusal = (batches: readonly IntentBatch[]): boolean =>
        batches.some((batch) => MemoryLeases.prototype.refusal.call(leases, batch) !== undefined);
      return {
        store: (store) =>
          instead(store, {
            commitIntents: (batches, deadlineMs) => {
              leases.refusal = refusal(batches)
                ? MemoryLeases.prototype.refusal
                : (batch) => {
                    if (MemoryLeases.prototype.refusal.call(leases, batch)) reached();
                    return undefined;
                  };
              return store.commitIntents(batches, deadlineMs);
            },
          }),
      };
    },
  },
  {
    id: 'M27',
    bug: 'the jitter of back-offs is drawn from Math.random',
    expect: ['I21'],
    row: 'T11',
    judge: 'twice',
    plant: ({ reached }) => ({
      runtime: (runtime) => {
        const next = (): number => {
          reached();
          return Math.random();
        };
        return instead(runtime, { rng: instead(runtime.rng, { next }) });
      },
    }),
  },
  {
    id: 'M28',
    bug: 'the url of a failed request is in the words of its error',
    expect: ['I22'],
    row: 'T4',
    plant: ({ reached }) => ({
      runtime: (runtime) =>
        withHttp(runtime, async (request, send) => {
          const answer = await send(request);
          const isBad = answer.written && (answer.status ?? 500) >= 400;
          if (!isBad || request.method !== 'GET') return answer;
          reached();
          return { written: false, why: `request failed: ${request.method} ${request.url}` };
        }),
    }),
  },
  {
    id: 'M29',
    bug: 'private events go to every account of their symbol',
    expect: ['I23'],
    row: 'U11',
    arrange: (plan) => ({ ...plan, hasNeighbour: true }),
    plant: ({ reached }) => ({
      engine: ({ userStreams }) => {
        const follow = userStreams.follow.bind(userStreams);
        const all: Parameters<typeof follow>[1][] = [];
        userStreams.follow = (connector, reconciler) => {
          all.push(reconciler);
          follow(connector, reconciler);
          connector.onEvent((event) => {
            for (const other of all) {
              if (other === reconciler || event.type !== 'fill') continue;
              reached();
              other.fill(event.fill);
            }
          });
        };
      },
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
