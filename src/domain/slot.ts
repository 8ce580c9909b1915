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
  (['bid', 'ask'] as const).flatMap((side) =>
    keys[side].flatMap((key, level): [string, Slot][] => [
      [key, { side, level }],
      [`${key}b`, { side, level }],
    ]),
  ),
);
const beside: ReadonlyMap<string, string> = new Map(
  [...keys.bid, ...keys.ask].flatMap((key): [string, string][] => [
    [key, `${key}b`],
    [`${key}b`, key],
  ]),
);

/** The place of one quote, `bid-0`: holds at most one order that is not settled. */
export const slotKey = (side: QuoteSide, level: number): string => keys[side][level] ?? makeKey(side, level);

/** The side and level of a slot or of its sibling; undefined for a slot that no level has. */
export const parseSlotKey = (key: string): Slot | undefined => slots.get(key) ?? parse(key);

/** The other slot of the same level, where an order is replaced without a gap: `bid-0b` of `bid-0` and back. */
export const siblingOf = (key: string): string =>
  beside.get(key) ?? (key.endsWith('b') ? key.slice(0, -1) : `${key}b`);

/** What a level's target is named by, whichever of the two slots its order is in. */
export const levelKeyOf = (key: string): string => (isSibling(key) ? siblingOf(key) : key);

/** Whether it is the place beside the one its level's quote usually has: `bid-0b`. */
export const isSibling = (key: string): boolean => key.endsWith('b');

function parse(key: string): Slot | undefined {
  const match = /^(bid|ask)-(\d+)b?$/.exec(key);
  return match ? { side: match[1] as QuoteSide, level: Number(match[2]) } : undefined;
}
