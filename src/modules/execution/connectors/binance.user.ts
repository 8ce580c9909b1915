import type { Ms } from '../../../domain/units';
import type { TooOften, UserDialect, UserEvent, UserSession, UserSessionParts, UserWord } from './dialect';
import { balancesOf, executionReportOf, userEventOf } from './parse-binance-account';
import { integerOf, recordOf, requireText, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const keyErrors: ReadonlySet<string> = new Set(['-2014', '-2015', '-1022', '-1002']);
const clockError = '-1021';
/**
 * A refusal without an order answers some create that named the id, and need not be ours: ours is decided by its own
 * reply, or the venue is asked.
 */
const noOrder = '-1';

/** Deposits, withdrawals and transfers; and what something outside the market locks. */
const movements: ReadonlySet<string> = new Set(['balanceUpdate', 'externalLockUpdate']);

/** The private stream of Binance spot: one signed request, then events inside `{event}`. */
export const binanceUser: UserDialect = { session: sessionOf };

function sessionOf({ number, sign, venueNow, instrumentOf }: UserSessionParts): UserSession {
  const id = `login-${number}`;
  return {
    open: () => [{ id, method: 'userDataStream.subscribe.signature', params: sign() }],
    read: (json) => {
      const answer = recordOf(json);
      if (answer && textOf(answer, 'id') === id) return loginWord(answer, venueNow());
      const event = userEventOf(json);
      return event && eventWord(event, instrumentOf);
    },
  };
}

function loginWord(answer: JsonRecord, now: Ms): UserWord {
  const status = integerOf(answer, 'status');
  if (status === 200) return { kind: 'live' };
  const error = recordOf(answer['error']) ?? {};
  const code = textOf(error, 'code') ?? '';
  const reason = `${code} ${textOf(error, 'msg') ?? ''}`.trim();
  if (keyErrors.has(code)) return { kind: 'blocked', reason: `KEY_REJECTED ${reason}` };
  const refused = { kind: 'down', reason: `login refused: ${reason}`, isClock: code === clockError } as const;
  return status === 429 || status === 418 ? { ...refused, tooOften: tooOften(status, error, now) } : refused;
}

/** A login takes of the requests of the address. The moment (ms) from which the venue listens again stands in `data`. */
function tooOften(status: 429 | 418, error: JsonRecord, now: Ms): TooOften {
  const until = integerOf(recordOf(error['data']) ?? {}, 'retryAfter');
  const seconds = until === undefined ? undefined : Math.max(0, Math.ceil((until - now) / 1_000));
  return { status, headers: seconds === undefined ? {} : { 'retry-after': String(seconds) } };
}

function eventWord(event: JsonRecord, instrumentOf: UserSessionParts['instrumentOf']): UserWord | undefined {
  const kind = requireText(event, 'e');
  if (kind === 'executionReport') return { kind: 'events', events: executionEvents(event, instrumentOf) };
  if (kind === 'eventStreamTerminated') return { kind: 'renew', reason: kind };
  if (kind === 'serverShutdown') return { kind: 'move', reason: 'the venue shuts this server down' };
  if (movements.has(kind)) return { kind: 'events', events: [movedEvent(event)] };
  if (kind !== 'outboundAccountPosition') return undefined;
  const venueTime = integerOf(event, 'E');
  const assets = balancesOf(event['B'], ['a', 'f', 'l']);
  const balance = { type: 'balance', assets, ...(venueTime === undefined ? {} : { venueTime }) } as const;
  return { kind: 'events', events: [balance] };
}

const movedEvent = (event: JsonRecord): UserEvent => ({
  ...{ type: 'moved', asset: requireText(event, 'a'), delta: requireText(event, 'd') },
});

function executionEvents(
  event: JsonRecord,
  instrumentOf: UserSessionParts['instrumentOf'],
): readonly UserEvent[] {
  const symbol = requireText(event, 's');
  const instrument = instrumentOf(symbol);
  if (instrument === undefined) throw new Error(`symbol ${symbol} is not listed`);
  const { order, fill } = executionReportOf(event, instrument);
  if (order.status === 'rejected' && order.venueOrderId === noOrder) return [];
  const report = { type: 'order', report: order } as const;
  return fill ? [{ type: 'fill', fill }, report] : [report];
}
