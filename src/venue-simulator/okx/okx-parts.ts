import type { Rng, Timers } from '../../runtime/runtime';
import type { AccountHistory } from '../account-history';
import type { CreateLog } from '../binance/create-log';
import type { MarketFormat } from '../binance/market-format';
import type { Faults } from '../faults';
import { usualPassphrase } from '../venue-accounts';
import type { VenueAccountKey } from '../venue-accounts';
import type { VenueCore } from '../venue-types';
import { BookSequences } from './okx-book-feed';
import { OkxControl } from './okx-control';
import { OkxInstruments } from './okx-instruments';
import { OkxMeter } from './okx-meter';
import type { OkxKeys } from './okx.signature';

/** What every door of the OKX dialect opens onto. */
export interface OkxParts {
  readonly core: VenueCore;
  readonly history: AccountHistory;
  readonly faults: Faults;
  readonly creates: CreateLog;
  readonly meter: OkxMeter;
  readonly instruments: OkxInstruments;
  readonly sequences: BookSequences;
  readonly control: OkxControl;
  /** By API key, which is the account's name too. */
  readonly keys: OkxKeys;
  readonly now: () => number;
  readonly timers: Timers;
  readonly rng: Rng;
}

/** What OKX shares with the other dialects. */
type Shared = Pick<OkxParts, 'core' | 'history' | 'faults' | 'creates' | 'now' | 'timers' | 'rng'> & {
  /** What the markets ask of orders now. */
  readonly formats: ReadonlyMap<string, MarketFormat>;
};

export function okxPartsOf(shared: Shared, accounts: readonly VenueAccountKey[]): OkxParts {
  const { core, history, faults, creates, now, timers, rng, formats } = shared;
  const sequences = new BookSequences();
  const keys = accounts.map(
    ({ apiKey, secret, passphrase = usualPassphrase, venueEnvironment: environment }) => {
      return [apiKey, { secret, passphrase, environment }] as const;
    },
  );
  return {
    ...{ core, history, faults, creates, now, timers, rng: rng.fork('okx') },
    ...{ meter: new OkxMeter(now), instruments: new OkxInstruments(formats), sequences },
    control: new OkxControl((symbol) => sequences.reset(symbol, core.depth(symbol, 1).updateId)),
    keys: new Map(keys),
  };
}
