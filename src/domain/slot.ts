import type { QuoteSide } from './units';

interface Slot {
  readonly side: QuoteSide;
  readonly level: number;
}

const maxKnown = 64;
const makeKey = (side: QuoteSide, level: number): string => `${side}-${level}`;
const keysOf = (side: QuoteSide): readonly string[] =>
  Array.from({ length: maxKnown }, (_, level) => makeKey(side, level));

/** Made once: every tick names its slots, and one string object per slot compares and hashes for nothing. */
const keys: Readonly<Record<QuoteSide, readonly string[]>> = { bid: keysOf('bid'), ask: keysOf('ask') };
const slots: ReadonlyMap<string, Slot> = new Map(
  (['bid', 'ask'] as const).flatMap((side) => keys[side].map((key, level) => [key, { side, level }])),
);

/** The place of one quote, `bid-0`: holds at most one order that is not settled. */
export const slotKey = (side: QuoteSide, level: number): string => keys[side][level] ?? makeKey(side, level);

export const parseSlotKey = (key: string): Slot | undefined => slots.get(key) ?? parse(key);

function parse(key: string): Slot | undefined {
  const match = /^(bid|ask)-(\d+)$/.exec(key);
  return match ? { side: match[1] as QuoteSide, level: Number(match[2]) } : undefined;
}
