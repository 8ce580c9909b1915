import BigNumber from 'bignumber.js';

/** A copy of everything an object owns. Functions and decimals, which never change, are shared. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || BigNumber.isBigNumber(value)) return value;
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, copyOf(one)]));
  if (value instanceof Set) return new Set([...value].map(copyOf));
  if (Array.isArray(value)) return value.map(copyOf);
  const made = Object.create(Object.getPrototypeOf(value) as object) as Record<string, unknown>;
  for (const [key, one] of Object.entries(value)) made[key] = copyOf(one);
  return made;
}

/** Fills what `target` owns with what `from` does; whoever holds on to a table of it sees it set back. */
function setBack(target: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const kept = target[key];
    if (kept instanceof Map) refill(kept, copyOf(value) as Map<unknown, unknown>);
    else if (isPart(kept) && isPart(value)) setBack(kept, value);
    else target[key] = copyOf(value);
  }
}

function refill(table: Map<unknown, unknown>, from: ReadonlyMap<unknown, unknown>): void {
  table.clear();
  for (const [key, value] of from) table.set(key, value);
}

const isPart = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Set) &&
  !BigNumber.isBigNumber(value);

/** The database as it was at one moment. Who listens for halts, and the clock, belong to now. */
export class DatabaseCopy {
  private readonly copy: Record<string, unknown>;

  constructor(private readonly store: object) {
    const { haltListeners: _ears, options: _clock, ...tables } = { ...store } as Record<string, unknown>;
    this.copy = copyOf(tables) as Record<string, unknown>;
  }

  restore(): void {
    setBack(this.store as Record<string, unknown>, this.copy);
  }
}
