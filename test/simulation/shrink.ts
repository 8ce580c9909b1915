import type { Strike } from './strikes';

/** Whether a run with these faults alone still breaks what was broken. */
export type Breaks = (schedule: readonly Strike[]) => boolean;

/**
 * Delta debugging: leaves out ever smaller parts of the schedule for as long as what is left still breaks. The result
 * breaks, and no single fault of it can be left out unless `isTimeUp` came first.
 */
export function shrink(
  schedule: readonly Strike[],
  breaks: Breaks,
  isTimeUp: () => boolean,
): readonly Strike[] {
  let left = schedule;
  let parts = 2;
  while (left.length > 0 && !isTimeUp()) {
    const size = Math.ceil(left.length / parts);
    const smaller = withoutOnePart(left, size, breaks, isTimeUp);
    if (smaller) {
      left = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) {
      return left;
    } else {
      parts = Math.min(left.length, parts * 2);
    }
  }
  return left;
}

function withoutOnePart(
  left: readonly Strike[],
  size: number,
  breaks: Breaks,
  isTimeUp: () => boolean,
): readonly Strike[] | undefined {
  for (let from = 0; from < left.length; from += size) {
    if (isTimeUp()) return undefined;
    const rest = [...left.slice(0, from), ...left.slice(from + size)];
    if (breaks(rest)) return rest;
  }
  return undefined;
}
