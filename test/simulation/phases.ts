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

export function phasesOf(minutes: number): Phases {
  const end = minutes * 60_000;
  const stop = end - Math.max(20_000, end * 0.05);
  const quiet = stop - Math.max(90_000, end * 0.25);
  const chaos = Math.min(30_000, end * 0.1);
  return { chaos, quiet, converged: quiet + convergeMs, resumed: quiet + resumeMs, stop, end };
}
