import type { QuoteSide } from './units';

/** The place of one quote, `bid-0`: holds at most one order that is not settled. */
export const slotKey = (side: QuoteSide, level: number): string => `${side}-${level}`;

export function parseSlotKey(key: string): { readonly side: QuoteSide; readonly level: number } | undefined {
  const match = /^(bid|ask)-(\d+)$/.exec(key);
  return match ? { side: match[1] as QuoteSide, level: Number(match[2]) } : undefined;
}
