/** When the phases of a run begin, in milliseconds of virtual time. */
export interface Phases {
  readonly chaos: number;
  readonly quiet: number;
  /** From here on both sides must be quoted. */
  readonly resumed: number;
  /** From here on no order may be in doubt or unknown. */
  readonly converged: number;
  readonly stop: number;
  readonly end: number;
}

const convergeMs = 30_000;
const resumeMs = 60_000;
/** Enough for the orders of an engine that died last to be proved, as whoever is told to stop must answer. */
const leastQuietMs = convergeMs + 10_000;
/** In a shorter run there is no time for faults. */
export const leastMinutes = 1.5;

/**
 * In this order, whatever the length. A run too short for the whole quiet is judged by its stop alone, not by what is
 * quoted after the faults: were they to begin behind the quiet, they would go on through the stop, which is judged as
 * if they were over. Throws RangeError below `leastMinutes`.
 */
export function phasesOf(minutes: number): Phases {
  if (minutes < leastMinutes) throw new RangeError(`a run needs ${leastMinutes} minutes, not ${minutes}`);
  const end = minutes * 60_000;
  const stop = end - Math.max(20_000, end * 0.05);
  const chaos = Math.min(30_000, end * 0.1);
  const whole = stop - Math.max(90_000, end * 0.25);
  const quiet = whole > chaos ? whole : stop - leastQuietMs;
  return { chaos, quiet, converged: quiet + convergeMs, resumed: quiet + resumeMs, stop, end };
}
