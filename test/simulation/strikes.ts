import type { Rng } from '../../src/runtime/runtime';

/** One fault of a run: which row struck, when, and which of its strikes it was. */
export interface Strike {
  readonly row: string;
  /** Milliseconds of virtual time, and how many opportunities of the row at that very moment had passed. */
  readonly at: number;
  readonly passed: number;
  /** Counts the strikes of the row in the run it was recorded in; what the fault draws follows from it. */
  readonly n: number;
}

/** The faults of one run: what its seed has drawn, written down. */
export interface Schedule {
  /** Every row that is at work; some change the world without striking. */
  readonly rows: readonly string[];
  readonly strikes: readonly Strike[];
}

/**
 * When one row strikes: by chance, or as a schedule says. A scheduled strike takes the first opportunity from its time
 * on, and draws what it drew when it was recorded, whatever has been left out before it.
 */
export class Striker {
  readonly rng: Rng;
  private readonly parameters: ReplaceableRng;
  private count = 0;
  private at = -1;
  private passed = 0;

  constructor(
    private readonly row: string,
    private readonly chance: { readonly rng: Rng; readonly rate: number },
    private readonly now: () => number,
    private readonly scheduled: Strike[] | undefined,
  ) {
    this.parameters = new ReplaceableRng(chance.rng.fork('before the first'));
    this.rng = this.parameters;
  }

  /** Whether this opportunity is taken, and as which strike. */
  strikes(): Strike | undefined {
    const now = this.now();
    this.passed = now === this.at ? this.passed + 1 : 0;
    this.at = now;
    const struck = this.scheduled ? this.due(this.scheduled) : this.drawn();
    if (struck) this.parameters.replace(this.chance.rng.fork(`strike ${struck.n}`));
    return struck;
  }

  private drawn(): Strike | undefined {
    if (this.chance.rng.next() >= this.chance.rate) return undefined;
    this.count += 1;
    return { row: this.row, at: this.at, passed: this.passed, n: this.count };
  }

  private due(scheduled: Strike[]): Strike | undefined {
    const [next] = scheduled;
    if (!next || next.at > this.at || (next.at === this.at && next.passed > this.passed)) return undefined;
    return scheduled.shift();
  }
}

/** A stream whose holder never notices that it goes on as another one. */
class ReplaceableRng implements Rng {
  constructor(private current: Rng) {}

  replace(by: Rng): void {
    this.current = by;
  }

  next(): number {
    return this.current.next();
  }

  int(n: number): number {
    return this.current.int(n);
  }

  fork(label: string): Rng {
    return this.current.fork(label);
  }
}
