import type { InstrumentId } from '../../../domain/instrument';
import type { Runtime, Timer } from '../../../runtime/runtime';

interface Subscription {
  count: number;
  isConfirmed: boolean;
  /** Called once when the venue confirms the stream. */
  onConfirmed: (() => void) | undefined;
}

interface Doors {
  /** Sends one subscribe or unsubscribe frame for these instruments. */
  readonly send: (
    method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
    instruments: readonly InstrumentId[],
    id: number,
  ) => void;
  readonly isOpen: () => boolean;
  readonly onAllConfirmed: () => void;
}

const batchEveryMs = 250;
const confirmWithinMs = 5_000;
const perFrame = 100;

/** Reference-counted streams of one socket: batched frames, confirmations, and a retry for one that stays silent. */
export class StreamSubscriptions {
  private readonly wanted = new Map<InstrumentId, Subscription>();
  private readonly asked = new Map<number, readonly InstrumentId[]>();
  private dropped = new Set<InstrumentId>();
  private timer: Timer | undefined;
  private lastId = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly doors: Doors,
  ) {}

  add(instrument: InstrumentId): void {
    const known = this.wanted.get(instrument);
    if (known) return void (known.count += 1);
    this.wanted.set(instrument, { count: 1, isConfirmed: false, onConfirmed: undefined });
    this.dropped.delete(instrument);
    this.schedule();
  }

  remove(instrument: InstrumentId): void {
    const known = this.wanted.get(instrument);
    if (!known) return;
    known.count -= 1;
    if (known.count > 0) return;
    this.wanted.delete(instrument);
    this.dropped.add(instrument);
    this.schedule();
  }

  /** Runs at once when the stream is confirmed, else when it is. */
  whenConfirmed(instrument: InstrumentId, then: () => void): void {
    const known = this.wanted.get(instrument);
    if (!known || known.isConfirmed) return then();
    known.onConfirmed = then;
  }

  /** A new socket knows nothing: everything is asked for again. */
  reopen(): void {
    this.forget();
    this.dropped = new Set();
    if (this.wanted.size === 0) return this.doors.onAllConfirmed();
    this.flush();
  }

  forget(): void {
    this.asked.clear();
    for (const subscription of this.wanted.values()) subscription.isConfirmed = false;
  }

  confirm(id: number): void {
    const instruments = this.asked.get(id);
    if (!instruments) return;
    this.asked.delete(id);
    for (const instrument of instruments) this.confirmOne(instrument);
    if ([...this.wanted.values()].every((subscription) => subscription.isConfirmed))
      this.doors.onAllConfirmed();
  }

  private confirmOne(instrument: InstrumentId): void {
    const subscription = this.wanted.get(instrument);
    if (!subscription) return;
    subscription.isConfirmed = true;
    const then = subscription.onConfirmed;
    subscription.onConfirmed = undefined;
    then?.();
  }

  private schedule(): void {
    this.timer ??= this.runtime.timers.set(batchEveryMs, () => {
      this.timer = undefined;
      if (this.doors.isOpen()) this.flush();
    });
  }

  private flush(): void {
    const inFlight = new Set([...this.asked.values()].flat());
    const fresh = [...this.wanted].filter(([id, s]) => !s.isConfirmed && !inFlight.has(id)).map(([id]) => id);
    for (let i = 0; i < fresh.length; i += perFrame) this.ask(fresh.slice(i, i + perFrame));
    if (this.dropped.size > 0) this.doors.send('UNSUBSCRIBE', [...this.dropped], this.nextId());
    this.dropped = new Set();
  }

  private ask(instruments: readonly InstrumentId[]): void {
    const id = this.nextId();
    this.asked.set(id, instruments);
    this.doors.send('SUBSCRIBE', instruments, id);
    this.runtime.timers.set(confirmWithinMs, () => {
      if (this.asked.delete(id)) this.schedule();
    });
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}
