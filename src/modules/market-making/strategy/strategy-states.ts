export type DesiredState = 'running' | 'paused' | 'stopped';
export type StrategyState =
  | 'created'
  | 'starting'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'stop_failed'
  | 'quarantined';
export type Move = 'start' | 'pause' | 'resume' | 'stop';

const moves: Readonly<Record<StrategyState, readonly Move[]>> = {
  created: ['start', 'stop'],
  starting: ['pause', 'stop'],
  running: ['pause', 'stop'],
  pausing: ['stop'],
  paused: ['resume', 'stop'],
  stopping: [],
  stopped: ['start'],
  failed: ['start', 'stop'],
  stop_failed: ['stop'],
  quarantined: ['resume', 'stop'],
};
const desiredBy: Readonly<Record<Move, DesiredState>> = {
  start: 'running',
  resume: 'running',
  pause: 'paused',
  stop: 'stopped',
};

/** What a person may ask for now. */
export const allowedMoves = (state: StrategyState): readonly Move[] => moves[state];

export const desiredOf = (move: Move): DesiredState => desiredBy[move];

/** A repeated call joins the one under way instead of being refused. */
export const joins = (move: Move, state: StrategyState, desired: DesiredState): boolean =>
  desiredOf(move) === desired && !['created', 'failed', 'quarantined', 'stop_failed'].includes(state);

export interface Observed {
  readonly state: StrategyState;
  readonly desired: DesiredState;
  /** Of the engine's session; undefined when there is none. */
  readonly session: string | undefined;
  /** A halt stands that forbids every create. */
  readonly isHalted?: boolean;
}

export type NextStep = 'none' | 'open' | 'close' | 'settle' | 'quarantine' | 'halt';

/** The next step from what is to what is wanted. Equal input, equal step: a restart goes on where it was. */
export function nextStep(seen: Observed): NextStep {
  const { state, desired, session } = seen;
  if (session === 'quarantined')
    return desired === 'running' && state !== 'quarantined' ? 'quarantine' : 'close';
  if (desired === 'running') return towardsRunning(seen);
  if (state === desired && session === undefined) return 'none';
  if (state === 'created' && session === undefined) return desired === 'stopped' ? 'settle' : 'none';
  return 'close';
}

/** Under a halt what starts or runs is paused; any other state stays. */
const isStopped = ({ state, isHalted = false }: Observed): boolean =>
  isHalted && (state === 'starting' || state === 'running');

function towardsRunning(seen: Observed): NextStep {
  const { state, session } = seen;
  if (isStopped(seen)) return 'halt';
  if (state === 'failed' || state === 'quarantined') return session === undefined ? 'none' : 'close';
  if (session === 'closing') return 'close';
  if (session === 'running') return state === 'running' ? 'none' : 'settle';
  return 'open';
}
