import BigNumber from 'bignumber.js';

export type MoneyState = 'intent' | 'awaiting_funds' | 'funded' | 'active' | 'cancelled';

export interface Leg {
  readonly asset: string;
  readonly required: string;
  readonly credited: string;
}

/** The state that the sums of distinct legs prove; one asset twice is never two legs. */
export function stateOfLegs(legs: readonly Leg[]): 'intent' | 'awaiting_funds' | 'funded' {
  if (legs.every((leg) => new BigNumber(leg.credited).gte(leg.required))) return 'funded';
  return legs.some((leg) => new BigNumber(leg.credited).gt(0)) ? 'awaiting_funds' : 'intent';
}

const allowed: Readonly<Record<MoneyState, readonly string[]>> = {
  intent: ['cancel'],
  awaiting_funds: [],
  funded: ['start'],
  active: ['start', 'pause', 'resume', 'stop'],
  cancelled: [],
};

export const allowedByMoney = (state: MoneyState): readonly string[] => allowed[state];
