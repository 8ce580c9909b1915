import type { Findings } from './judge/findings';
import { findingKinds } from './judge/findings';
import type { Hit, LaneReport } from './lane';
import type { Ending, Point, State } from './plan';
import { allStates, endings, judgedFrom, leastHits } from './plan';

/** Of a long finding its first line and its newest ones: what an engine said last, not what it said at its boot. */
const longestWords = 1_500;

interface Outcome {
  readonly reports: readonly (LaneReport | undefined)[];
  readonly findings: Findings;
  readonly plan: readonly Point[];
  readonly seconds: number;
  readonly replay: string;
}

/** The table of hits, what was found, and one line of JSON at the end. */
export function reportOf(outcome: Outcome): { readonly text: string; readonly isGood: boolean } {
  const { findings, plan, seconds, replay } = outcome;
  const reports = outcome.reports.filter((report) => report !== undefined);
  const hits = reports.flatMap((report) => report.hits);
  const states = allStates.filter((state) => plan.some((point) => point.state === state));
  const perState = Object.fromEntries(states.map((state) => [state, perEnding(hits, state)]));
  const rare = states.filter((state) => countOf(hits, state) < leastHits);
  const isRare = plan.length >= judgedFrom && rare.length > 0;
  const sum = (of: (report: LaneReport) => number): number => reports.reduce((all, one) => all + of(one), 0);
  const violations = findings.all().length;
  const summary = {
    ...{ points: hits.length, kills: sum(({ kills }) => kills), hits: perState },
    ...Object.fromEntries(findingKinds.map((kind) => [kind, findings.count(kind)])),
    ...{ planted: sum(({ planted }) => planted), plantedLost: sum(({ planted, alive }) => planted - alive) },
    ...{ trades: sum(({ trades }) => trades), creates: sum(({ creates }) => creates) },
    ...{ violations, seconds },
  };
  const isGood = violations === 0 && !isRare && hits.length === plan.length;
  const lines = [
    '',
    ...tableOf(hits, states),
    '',
    ...findings.all().map(({ kind, lane, point, words }) => `${lane} ${point} ${kind}: ${shortened(words)}`),
    ...(isRare ? [`met fewer than ${leastHits} times: ${rare.join(', ')}`] : []),
    ...(isGood ? [] : [`again: node test/chaos/main.cjs ${replay}`]),
    JSON.stringify(summary),
    '',
  ];
  return { text: lines.join('\n'), isGood };
}

function shortened(words: string): string {
  const [first, ...others] = words.split('\n');
  const rest = others.join('\n');
  return [first, ...(rest.length > longestWords ? ['…'] : []), rest.slice(-longestWords)].join('\n');
}

function tableOf(hits: readonly Hit[], states: readonly State[]): readonly string[] {
  const row = (name: string, cells: readonly string[]): string =>
    [name.padEnd(20), ...cells.map((cell) => cell.padStart(8))].join('');
  const cell = (state: State, ending: Ending): string =>
    String(hits.filter((hit) => hit.state === state && hit.ending === ending).length);
  return [
    row('held state', [...endings, 'all']),
    ...states.map((state) =>
      row(state, [...endings.map((ending) => cell(state, ending)), String(countOf(hits, state))]),
    ),
  ];
}

const countOf = (hits: readonly Hit[], state: State): number =>
  hits.filter((hit) => hit.state === state).length;

/** Endings that were met, with how often. */
function perEnding(hits: readonly Hit[], state: State): Readonly<Record<string, number>> {
  const met = hits.filter((hit) => hit.state === state).map(({ ending }) => ending);
  const counts = endings.map((ending) => [ending, met.filter((each) => each === ending).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
