/** Running totals of a strategy's booked fills, before fees. Decimals. */
export interface FillTotals {
  readonly strategyId: string;
  readonly fillsCount: number;
  readonly boughtBase: string;
  readonly soldBase: string;
  readonly spentQuote: string;
  readonly earnedQuote: string;
}

export const noFills: Omit<FillTotals, 'strategyId'> = {
  fillsCount: 0,
  boughtBase: '0',
  soldBase: '0',
  spentQuote: '0',
  earnedQuote: '0',
};
