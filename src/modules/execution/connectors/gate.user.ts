import type { UserDialect, UserEvent, UserSession, UserSessionParts, UserWord } from './dialect';
import { gateBalance, gateFill, gateMs, gateOrder } from './parse-gate-account';
import { eventsOfRows } from './user-rows';
import { integerOf, recordOf, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

type InstrumentOf = UserSessionParts['instrumentOf'];

const channels: Readonly<Record<string, readonly string[] | undefined>> = {
  'spot.orders': ['!all'],
  'spot.usertrades': ['!all'],
  'spot.balances': undefined,
};
/** Authentication and signature. */
const keyErrors: ReadonlySet<number> = new Set([4, 6]);
/** A channel that fails so often by itself is left to a new connection. */
const mostFailures = 5;
const aboutTime = /time|expire/i;

/** The private channels of Gate, each subscribed with a signature of its own. */
export const gateUser: UserDialect = { session: sessionOf };

function sessionOf({ number, venueNow, sign, instrumentOf }: UserSessionParts): UserSession {
  const missing = new Set(Object.keys(channels));
  const failures = new Map<string, number>();
  const subscribe = (channel: string): unknown => {
    const time = Math.floor(venueNow() / 1_000);
    const payload = channels[channel];
    return {
      ...{ id: number * 10 + Object.keys(channels).indexOf(channel), time, channel, event: 'subscribe' },
      ...(payload ? { payload } : {}),
      auth: sign({ channel, event: 'subscribe', time }),
    };
  };
  const refused = (frame: JsonRecord, error: JsonRecord): UserWord => {
    const channel = textOf(frame, 'channel') ?? '';
    const word = refusedWord(frame, error);
    const count = (failures.get(channel) ?? 0) + 1;
    failures.set(channel, count);
    if (word.kind !== 'down' || !missing.has(channel) || count > mostFailures) return word;
    return { kind: 'again', frames: () => [subscribe(channel)], ...(word.isClock ? { isClock: true } : {}) };
  };
  return {
    open: () => Object.keys(channels).map(subscribe),
    read: (json) => {
      const frame = recordOf(json);
      if (!frame) throw new Error('a frame is not an object');
      if (frame['event'] === 'update') return pushed(frame, instrumentOf);
      const error = recordOf(frame['error']);
      if (error) return refused(frame, error);
      if (frame['event'] !== 'subscribe') return undefined;
      missing.delete(textOf(frame, 'channel') ?? '');
      return missing.size === 0 ? { kind: 'live' } : undefined;
    },
  };
}

function refusedWord(frame: JsonRecord, error: JsonRecord): UserWord {
  const message = textOf(error, 'message') ?? '';
  const code = integerOf(error, 'code') ?? 0;
  const reason = `${textOf(frame, 'channel')}: ${code} ${message}`;
  const isClock = aboutTime.test(message);
  if (keyErrors.has(code) && !isClock) return { kind: 'blocked', reason: `KEY_REJECTED ${reason}` };
  return { kind: 'down', reason: `refused: ${reason}`, isClock };
}

function pushed(frame: JsonRecord, instrumentOf: InstrumentOf): UserWord | undefined {
  const rows = rowsOf(frame['result']);
  if (!rows) throw new Error('a push is not a list');
  const read = readers[textOf(frame, 'channel') ?? ''];
  return read && { kind: 'events', events: eventsOfRows(rows, (row) => [read(row, instrumentOf)]) };
}

const readers: Readonly<Record<string, (row: JsonRecord, instrumentOf: InstrumentOf) => UserEvent>> = {
  'spot.orders': (row, instrumentOf) => ({
    type: 'order',
    report: gateOrder(row, listed(row, instrumentOf), 'ws-order'),
  }),
  'spot.usertrades': (row, instrumentOf) => ({
    type: 'fill',
    fill: gateFill(row, listed(row, instrumentOf), 'ws-trade'),
  }),
  'spot.balances': (row) => {
    const venueTime = gateMs(row, 'timestamp_ms');
    const time = venueTime === undefined ? {} : { venueTime };
    return { type: 'balance', assets: [gateBalance(row, 'freeze')], ...time };
  },
};

function listed(row: JsonRecord, instrumentOf: InstrumentOf): string {
  const pair = requireText(row, 'currency_pair');
  const instrument = instrumentOf(pair);
  if (instrument === undefined) throw new Error(`pair ${pair} is not listed`);
  return instrument;
}
