import type { Rng } from '../../src/runtime/runtime';

export const soloStates = [
  ...(['committed', 'sent', 'executed', 'filled', 'unbooked', 'cancel-sent', 'cancel-done'] as const),
  ...(['boot', 'boot-breaker', 'stop', 'kill-switch', 'database', 'commit-reset', 'restored'] as const),
] as const;
export const pairStates = [
  ...(['takeover', 'owner-killed', 'owner-paused', 'owner-partitioned', 'both-killed'] as const),
] as const;
export type SoloState = (typeof soloStates)[number];
export type PairState = (typeof pairStates)[number];
export type State = SoloState | PairState;

export const endings = ['kill', 'freeze', 'cut', 'live on'] as const;
/** What becomes of the engine at the held state. `live on`: nothing but what the state itself does. */
export type Ending = (typeof endings)[number];

export interface Point<S extends State = State> {
  readonly state: S;
  readonly ending: Ending;
}

export const allStates: readonly State[] = [...soloStates, ...pairStates];
/** The first of all states, those between a request and its answer, take what is left over. */
const heldStates = 7;
/** From this many points on every state is to be met `leastHits` times. */
export const judgedFrom = 150;
export const leastHits = 5;
/** Shares of 150 and a few more; each is at least one point. */
const shares: Readonly<Record<State, number>> = {
  ...{
    committed: 14,
    sent: 14,
    executed: 14,
    filled: 10,
    unbooked: 10,
    'cancel-sent': 10,
    'cancel-done': 10,
  },
  ...{ boot: 8, 'boot-breaker': 5, stop: 8, 'kill-switch': 7 },
  ...{ database: 5, 'commit-reset': 6, restored: 6 },
  ...{ takeover: 6, 'owner-killed': 5, 'owner-paused': 5, 'owner-partitioned': 5, 'both-killed': 5 },
};

const mixed: readonly Ending[] = ['kill', 'freeze', 'cut', 'kill'];
const endingsOf: Readonly<Partial<Record<State, readonly Ending[]>>> = {
  ...{ boot: ['kill'], 'boot-breaker': ['kill'], stop: ['kill'], 'kill-switch': ['kill'] },
  ...{ database: ['live on', 'kill'], 'commit-reset': ['live on', 'kill'], restored: ['kill', 'live on'] },
  ...{ takeover: ['kill', 'freeze', 'cut'], 'owner-killed': ['kill'], 'both-killed': ['kill'] },
  ...{ 'owner-paused': ['freeze'], 'owner-partitioned': ['cut'] },
};

/** Each of the states in proportion, `points` in all (or one of each when that is more), in a drawn order. */
export function planOf(points: number, rng: Rng, states: readonly State[]): readonly Point[] {
  const whole = states.reduce((sum, state) => sum + shares[state], 0);
  const least = points >= judgedFrom ? leastHits : 1;
  const countOf = (state: State): number => Math.max(least, Math.floor((points * shares[state]) / whole));
  const counts = new Map(states.map((state) => [state, countOf(state)]));
  let left = points - [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (let index = 0; left > 0; index += 1, left -= 1) {
    const state = states[index % Math.min(states.length, heldStates)]!;
    counts.set(state, counts.get(state)! + 1);
  }
  const all = states.flatMap((state) =>
    Array.from({ length: counts.get(state)! }, (_, index): Point => {
      const possible = endingsOf[state] ?? mixed;
      return { state, ending: possible[index % possible.length]! };
    }),
  );
  return shuffled(all, rng);
}

function shuffled<T>(items: readonly T[], rng: Rng): readonly T[] {
  const mixedItems = [...items];
  for (let i = mixedItems.length - 1; i > 0; i -= 1) {
    const j = rng.int(i + 1);
    [mixedItems[i], mixedItems[j]] = [mixedItems[j]!, mixedItems[i]!];
  }
  return mixedItems;
}
