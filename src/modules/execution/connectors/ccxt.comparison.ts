import type { InstrumentId } from '../../../domain/instrument';
import type { Runtime, Timer } from '../../../runtime/runtime';

const everyMs = 30_000;
const settleMs = 1_000;
const mostMismatches = 2;

export interface ComparedBooks {
  /** The best levels as the venue shows them to a read. Rejects when it does not answer. */
  readonly topAt: (instrument: InstrumentId) => Promise<string>;
  readonly isFollowed: (instrument: InstrumentId) => boolean;
  readonly differs: (instrument: InstrumentId) => void;
}

interface Compared {
  timer: Timer;
  /** The best levels that the stream showed while a read is under way. */
  shown: Set<string> | undefined;
  latest: string;
  mismatches: number;
}

/** For books without a sequence or a checksum: each is compared with a read now and then, and found out by two that differ. */
export class BookComparison {
  private readonly books = new Map<InstrumentId, Compared>();

  constructor(
    private readonly runtime: Runtime,
    private readonly parts: ComparedBooks,
  ) {}

  follow(instrument: InstrumentId): void {
    if (this.books.has(instrument)) return;
    const timer = this.runtime.timers.every(everyMs, () => void this.compare(instrument));
    this.books.set(instrument, { timer, shown: undefined, latest: '', mismatches: 0 });
  }

  stop(): void {
    for (const { timer } of this.books.values()) this.runtime.timers.clear(timer);
    this.books.clear();
  }

  seen(instrument: InstrumentId, top: string): void {
    const book = this.books.get(instrument);
    if (!book) return;
    book.latest = top;
    book.shown?.add(top);
  }

  /** The stream has begun anew: what it showed before says nothing. */
  forget(): void {
    for (const book of this.books.values()) book.latest = '';
  }

  /** The read is of some moment: it agrees with what the stream showed at any time around it. */
  private async compare(instrument: InstrumentId): Promise<void> {
    const book = this.books.get(instrument);
    if (!book || book.shown) return;
    if (!this.parts.isFollowed(instrument)) return this.leave(instrument, book);
    if (book.latest === '') return;
    const shown = new Set([book.latest]);
    book.shown = shown;
    try {
      const read = await this.parts.topAt(instrument);
      await this.runtime.sleep(settleMs);
      book.mismatches = shown.has(read) ? 0 : book.mismatches + 1;
    } catch {
      // No answer is no evidence.
    } finally {
      book.shown = undefined;
    }
    if (book.mismatches < mostMismatches) return;
    book.mismatches = 0;
    this.parts.differs(instrument);
  }

  private leave(instrument: InstrumentId, { timer }: Compared): void {
    this.runtime.timers.clear(timer);
    this.books.delete(instrument);
  }
}
