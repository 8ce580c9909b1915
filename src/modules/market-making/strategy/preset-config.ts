import BigNumber from 'bignumber.js';

/** What a preset needs to become a configuration. */
interface Preset {
  /** Value of the first order as a share of the value of the allocation. */
  readonly sizeShare: number;
  readonly config: object;
}

/** A preset with its order size for an allocation whose quote stands for half of its value. */
export function configOfPreset(preset: Preset, allocationQuote: string): Readonly<Record<string, unknown>> {
  const size = new BigNumber(allocationQuote).times(2).times(preset.sizeShare).decimalPlaces(2);
  return { ...preset.config, orderNotionalQuote: size.toFixed() };
}
