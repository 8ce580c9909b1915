export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly detail: string;
  /** A client order id, or other text that its lines in the log contain. */
  readonly about: string | undefined;
}

/** What the invariants found, and how often each was asked. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly evaluations = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Counts one question; `isHeld` false is a violation, of which the first of each invariant is kept. */
  check(invariant: string, isHeld: boolean, detail: () => string, about?: string): void {
    this.evaluations.set(invariant, (this.evaluations.get(invariant) ?? 0) + 1);
    if (isHeld || this.violations.some((one) => one.invariant === invariant)) return;
    this.violations.push({ invariant, atMs: this.now(), detail: detail(), about });
  }
}
