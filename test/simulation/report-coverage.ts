import type { Count } from './counts';
import { merged } from './counts';
import { endings, heldStates } from './faults/held';
import { cellOf, cells } from './oracle/transition-cells';
import { outcomeClasses } from './oracle/outcome-classes';
import { expectedReach } from './oracle/expected-reach';
import { unreachable } from './oracle/unreachable';
import type { SeedResult } from './run-seed';

/** What has to be reached at least so often in a whole run. */
export const effectiveHits = 5;

/** Cells, outcomes, reasons, gates and edges: how often each was reached, and which of them too seldom. */
export function coverageOf(results: readonly SeedResult[]) {
  const reached = merged(results.map(({ coverage }) => coverage));
  const cellCounts = merged(
    results.map(({ cells: counted }) =>
      counted.flatMap(([key, count]): readonly Count[] => {
        const cell = cellOf(key);
        return cell === undefined ? [] : [[cell, count]];
      }),
    ),
  );
  const ended = merged(results.map((one) => one.endings));
  const wanted: readonly Count[] = [
    ...heldStates.flatMap((state) =>
      endings
        .filter(
          (ending) => state !== 'H6' || !ending.startsWith('killed') || ending === 'killed beside another',
        )
        .map((ending): Count => [`held ${state} ${ending}`, ended[`${state} ${ending}`] ?? 0]),
    ),
    ...cells.map((cell): Count => [`cell ${cell}`, cellCounts[cell] ?? 0]),
    ...outcomeClasses.map((one): Count => [`outcome ${one}`, reached[`outcome ${one}`] ?? 0]),
    ...expectedReach.map((key): Count => [key, reached[key] ?? 0]),
  ];
  return {
    cells: cellCounts,
    reached,
    below: wanted
      .filter(([key, count]) => count < effectiveHits && !(key in unreachable))
      .map(([key]) => key),
    /** Said to be out of reach, and reached. */
    surprising: wanted.filter(([key, count]) => count > 0 && key in unreachable).map(([key]) => key),
    unreachable: Object.keys(unreachable).length,
  };
}
