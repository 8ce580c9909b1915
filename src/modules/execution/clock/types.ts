import type { Mono, Ms } from '../../../domain/units';

/** The point of the grid a tick belongs to. */
export interface Tick {
  readonly id: number;
  readonly now: Ms;
  readonly mono: Mono;
}

export type Phase = 'observe' | 'decide' | 'act';

/** Something the clock drives, in the phase it registered for. A throw is isolated and counted. */
export interface TimeIterator {
  readonly name: string;
  onTick(tick: Tick): void;
  /** Called once after `quarantineAfter` throws in a row; the iterator is not called again until registered anew. */
  onQuarantine?(error: unknown): void;
}
