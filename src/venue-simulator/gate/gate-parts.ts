import type { Rng, Timers } from '../../runtime/runtime';
import type { AccountHistory } from '../account-history';
import type { CreateLog } from '../binance/create-log';
import type { MarketFormat } from '../binance/market-format';
import type { Faults } from '../faults';
import type { VenueAccountKey } from '../venue-accounts';
import type { VenueCore } from '../venue-types';
import { ChangeTimes } from './gate-change-times';
import { GateMeter } from './gate-meter';
import { GatePairs } from './gate-pairs';

/** What may be set of the venue while it runs. */
export interface GateTerms {
  /** How long an ended order is still found by its text. */
  textKeptMs: number;
  /** The self-trade prevention group of an account, by key; accounts without one are in none. */
  readonly stpGroups: Map<string, number>;
  /** How often the next subscriptions of a private channel fail, whoever asks. */
  readonly failingChannels: Map<string, number>;
}

/** What every door of the Gate dialect opens onto. */
export interface GateParts {
  readonly core: VenueCore;
  readonly history: AccountHistory;
  readonly faults: Faults;
  readonly creates: CreateLog;
  readonly meter: GateMeter;
  readonly pairs: GatePairs;
  readonly changes: ChangeTimes;
  readonly terms: GateTerms;
  /** By API key. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly now: () => number;
  readonly timers: Timers;
  readonly rng: Rng;
}

/** As documented; clients count on less. */
const textKeptMs = 3_600_000;

/** What Gate shares with the other dialects. */
type Shared = Omit<GateParts, 'meter' | 'pairs' | 'changes' | 'terms'> & {
  /** What the markets ask of orders now. */
  readonly formats: ReadonlyMap<string, MarketFormat>;
};

export function gatePartsOf(shared: Shared, accounts: readonly VenueAccountKey[]): GateParts {
  const { core, history, faults, creates, secrets, now, timers, rng, formats } = shared;
  const groups = accounts.flatMap(({ apiKey, stpGroup }) => (stpGroup ? [[apiKey, stpGroup] as const] : []));
  return {
    ...{ core, history, faults, creates, secrets, now, timers, rng: rng.fork('gate') },
    meter: new GateMeter(now),
    pairs: new GatePairs(formats),
    changes: new ChangeTimes(core, now()),
    terms: { textKeptMs, stpGroups: new Map(groups), failingChannels: new Map() },
  };
}
