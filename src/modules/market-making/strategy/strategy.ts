import type { VenueId } from '../../../domain/instrument';
import type { AccountConfig, StrategyPlace } from '../../execution/types';
import type { DesiredState, StrategyState } from './strategy-states';

export interface StateReason {
  readonly code: string;
  readonly detail: string;
  /** Price the holdings are valued at when trading begins. */
  readonly mid?: string;
}

/** A strategy as stored: what is wanted, and the last state that was observed. */
export interface Strategy {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly strategyType: 'pureMarketMaking';
  readonly accountId: string;
  readonly venue: VenueId;
  readonly environment: AccountConfig['environment'];
  readonly symbol: string;
  readonly config: unknown;
  readonly configVersion: number;
  readonly desiredState: DesiredState;
  readonly state: StrategyState;
  readonly stateReason: StateReason | null;
  readonly stateSince: string;
  readonly userOrderId: string | null;
  /** Who may be halted with it. */
  readonly ownerId: string | null;
  readonly allocation: { readonly base: string; readonly quote: string };
}

export type NewStrategy = Pick<
  Strategy,
  'id' | 'name' | 'strategyType' | 'accountId' | 'venue' | 'symbol' | 'config' | 'allocation' | 'userOrderId'
>;

/** What decides which halts cover it. */
export const placeOf = (strategy: Strategy): StrategyPlace => ({
  ...{ strategyId: strategy.id, account: accountOf(strategy), instrument: strategy.symbol },
  ownerId: strategy.ownerId ?? undefined,
});

export const accountOf = (strategy: Strategy): AccountConfig => ({
  id: strategy.accountId,
  venue: strategy.venue,
  environment: strategy.environment,
});
