import type { Dec } from '../domain/units';

/** An account of the simulated venue and the one key it is reached with. The key is also its name. */
export interface VenueAccountKey {
  readonly apiKey: string;
  readonly secret: string;
  readonly balances: Readonly<Record<string, Dec>>;
  /** Its self-trade prevention group, at a venue that knows groups; in none without one. */
  readonly stpGroup?: number;
  /** At a venue that asks for one; the usual one without it. */
  readonly passphrase?: string;
  /** At a venue whose demo keys are refused in live requests, and the other way round; both are taken without it. */
  readonly venueEnvironment?: 'live' | 'demo';
}

export const usualPassphrase = 'sim-demo-passphrase';

export const demoAccount: VenueAccountKey = {
  apiKey: 'sim-demo-key',
  secret: 'sim-demo-secret',
  balances: { USDT: '1000000', BTC: '20', ETH: '200', SOL: '5000' },
};

/** A stable number for a key. */
export const uidOf = (account: string): number =>
  [...account].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007, 7);
