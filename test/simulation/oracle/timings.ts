import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { World } from '../world';
import { disagreements } from './agreement';
import type { Ear } from './ears';

/** How long orders were in doubt, and how long after the last fault nothing of before it was. */
export class Timings implements Ear {
  /** Milliseconds in doubt of each order that came out of it. */
  readonly doubts: number[] = [];
  /** After the last fault, to the second; undefined until every order of before it is agreed on. */
  convergedMs: number | undefined;
  private readonly since = new Map<string, number>();
  private old: ReadonlySet<string> | undefined;

  constructor(private readonly world: World) {}

  logged(lines: readonly OrderLogLine[], host: string): void {
    for (const { clientOrderId, status } of lines) {
      const key = `${host}|${clientOrderId}`;
      const since = this.since.get(key);
      if (status === 'UNKNOWN') this.since.set(key, since ?? this.world.now());
      else if (since !== undefined) {
        this.since.delete(key);
        this.doubts.push(Math.round(this.world.now() - since));
      }
    }
  }

  /** Asked every second. */
  probe(): void {
    const { world } = this;
    const now = world.now();
    if (now < world.phases.quiet || this.convergedMs !== undefined) return;
    if (!world.host().engine) return;
    const wrong = disagreements(world.view, world.engineOf).map((one) => one.clientOrderId);
    this.old ??= new Set(wrong);
    const { old } = this;
    if (!wrong.some((id) => old.has(id))) this.convergedMs = Math.round(now - world.phases.quiet);
  }
}
