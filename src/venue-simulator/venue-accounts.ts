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

const purse = { USDT: '1000000', BTC: '20', ETH: '200', SOL: '5000' };

export const demoAccount: VenueAccountKey = {
  apiKey: 'sim-demo-key',
  secret: 'sim-demo-secret',
  balances: purse,
};

/** The demo's key at each venue: an account of its own, as at venues that know nothing of each other. */
export const demoAccounts = {
  binance: demoAccount,
  okx: {
    ...{ apiKey: 'sim-okx-key', secret: 'sim-okx-secret', passphrase: 'sim-okx-passphrase' },
    balances: purse,
  },
  gate: { apiKey: 'sim-gate-key', secret: 'sim-gate-secret', balances: purse },
} as const satisfies Record<string, VenueAccountKey>;

/** Those that a started venue has besides the first. */
export const furtherDemoAccounts: readonly VenueAccountKey[] = [demoAccounts.okx, demoAccounts.gate];

/** What a client of the account needs, without its money. */
export const keyOf = ({ apiKey, secret, passphrase }: VenueAccountKey): Omit<VenueAccountKey, 'balances'> =>
  passphrase === undefined ? { apiKey, secret } : { apiKey, secret, passphrase };

/** A stable number for a key. */
export const uidOf = (account: string): number =>
  [...account].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007, 7);
