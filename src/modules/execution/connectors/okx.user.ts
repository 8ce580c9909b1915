import type { UserDialect, UserEvent, UserSession, UserSessionParts, UserWord } from './dialect';
import { okxBalances, okxPush } from './parse-okx-account';
import { eventsOfRows } from './user-rows';
import { integerOf, recordOf, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

/** The key, its passphrase or its signature is wrong; other refusals of a login pass. */
const keyErrors: ReadonlySet<string> = new Set(['60005', '60007', '60024', '60032']);
const clockErrors: ReadonlySet<string> = new Set(['60004', '60006']);
const closingNotice = '64008';
const channels = ['orders', 'account'] as const;

/** The private stream of OKX: a login, then the channels of orders and of the account. */
export const okxUser: UserDialect = { pingText: 'ping', session: sessionOf };

function sessionOf({ sign, instrumentOf }: UserSessionParts): UserSession {
  const missing = new Set<string>(channels);
  const confirmed = (frame: JsonRecord): UserWord | undefined => {
    missing.delete(textOf(recordOf(frame['arg']) ?? {}, 'channel') ?? '');
    return missing.size === 0 ? { kind: 'live' } : undefined;
  };
  return {
    open: () => [{ op: 'login', args: [sign()] }],
    read: (json) => {
      const frame = recordOf(json);
      if (!frame) throw new Error('a frame is not an object');
      const event = textOf(frame, 'event');
      if (event === undefined) return pushed(frame, instrumentOf);
      if (event === 'login') return loginWord(frame);
      return event === 'subscribe' ? confirmed(frame) : otherWord(event, frame);
    },
  };
}

function loginWord(frame: JsonRecord): UserWord {
  if (textOf(frame, 'code') !== '0') return refusedWord(frame);
  const args = [{ channel: 'orders', instType: 'SPOT' }, { channel: 'account' }];
  return { kind: 'send', frames: [{ op: 'subscribe', args }] };
}

function otherWord(event: string, frame: JsonRecord): UserWord | undefined {
  if (event === 'error') return refusedWord(frame);
  if (event !== 'notice' || textOf(frame, 'code') !== closingNotice) return undefined;
  return { kind: 'move', reason: 'the venue announces that it closes the connection' };
}

function refusedWord(frame: JsonRecord): UserWord {
  const code = textOf(frame, 'code') ?? '';
  const reason = `${code} ${textOf(frame, 'msg') ?? ''}`.trim();
  if (keyErrors.has(code)) return { kind: 'blocked', reason: `KEY_REJECTED ${reason}` };
  return { kind: 'down', reason: `refused: ${reason}`, isClock: clockErrors.has(code) };
}

function pushed(frame: JsonRecord, instrumentOf: UserSessionParts['instrumentOf']): UserWord | undefined {
  const channel = textOf(recordOf(frame['arg']) ?? {}, 'channel');
  const rows = rowsOf(frame['data']);
  if (!rows) throw new Error('a frame holds no data');
  if (channel === 'account') return { kind: 'events', events: eventsOfRows(rows, balanceEvents) };
  if (channel !== 'orders') return undefined;
  return { kind: 'events', events: eventsOfRows(rows, (row) => orderEvents(row, instrumentOf)) };
}

function balanceEvents(row: JsonRecord): readonly UserEvent[] {
  const venueTime = integerOf(row, 'uTime');
  const assets = okxBalances(row['details']);
  return [{ type: 'balance', assets, ...(venueTime === undefined ? {} : { venueTime }) }];
}

function orderEvents(row: JsonRecord, instrumentOf: UserSessionParts['instrumentOf']): readonly UserEvent[] {
  const instId = requireText(row, 'instId');
  const instrument = instrumentOf(instId);
  if (instrument === undefined) throw new Error(`symbol ${instId} is not listed`);
  const { order, fill } = okxPush(row, instrument);
  const report = { type: 'order', report: order } as const;
  return fill ? [{ type: 'fill', fill }, report] : [report];
}
