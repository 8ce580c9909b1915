import type { Dec } from '../domain/units';

/** An account of the simulated venue and the one key it is reached with. The key is also its name. */
export interface VenueAccountKey {
  readonly apiKey: string;
  readonly secret: string;
  readonly balances: Readonly<Record<string, Dec>>;
  /** Its self-trade prevention group, at a venue that knows groups; in none without one. */
  readonly stpGroup?: number;
}

export const demoAccount: VenueAccountKey = {
  apiKey: 'sim-demo-key',
  secret: 'sim-demo-secret',
  balances: { USDT: '1000000', BTC: '20', ETH: '200', SOL: '5000' },
};

/** A stable number for a key. */
export const uidOf = (account: string): number =>
  [...account].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007, 7);
