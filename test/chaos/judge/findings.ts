export const findingKinds = [
  ...(['orphans', 'duplicates', 'lostFills', 'doubledFills', 'unexplained', 'foreign', 'epochs'] as const),
  ...(['intents', 'exposure', 'ledger', 'halts', 'stops', 'liveness'] as const),
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly lane: string;
  /** After how many points of its lane. */
  readonly point: number;
  readonly words: string;
}

/** What was found, each thing once however often it was seen. */
export class Findings {
  private readonly seen = new Map<string, Finding>();

  add(finding: Finding): void {
    const key = `${finding.lane} ${finding.kind} ${finding.words}`;
    if (!this.seen.has(key)) this.seen.set(key, finding);
  }

  all(): readonly Finding[] {
    return [...this.seen.values()];
  }

  count(kind: FindingKind): number {
    return this.all().filter((finding) => finding.kind === kind).length;
  }
}
