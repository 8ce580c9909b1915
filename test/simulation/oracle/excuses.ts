import type { Reason } from '../../../src/domain/reason';
import type { FaultRow } from '../faults/row';

/** A row that was effective in this seed, and the code it lists. */
export interface Excuse {
  readonly row: string;
  readonly code: string;
}

interface Alerted {
  readonly code: string;
  readonly detail: string;
}

/** What no fault of any seed excuses: each is a promise of the engine that it found broken. */
const inexcusable: readonly string[] = [
  'SLOT_OCCUPIED',
  'OVERFILL',
  'FILL_CONFLICT',
  'RESURRECTED',
  'QUARANTINED',
  'POST_TRADE_MISMATCH',
];

export const isInexcusable = ({ code, detail }: Alerted): boolean =>
  inexcusable.includes(code) || (code === 'HALT' && inexcusable.some((one) => detail.includes(`: ${one}:`)));

/** The codes that the effective rows of this seed list, and nothing else. */
export function excusesOf(
  rows: readonly Pick<FaultRow, 'id' | 'mayHalt'>[],
  hits: ReadonlyMap<string, number>,
): readonly Excuse[] {
  return rows
    .filter(({ id }) => hits.has(id))
    .flatMap(({ id, mayHalt }) => mayHalt.map((code) => ({ row: id, code })));
}

/** The excuse of a halt, which lasts until a person lifts it. */
export const haltExcuse = (excuses: readonly Excuse[], alerts: readonly Alerted[]): Excuse | undefined =>
  excuses.find(({ code }) => alerts.some((one) => one.code === 'HALT' && one.detail.includes(code)));

/** The excuse of a side that is not quoted at this moment: a reason that keeps it back and that a row lists. */
export function blockExcuse(
  excuses: readonly Excuse[],
  reasons: readonly Reason[],
  side: 'buy' | 'sell',
): Excuse | undefined {
  const quoteSide = side === 'buy' ? 'bid' : 'ask';
  const holding = reasons.filter(
    ({ effect, side: of }) => effect !== 'info' && (of === 'both' || of === quoteSide),
  );
  return excuses.find(({ code }) => holding.some((reason) => reason.code === code));
}
