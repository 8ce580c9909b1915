import BigNumber from 'bignumber.js';

/** Starting points by name; a test keeps them within what the engine accepts. */
export const presetNames = ['conservative', 'balanced', 'aggressive'] as const;
export type PresetName = (typeof presetNames)[number];

interface Preset {
  /** Value of the first order as a share of the value of the allocation. */
  readonly sizeShare: number;
  readonly config: Readonly<Record<string, unknown>>;
}

const presets: Readonly<Record<PresetName, Preset>> = {
  conservative: {
    sizeShare: 0.02,
    config: {
      ...{
        bidSpreadBps: 25,
        askSpreadBps: 25,
        costMode: 'floor',
        minEdgeBps: 2,
        levels: 2,
        levelSpacingBps: 15,
      },
      ...{ refreshMs: 30_000, requoteMoveBps: 12, refreshToleranceBps: 4 },
      inventory: { rangeRatio: 0.15, priceSkew: 0.7, sizeSkew: 1 },
    },
  },
  balanced: {
    sizeShare: 0.04,
    config: {
      ...{
        bidSpreadBps: 12,
        askSpreadBps: 12,
        costMode: 'floor',
        minEdgeBps: 1,
        levels: 3,
        levelSpacingBps: 8,
      },
      ...{ refreshMs: 15_000, requoteMoveBps: 6, refreshToleranceBps: 2 },
      inventory: { rangeRatio: 0.25, priceSkew: 0.5, sizeSkew: 1 },
    },
  },
  aggressive: {
    sizeShare: 0.06,
    config: {
      ...{
        bidSpreadBps: 5,
        askSpreadBps: 5,
        costMode: 'floor',
        minEdgeBps: 0.25,
        levels: 4,
        levelSpacingBps: 4,
      },
      ...{ refreshMs: 5_000, requoteMoveBps: 3, refreshToleranceBps: 1 },
      inventory: { rangeRatio: 0.35, priceSkew: 0.4, sizeSkew: 1 },
    },
  },
};

/** A preset with its order size for an allocation whose quote stands for half of its value. */
export function configOfPreset(name: PresetName, allocationQuote: string): Readonly<Record<string, unknown>> {
  const { sizeShare, config } = presets[name];
  const size = new BigNumber(allocationQuote).times(2).times(sizeShare).decimalPlaces(2);
  return { ...config, orderNotionalQuote: size.toFixed() };
}
