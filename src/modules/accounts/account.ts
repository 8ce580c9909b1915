import type { AccountConfig } from '../execution/types';

export type Environment = AccountConfig['environment'];

/** An exchange account as callers see it; never its secret. */
export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly venue: AccountConfig['venue'];
  readonly environment: Environment;
}
