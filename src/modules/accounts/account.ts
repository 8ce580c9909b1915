import type { AccountConfig } from '../execution/types';

export type Environment = AccountConfig['environment'];

/** An exchange account as callers see it; never its secret. */
export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly venue: AccountConfig['venue'];
  readonly environment: Environment;
  /** Nobody but this installation has orders on it: only then may a switch of the venue cancel all of them. */
  readonly dedicated: boolean;
  /** The end of its key, to tell it from others. */
  readonly keyHint: string;
}

/** The same as stored. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly venue: AccountConfig['venue'];
  readonly environment: Environment;
  readonly dedicated: boolean;
  readonly apiKey: string;
  readonly secretEncrypted: string;
}
