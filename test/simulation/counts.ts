/** A key and how often. */
export type Count = readonly [string, number];

/** Many lists as one, by key. */
export function merged(lists: readonly (readonly Count[])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const list of lists) for (const [key, count] of list) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** The value below which this share of them lies; undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}
