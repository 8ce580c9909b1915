import type { Rng } from '../../src/runtime/runtime';

export const soloStates = [
  ...(['committed', 'sent', 'executed', 'filled', 'unbooked', 'cancel-sent', 'cancel-done'] as const),
  ...(['boot', 'stop', 'kill-switch', 'database'] as const),
] as const;
export const pairStates = ['takeover', 'owner-killed', 'owner-paused', 'owner-partitioned'] as const;
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
/** Shares of 150; each is at least one point. */
const shares: Readonly<Record<State, number>> = {
  ...{
    committed: 17,
    sent: 17,
    executed: 16,
    filled: 13,
    unbooked: 13,
    'cancel-sent': 12,
    'cancel-done': 12,
  },
  ...{ boot: 10, stop: 8, 'kill-switch': 7, database: 5 },
  ...{ takeover: 5, 'owner-killed': 5, 'owner-paused': 5, 'owner-partitioned': 5 },
};

const mixed: readonly Ending[] = ['kill', 'kill', 'freeze', 'kill', 'cut'];
const endingsOf: Readonly<Partial<Record<State, readonly Ending[]>>> = {
  ...{ boot: ['kill'], stop: ['kill'], 'kill-switch': ['kill'], database: ['live on', 'kill'] },
  ...{ takeover: ['kill', 'freeze'], 'owner-killed': ['kill'] },
  ...{ 'owner-paused': ['freeze'], 'owner-partitioned': ['cut'] },
};

/** Each of the states in proportion, `points` in all (or one of each when that is more), in a drawn order. */
export function planOf(points: number, rng: Rng, states: readonly State[]): readonly Point[] {
  const whole = states.reduce((sum, state) => sum + shares[state], 0);
  const countOf = (state: State): number => Math.max(1, Math.floor((points * shares[state]) / whole));
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
