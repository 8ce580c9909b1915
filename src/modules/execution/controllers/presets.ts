import type { MarketMakingConfig } from './market-making.config';

export type PresetName = 'conservative' | 'balanced' | 'aggressive';

/** A starting point. The order size depends on the allocation, so a preset gives only its share of it. */
export interface Preset {
  readonly name: PresetName;
  readonly description: string;
  /** Value of a level-0 order as a share of the value of the allocation. */
  readonly sizeShare: number;
  readonly config: PresetConfig;
}

type PresetConfig = Readonly<
  Pick<
    MarketMakingConfig,
    | 'bidSpreadBps'
    | 'askSpreadBps'
    | 'costMode'
    | 'minEdgeBps'
    | 'levels'
    | 'levelSpacingBps'
    | 'refreshMs'
    | 'requoteMoveBps'
    | 'refreshToleranceBps'
  >
> & { readonly inventory: Pick<MarketMakingConfig['inventory'], 'rangeRatio' | 'priceSkew' | 'sizeSkew'> };

export const presets: readonly Preset[] = [
  {
    name: 'conservative',
    description: 'Wide quotes, few levels, unloads inventory early.',
    sizeShare: 0.02,
    config: {
      bidSpreadBps: 25,
      askSpreadBps: 25,
      costMode: 'floor',
      minEdgeBps: 2,
      levels: 2,
      levelSpacingBps: 15,
      refreshMs: 30_000,
      requoteMoveBps: 12,
      refreshToleranceBps: 4,
      inventory: { rangeRatio: 0.15, priceSkew: 0.7, sizeSkew: 1 },
    },
  },
  {
    name: 'balanced',
    description: 'Medium quotes on three levels.',
    sizeShare: 0.04,
    config: {
      bidSpreadBps: 12,
      askSpreadBps: 12,
      costMode: 'floor',
      minEdgeBps: 1,
      levels: 3,
      levelSpacingBps: 8,
      refreshMs: 15_000,
      requoteMoveBps: 6,
      refreshToleranceBps: 2,
      inventory: { rangeRatio: 0.25, priceSkew: 0.5, sizeSkew: 1 },
    },
  },
  {
    name: 'aggressive',
    description: 'Tight quotes on four levels that follow the market closely.',
    sizeShare: 0.06,
    config: {
      bidSpreadBps: 5,
      askSpreadBps: 5,
      costMode: 'floor',
      minEdgeBps: 0.25,
      levels: 4,
      levelSpacingBps: 4,
      refreshMs: 5_000,
      requoteMoveBps: 3,
      refreshToleranceBps: 1,
      inventory: { rangeRatio: 0.35, priceSkew: 0.4, sizeSkew: 1 },
    },
  },
];
