import type { CoreEvent } from './venue-types';

type Listener = (event: CoreEvent) => void;
type Kind = CoreEvent['type'];

const everyKind: readonly Kind[] = ['order', 'balance', 'trade', 'depth'];

/** Holds the events of a command until it is done, keeps what they mean, and only then tells anyone. */
export class Outbox {
  /** Told up to `told`, kept up to `kept`, added up to `added`; once all are told its places are used again. */
  private readonly events: (CoreEvent | undefined)[] = [];
  private told = 0;
  private kept = 0;
  private added = 0;
  /** Most events are changes of a book, which few want to hear of. */
  private readonly listeners: Record<Kind, readonly Listener[]> = {
    order: [],
    balance: [],
    trade: [],
    depth: [],
  };
  private isTelling = false;

  /** `keep` may throw: its events are then offered again together with the next ones. */
  constructor(private readonly keep: ((events: readonly CoreEvent[]) => void) | undefined) {}

  add(event: CoreEvent): void {
    this.events[this.added] = event;
    this.added += 1;
  }

  subscribe(listener: Listener, kinds: readonly Kind[] = everyKind): () => void {
    const { listeners } = this;
    for (const kind of kinds) listeners[kind] = [...listeners[kind], listener];
    return () => {
      for (const kind of kinds) listeners[kind] = listeners[kind].filter((one) => one !== listener);
    };
  }

  /** Listeners hear everything in order, also when one of them causes more. */
  flush(): void {
    if (this.kept === this.added) return;
    if (this.keep) this.keep(this.events.slice(this.kept, this.added) as CoreEvent[]);
    this.kept = this.added;
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      while (this.told < this.kept) this.tell();
    } finally {
      this.isTelling = false;
      if (this.told === this.added) this.told = this.kept = this.added = 0;
    }
  }

  private tell(): void {
    const event = this.events[this.told]!;
    this.events[this.told] = undefined;
    this.told += 1;
    for (const listener of this.listeners[event.type]) listener(event);
  }
}
