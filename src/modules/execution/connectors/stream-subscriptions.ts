import type { InstrumentId } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';
import type { StreamMethod } from './dialect';

interface Subscription {
  count: number;
  isConfirmed: boolean;
  confirmedAt: Mono;
  /** Called once when the venue confirms the stream. */
  onConfirmed: (() => void) | undefined;
}

/** Streams that an answer is about: those of our frame of this id, or one by name. */
export interface Answered {
  readonly id?: number | undefined;
  readonly instrument?: InstrumentId | undefined;
}

interface Doors {
  /** Subscribes or unsubscribes these instruments in one go. */
  readonly send: (method: StreamMethod, instruments: readonly InstrumentId[], id: number) => void;
  readonly isOpen: () => boolean;
  /** The venue does not answer: whether a stream runs is not known, and pongs do not say that anyone listens. */
  readonly onSilence: (reason: string) => void;
  readonly onAllConfirmed: () => void;
}

const batchEveryMs = 250;
const confirmWithinMs = 5_000;
const perFrame = 100;
const refusedPauseMs = 1_000;
const mostUnanswered = 3;

/** Reference-counted streams of one socket: batched frames, confirmations, and a retry for one that stays silent. */
export class StreamSubscriptions {
  private readonly wanted = new Map<InstrumentId, Subscription>();
  private readonly asked = new Map<number, readonly InstrumentId[]>();
  private dropped = new Set<InstrumentId>();
  /** Unsubscribed to be subscribed again, until the venue confirms. */
  private readonly leaving = new Map<InstrumentId, { readonly id: number; readonly timer: Timer }>();
  private timer: Timer | undefined;
  private lastId = 0;
  private unanswered = 0;
  /** Counts the connections. */
  private openings = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly doors: Doors,
  ) {}

  add(instrument: InstrumentId): void {
    const known = this.wanted.get(instrument);
    if (known) return void (known.count += 1);
    this.wanted.set(instrument, unconfirmed(1));
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

  /** Wants what another connection has. */
  copy(other: StreamSubscriptions): void {
    for (const [instrument, { count }] of other.wanted) this.wanted.set(instrument, unconfirmed(count));
  }

  /** How long the venue has confirmed the stream; 0 while it has not. */
  confirmedForMs(instrument: InstrumentId): number {
    const known = this.wanted.get(instrument);
    return known?.isConfirmed ? this.runtime.monotonic() - known.confirmedAt : 0;
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
    this.openings += 1;
    this.asked.clear();
    this.unanswered = 0;
    for (const { timer } of this.leaving.values()) this.runtime.timers.clear(timer);
    this.leaving.clear();
    for (const subscription of this.wanted.values()) subscription.isConfirmed = false;
  }

  /** The venue has answered something on this connection. */
  heard(): void {
    this.unanswered = 0;
  }

  confirm(answer: Answered): void {
    const instruments = this.answered(answer);
    if (instruments.length === 0) return;
    for (const instrument of instruments) this.confirmOne(instrument);
    if ([...this.wanted.values()].every((subscription) => subscription.isConfirmed))
      this.doors.onAllConfirmed();
  }

  /** Leaves a running stream and, when the venue has confirmed that, asks for it again: it then begins anew. */
  renew(instrument: InstrumentId): void {
    const subscription = this.wanted.get(instrument);
    if (!subscription || this.leaving.has(instrument) || !this.doors.isOpen()) return;
    subscription.isConfirmed = false;
    const id = this.nextId();
    const timer = this.runtime.timers.set(confirmWithinMs, () => {
      this.leaving.delete(instrument);
      this.doors.onSilence(`an unsubscription of ${instrument} was not confirmed`);
    });
    this.leaving.set(instrument, { id, timer });
    this.doors.send('UNSUBSCRIBE', [instrument], id);
  }

  /** The venue has confirmed an unsubscription. */
  left({ id, instrument }: Answered): void {
    for (const [known, { id: sent, timer }] of this.leaving) {
      if (known !== instrument && sent !== id) continue;
      this.runtime.timers.clear(timer);
      this.leaving.delete(known);
      if (this.wanted.has(known)) this.ask([known]);
    }
  }

  /** The venue refuses to subscribe: it may hold the stream for running, so it is left before it is asked for again. */
  refused(answer: Answered): void {
    this.left(answer);
    const { openings } = this;
    const again = (instrument: InstrumentId): void => {
      if (openings === this.openings) this.renew(instrument);
    };
    for (const instrument of this.answered(answer))
      this.runtime.timers.set(refusedPauseMs, () => again(instrument));
  }

  /** The instruments of a question that this answers; they count as asked for no more. */
  private answered({ id, instrument }: Answered): readonly InstrumentId[] {
    if (id !== undefined) {
      const instruments = this.asked.get(id) ?? [];
      this.asked.delete(id);
      return instruments;
    }
    for (const [key, instruments] of this.asked) {
      const others = instruments.filter((other) => other !== instrument);
      if (others.length === instruments.length) continue;
      if (others.length === 0) this.asked.delete(key);
      else this.asked.set(key, others);
      return instrument === undefined ? [] : [instrument];
    }
    return [];
  }

  private confirmOne(instrument: InstrumentId): void {
    const subscription = this.wanted.get(instrument);
    if (!subscription) return;
    subscription.isConfirmed = true;
    subscription.confirmedAt = this.runtime.monotonic();
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
    const inFlight = new Set([...[...this.asked.values()].flat(), ...this.leaving.keys()]);
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
      if (!this.asked.delete(id)) return;
      this.unanswered += 1;
      if (this.unanswered < mostUnanswered) return this.schedule();
      this.unanswered = 0;
      this.doors.onSilence(`${mostUnanswered} subscriptions in a row were not answered`);
    });
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

const unconfirmed = (count: number): Subscription => ({
  ...{ count, isConfirmed: false, confirmedAt: Infinity, onConfirmed: undefined },
});
