/** The configuration of the first version of this product: fractions, seconds, and no limits on either. */
export interface SeedConfig {
  readonly symbol: string;
  readonly base_spread?: number;
  readonly bid_spread?: number;
  readonly ask_spread?: number;
  readonly order_amount: number | string;
  readonly order_levels?: number;
  readonly level_spacing?: number;
  readonly refresh_interval?: number;
  readonly inventory_skew?: boolean;
  readonly max_inventory?: number | string;
}

/** The fields of a seed configuration in ours, to be validated like any other. The symbol lies outside. */
export function fromSeedConfig(seed: SeedConfig): Readonly<Record<string, unknown>> {
  return {
    ...given('bidSpreadBps', bps(seed.bid_spread ?? seed.base_spread)),
    ...given('askSpreadBps', bps(seed.ask_spread ?? seed.base_spread)),
    orderQuantityBase: String(seed.order_amount),
    ...given('levels', seed.order_levels),
    ...given('levelSpacingBps', bps(seed.level_spacing)),
    ...given('refreshMs', seed.refresh_interval === undefined ? undefined : seed.refresh_interval * 1_000),
    inventory: { ...skewOf(seed.inventory_skew), ...limitsOf(seed.max_inventory) },
  };
}

const given = (key: string, value: number | undefined): Readonly<Record<string, number>> =>
  value === undefined ? {} : { [key]: value };

/** A fraction in basis points, without the dust of binary fractions. */
const bps = (fraction: number | undefined): number | undefined =>
  fraction === undefined ? undefined : Number((fraction * 1e4).toFixed(4));

const skewOf = (isSkewed: boolean | undefined): Readonly<Record<string, number>> => {
  if (isSkewed === undefined) return {};
  return isSkewed ? { priceSkew: 0.5, sizeSkew: 1 } : { priceSkew: 0, sizeSkew: 0 };
};

function limitsOf(max: number | string | undefined): Readonly<Record<string, string>> {
  if (max === undefined) return {};
  const half = String(Number(max) / 2);
  return { mode: 'base', maxBase: String(max), targetBase: half, rangeBase: half };
}
