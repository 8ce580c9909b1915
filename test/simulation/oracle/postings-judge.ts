import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import type { Posting } from '../../../src/modules/execution/store/memory-ledger';
import type { Findings } from './findings';

interface Books {
  readonly ledger: { readonly byKey: ReadonlyMap<string, readonly Posting[]> };
}

/** I6: what was posted once stays as it was. */
export class PostingsJudge {
  private readonly byKey: Books['ledger']['byKey'];
  private readonly seen = new Map<string, readonly Posting[]>();

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
      const now = this.byKey.get(key) ?? [];
      const says = (): string => `${key} was ${wordsOf(before)} and is ${wordsOf(now)}`;
      this.findings.check('I6', areEqual(now, before), says);
    }
    for (const [key, lines] of this.byKey) if (!this.seen.has(key)) this.seen.set(key, lines.map(copyOf));
  }
}

/** What is compared is a copy: the line itself may be changed where it stands. */
const copyOf = (line: Posting): Posting => ({ ...line });

function areEqual(now: readonly Posting[], before: readonly Posting[]): boolean {
  if (now.length !== before.length) return false;
  for (let i = 0; i < now.length; i += 1) if (!isSame(now[i]!, before[i]!)) return false;
  return true;
}

const isSame = (a: Posting, b: Posting): boolean =>
  a.quantity === b.quantity && a.holder === b.holder && a.asset === b.asset && a.kind === b.kind;

const wordsOf = (lines: readonly Posting[]): string =>
  lines.map(({ holder, asset, quantity, kind }) => `${holder} ${asset} ${quantity} ${kind}`).join('; ');
