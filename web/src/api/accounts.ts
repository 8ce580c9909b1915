/** An exchange account and how it stands with its venue. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly venue: string;
  readonly environment: string;
  readonly keyHint: string;
  readonly status: 'idle' | 'connecting' | 'ok' | 'degraded';
  readonly problems: readonly Problem[];
  /** Nobody but this installation has orders on it. */
  readonly dedicated: boolean;
  /** What the venue does when no engine tells it that it works. */
  readonly deadMan: {
    readonly offered: 'none' | 'account' | 'instrument' | 'unknown';
    readonly state: 'armed' | 'late' | 'off';
    readonly text: string;
  };
}

export interface Problem {
  readonly code: string;
  readonly effect: string;
  /** The pairs it is about; none for the whole account. */
  readonly symbols: readonly string[];
  readonly text: string;
  readonly fix: string;
  readonly sinceMs: number;
}

/** One thing that was looked at with a key; null where the venue was not asked. */
export interface Check {
  readonly check: string;
  readonly ok: boolean | null;
  readonly severity: 'block' | 'warn';
  readonly detail: string;
  readonly fix: string;
}

export interface Probed extends Account {
  readonly checks: readonly Check[];
}

/** A venue that accounts can be added at, and what it offers. */
export interface Venue {
  readonly id: string;
  readonly needsPassphrase: boolean;
  readonly capabilities: { readonly cancelAllAfter: 'none' | 'account' | 'instrument' };
}

/** Those with a part of the local exchange: they are shown without an account too. */
const localVenues = ['binance', 'okx', 'gate'];
export const environments = ['sim', 'sandbox', 'live'] as const;

/** Whether the venue has a dead-man's switch, so that it matters whose an account is. Not said is no. */
export const hasSwitch = (venues: readonly Venue[], id: string): boolean =>
  (venues.find((venue) => venue.id === id)?.capabilities.cancelAllAfter ?? 'none') !== 'none';

/** The venues of the local exchange, then others that have accounts; each with its own. */
export function byVenue(accounts: readonly Account[]): readonly (readonly [string, readonly Account[]])[] {
  const names = [...new Set([...localVenues, ...accounts.map(({ venue }) => venue)])];
  return names.map((venue) => [venue, accounts.filter((account) => account.venue === venue)] as const);
}
