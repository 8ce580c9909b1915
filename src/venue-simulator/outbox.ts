import type { CoreEvent } from './venue-types';

type Listener = (event: CoreEvent) => void;

/** Holds the events of a command until it is done, keeps what they mean, and only then tells anyone. */
export class Outbox {
  private readonly pending: CoreEvent[] = [];
  private readonly leaving: CoreEvent[] = [];
  private readonly listeners = new Set<Listener>();
  private isTelling = false;

  /** `keep` may throw: its events are then offered again together with the next ones. */
  constructor(private readonly keep: (events: readonly CoreEvent[]) => void) {}

  add(event: CoreEvent): void {
    this.pending.push(event);
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Listeners hear everything in order, also when one of them causes more. */
  flush(): void {
    if (this.pending.length === 0) return;
    this.keep(this.pending);
    for (const event of this.pending) this.leaving.push(event);
    this.pending.length = 0;
    if (this.isTelling) return;
    this.isTelling = true;
    let told = 0;
    try {
      while (told < this.leaving.length) {
        const next = this.leaving[told]!;
        told += 1;
        for (const listener of this.listeners) listener(next);
      }
    } finally {
      this.leaving.splice(0, told);
      this.isTelling = false;
    }
  }
}
