import type { AccountId, InstrumentId } from '../../domain/instrument';
import type { Mono, Ms } from '../../domain/units';
import { deadManTimeoutMs } from './common/constants';
import type { Capabilities } from './connectors/types';
import type { SwitchWhy } from './dead-man';
import type { SwitchRow } from './store/types';

/** The dead-man's switches of all accounts, as the rest of the engine needs them. */
export interface Switches {
  start(): void;
  stop(): void;
  /** What the record says, asked for at this moment. What this engine has told a venue it knows better. */
  seen(rows: readonly SwitchRow[], askedAt: Mono): void;
  /** Arms before the first order of a session leaves, because what an engine before us armed may still be running. */
  secure(accountId: AccountId, instrument: InstrumentId): Promise<void>;
  /** After own orders have ended for good: nothing is left to protect. What is not agreed to in time fires unheard. */
  rest(): Promise<void>;
  view(accountId: AccountId): SwitchView;
  /** What keeps a switch that should be armed from it; undefined while nothing does. */
  trouble(accountId: AccountId): string | undefined;
}

/** How the dead-man's switch of an account stands, in values and in words. */
export interface SwitchView {
  readonly offered: Capabilities['cancelAllAfter'] | 'unknown';
  readonly state: 'armed' | 'late' | 'off';
  readonly renewedAtMs: Ms | undefined;
  readonly firesAtMs: Ms | undefined;
  readonly text: string;
}

export interface SwitchLook {
  readonly venue: string;
  readonly why: SwitchWhy;
  /** What renewed it last, if that was another engine. */
  readonly otherOwner: string | undefined;
  /** How long ago the venue last agreed to a renewal of ours. */
  readonly renewedAgoMs: number | undefined;
  /** How long until it may fire; undefined while it is not armed. */
  readonly firesInMs: number | undefined;
  readonly isOverdue: boolean;
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1_000));
const timeout = seconds(deadManTimeoutMs);

/** Why it is not armed, or not renewed. */
const whyWords: Readonly<Record<SwitchWhy, string>> = {
  NOT_OFFERED: 'the venue offers none',
  NOT_DEDICATED:
    'it would cancel orders of others too, and the account is not declared dedicated to this installation',
  SHARED: 'another engine trades this account as well, and neither can speak for both',
  NOT_TRADING: 'nothing trades here',
  ORDERS_LEFT: 'nothing trades here any more, and orders are left that have not ended',
  DATABASE_SILENT: 'the database does not answer',
  TICK_LATE: 'the engine is behind its clock',
  ARMED: 'the venue has not agreed',
};

export const switchWords = (look: SwitchLook): string =>
  look.firesInMs === undefined ? offWords(look) : armedWords(look, look.firesInMs);

function offWords({ why, venue }: SwitchLook): string {
  if (why !== 'NOT_OFFERED') return `Not armed: ${whyWords[why]}.`;
  return `${venue} offers none; a watchdog process, where one runs, cancels the engine's orders 15 s after it has stopped.`;
}

function armedWords(look: SwitchLook, firesInMs: number): string {
  const { why, otherOwner, renewedAgoMs, isOverdue } = look;
  const end =
    firesInMs > 0 ? `Orders die in ${seconds(firesInMs)} s.` : 'Its time is over: orders have died.';
  if (otherOwner !== undefined) return `Armed by the engine ${otherOwner}, unless it is renewed. ${end}`;
  if (renewedAgoMs === undefined) return `Asked for; ${whyWords[why]}. ${end}`;
  const ago = seconds(renewedAgoMs);
  if (isOverdue) return `Not renewed for ${ago} s: ${whyWords[why]}. ${end}`;
  return `Orders die ${timeout} s after the engine stops; last renewed ${ago} s ago.`;
}

/** What is wrong with a switch that should be armed; undefined while nothing is. */
export function switchTrouble({ why, firesInMs, renewedAgoMs, isOverdue }: SwitchLook): string | undefined {
  if (why === 'SHARED' && firesInMs === undefined) return whyWords.SHARED;
  if (firesInMs === undefined || !isOverdue) return undefined;
  if (renewedAgoMs === undefined) return `asked for, and ${whyWords[why]}`;
  return `not renewed for ${seconds(renewedAgoMs)} s: ${whyWords[why]}; orders die in ${seconds(firesInMs)} s`;
}
