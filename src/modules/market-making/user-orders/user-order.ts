import type { Leg, MoneyState } from './money-states';

/** A user's order as stored: its terms and where its money is. */
export interface UserOrder {
  readonly id: string;
  readonly userName: string;
  readonly label: string | null;
  readonly state: MoneyState;
  readonly accountId: string;
  readonly symbol: string;
  readonly legs: readonly Leg[];
  readonly strategyId: string;
  readonly fundingReference: string;
  readonly createdAt: string;
}

/** Money booked to an order, known by the id its sender gave it. */
export interface Credit {
  readonly externalId: string;
  readonly userOrderId: string;
  readonly asset: string;
  readonly quantity: string;
}
