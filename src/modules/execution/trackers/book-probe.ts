import type { Mono } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';

const leastPauseMs = 1_000;
const settleMs = 1_000;

/** What is known of the book that a probe asks about. */
export interface ProbedBook {
  readonly isSynced: boolean;
  readonly lastId: number;
  /** When its stream last brought a change, or a probe last proved it current. */
  readonly aliveAt: Mono;
  readonly limitMs: number;
}

export interface ProbeParts {
  readonly runtime: Runtime;
  readonly book: () => ProbedBook;
  /** The venue's newest update id of the instrument, asked for apart from the stream. */
  readonly newestId: () => Promise<number>;
  /** Nothing has changed at the venue since what the book holds. */
  readonly proved: (at: Mono) => void;
  /** The venue has moved on and the stream does not say so. */
  readonly frozen: (newestId: number) => void;
}

/**
 * Tells a quiet market from a stream that has stopped speaking: a book half as old as it may get is compared with the
 * venue's own newest update id. That the other side still answers pings proves nothing about a channel.
 */
export class BookProbe {
  private timer: Timer | undefined;
  private askedAt: Mono = -Infinity;
  private isAsking = false;

  constructor(private readonly parts: ProbeParts) {}

  start(): void {
    const { runtime, book } = this.parts;
    const { aliveAt, limitMs } = book();
    const due = Math.max(aliveAt + limitMs / 2, this.askedAt + leastPauseMs);
    this.timer = runtime.timers.set(Math.max(1, due - runtime.monotonic()), () => this.check());
  }

  stop(): void {
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  private check(): void {
    const { runtime, book } = this.parts;
    const { isSynced, aliveAt, limitMs } = book();
    const now = runtime.monotonic();
    if (isSynced && !this.isAsking && now - aliveAt >= limitMs / 2) {
      this.askedAt = now;
      this.isAsking = true;
      void this.ask().finally(() => (this.isAsking = false));
    } else if (!isSynced || this.isAsking) this.askedAt = now;
    this.start();
  }

  private async ask(): Promise<void> {
    const { runtime, book, newestId, proved, frozen } = this.parts;
    const requestedAt = runtime.monotonic();
    let newest: number;
    try {
      newest = await newestId();
    } catch {
      return; // No answer is no evidence: the book grows older, and the next probe asks again.
    }
    if (book().isSynced && book().lastId === newest) return proved(requestedAt);
    // What it names may be on its way to us.
    await runtime.sleep(settleMs);
    const { isSynced, lastId, aliveAt } = book();
    if (isSynced && lastId < newest && aliveAt <= requestedAt) frozen(newest);
  }
}
