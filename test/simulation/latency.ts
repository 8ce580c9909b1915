import type { Rng } from '../../src/runtime/runtime';
import type { RequestKind } from './wire';

/** How long things take between an engine and its venue. */
export class Latency {
  private readonly baseMs: number;
  private readonly tail: number;
  private readonly lagMs: number;

  constructor(private readonly rng: Rng) {
    this.baseMs = 1 + 30 * rng.next() ** 2;
    this.tail = rng.next() < 0.3 ? 0.01 : 0;
    this.lagMs = rng.next() < 0.5 ? 0 : 200 * rng.next();
  }

  /** One way, in milliseconds. */
  draw(): number {
    const slow = this.tail > 0 && this.rng.next() < this.tail ? 100 + 400 * this.rng.next() : 0;
    return this.baseMs * (0.8 + 0.4 * this.rng.next()) + slow;
  }

  /** How old a read is when it is answered. */
  readLag(_kind: RequestKind): number {
    return this.lagMs === 0 ? 0 : Math.floor(this.lagMs * this.rng.next());
  }
}
