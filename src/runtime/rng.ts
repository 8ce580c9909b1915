import type { Rng } from './runtime';

type State = readonly [number, number, number, number];

/**
 * xoshiro128**, a small fast generator whose whole state is four 32-bit words. The same seed gives the same
 * stream on every machine. Not for secrets.
 */
export class Xoshiro128 implements Rng {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private readonly seed: State;

  constructor(seed: State) {
    this.seed = seed;
    [this.a, this.b, this.c, this.d] = seed.some((word) => word !== 0) ? seed : [1, 2, 3, 4];
  }

  next(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Depends on the seed and the label alone, not on how many numbers were drawn before. */
  fork(label: string): Rng {
    return new Xoshiro128(seedOf(`${this.seed.join('.')}/${label}`));
  }

  private word(): number {
    const result = Math.imul(rotate(Math.imul(this.b, 5), 7), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = rotate(this.d, 11);
    return result;
  }
}

/** Four state words from any text: FNV-1a into splitmix32. */
export function seedOf(text: string): State {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const draw = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return [draw(), draw(), draw(), draw()];
}

/** A UUID version 7: 48 bits of milliseconds, then random bits. Sorts by time of creation. */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  bytes.set(random.subarray(0, 16));
  let rest = Math.floor(nowMs);
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
