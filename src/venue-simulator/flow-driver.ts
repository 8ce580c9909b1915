import type { Lots, Side, Ticks } from '../domain/units';
import { Xoshiro128, seedOf } from '../runtime/rng';
import type { Runtime, Timer } from '../runtime/runtime';
import { OrderFlow } from './order-flow';
import type { VenueCore } from './venue-types';

export interface FlowOptions {
  readonly seed: number;
  readonly stepsPerSecond: number;
  /** Where the markets stood before a restart. */
  readonly mids?: ReadonlyMap<string, Ticks>;
}

/** Moves the rest of the market at a steady pace, or holds it still. */
export class FlowDriver {
  private readonly flow: OrderFlow;
  private timer: Timer | undefined;

  constructor(
    core: VenueCore,
    private readonly runtime: Runtime,
    private readonly options: FlowOptions,
  ) {
    this.flow = new OrderFlow(core, new Xoshiro128(seedOf(`venue/${options.seed}`)), options.mids);
  }

  get isRunning(): boolean {
    return this.timer !== undefined;
  }

  setRunning(isRunning: boolean): void {
    const { timers } = this.runtime;
    const { stepsPerSecond } = this.options;
    if (this.timer) timers.clear(this.timer);
    this.timer = undefined;
    if (!isRunning || stepsPerSecond <= 0) return;
    this.timer = timers.every(1_000 / stepsPerSecond, () => this.flow.step(this.runtime.now()));
  }

  take(symbol: string, side: Side, quantity: Lots, limit?: Ticks): void {
    this.flow.take(symbol, side, quantity, limit);
  }

  /** Takes effect at once even while the market is held still. */
  push(symbol: string, bps: number): void {
    this.flow.push(symbol, bps);
    this.flow.step(this.runtime.now());
  }
}
