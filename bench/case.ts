/** One path measured for several candidates on one input. */
export interface Case {
  readonly id: string;
  readonly unit: string;
  readonly goals: readonly Goal[];
  /** Said in the report when a peer does more or less per call than ours. */
  readonly note?: string;
  /** Makes the candidate; building the input is outside the timing. */
  readonly candidates: Readonly<Record<string, (scale: Scale, seed: number) => Candidate | Promise<Timed>>>;
}

export interface Candidate {
  pass(): { readonly operations: number; readonly checksum: string };
}

/** What waits for others, as sockets make it do, and so says itself how long one operation took. */
export interface Timed {
  time(): Promise<{ readonly ns: number; readonly checksum: string }>;
  close(): Promise<void>;
}

export type Scale = 'quick' | 'full';

/** Ours must be `target` times faster than `against`; below `floor` a check fails. */
export interface Goal {
  readonly id: string;
  readonly against: string;
  readonly target: number;
  readonly floor: number;
}

/** A goal whose floor is 0.6 of it. */
export const goal = (id: string, against: string, target: number): Goal => ({
  id,
  against,
  target,
  floor: 0.6 * target,
});

/** Folds one number into an FNV-1a hash. */
export const fold = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);
export const emptyHash = 0x811c9dc5 | 0;
