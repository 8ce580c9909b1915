import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import type { Posting } from '../../../src/modules/execution/store/memory-ledger';
import type { Findings } from './findings';

interface Books {
  readonly ledger: { readonly byKey: ReadonlyMap<string, readonly Posting[]> };
}

/** I6: what was posted once stays as it was. */
export class PostingsJudge {
  private readonly byKey: Books['ledger']['byKey'];
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly findings: Findings,
    store: MemoryStore,
  ) {
    this.byKey = (store as unknown as Books).ledger.byKey;
  }

  /** Another history of the books begins. */
  setBack(): void {
    this.seen.clear();
  }

  /** Reads the books again: every transaction seen before is there, line by line. */
  judge(): void {
    for (const [key, before] of this.seen) {
      const now = wordsOf(this.byKey.get(key));
      this.findings.check('I6', now === before, () => `${key} was ${before} and is ${now}`);
    }
    for (const [key, lines] of this.byKey) if (!this.seen.has(key)) this.seen.set(key, wordsOf(lines));
  }
}

const wordsOf = (lines: readonly Posting[] = []): string =>
  lines.map(({ holder, asset, quantity, kind }) => `${holder} ${asset} ${quantity} ${kind}`).join('; ');
