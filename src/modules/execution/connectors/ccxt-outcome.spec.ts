import { createRequire } from 'node:module';
import { outcomeOfError, textOfError } from './ccxt.outcome';
import type { CallTrace } from './ccxt.outcome';

const ccxt = createRequire(__filename)('ccxt') as Record<string, new (text: string) => Error>;
const errorOf = (name: string, text = 'no'): Error => new ccxt[name]!(text);
const wire: CallTrace = {
  ...{ isWritten: true, isLate: false, status: 400, retryAfterMs: undefined, parsed: { code: '7' } },
};
const judged = (error: Error, change: Partial<CallTrace> = {}, operation: 'create' | 'cancel' = 'create') =>
  outcomeOfError(error, { ...wire, ...change }, { operation, refusals: { '42': 'FILTER' } });

it.each([
  ['InsufficientFunds', 'BALANCE'],
  ['BadSymbol', 'SYMBOL'],
  ['OrderImmediatelyFillable', 'POST_ONLY'],
  ['PermissionDenied', 'RESTRICTED'],
  ['AuthenticationError', 'AUTH'],
  ['AccountSuspended', 'RESTRICTED'],
  ['RateLimitExceeded', 'RATE'],
  ['DDoSProtection', 'RATE'],
  ['InvalidNonce', 'CLOCK'],
  ['MarketClosed', 'MARKET_CLOSED'],
  ['InvalidOrder', 'FILTER'],
  ['BadRequest', 'BAD_REQUEST'],
])('takes %s for a refusal', (name, code) => {
  expect(judged(errorOf(name))).toMatchObject({ kind: 'rejected', code });
});

it.each([
  'NetworkError',
  'ExchangeError',
  'ExchangeNotAvailable',
  'RequestTimeout',
  'OnMaintenance',
  'NullResponse',
])('does not know what %s means for an order, whatever its children mean', (name) => {
  expect(judged(errorOf(name))).toMatchObject({ kind: 'unknown', reason: 'unmapped' });
});

it('believes no word of form that the status does not confirm, nor one about an id that is there', () => {
  expect(judged(errorOf('InvalidOrder'), { status: 200 })).toMatchObject({ kind: 'unknown' });
  for (const text of ['Duplicate order', 'id already exists', 'repeated'])
    expect(judged(errorOf('InvalidOrder', text))).toMatchObject({ kind: 'unknown', reason: 'duplicate_id' });
  expect(judged(errorOf('DuplicateOrderId'))).toMatchObject({ kind: 'unknown', reason: 'duplicate_id' });
});

it('looks at the wire before the class, and at the code of the venue before the class', () => {
  const funds = errorOf('InsufficientFunds');
  expect(judged(funds, { isWritten: false })).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
  expect(judged(funds, { isLate: true })).toEqual({ kind: 'unknown', reason: 'deadline' });
  expect(judged(funds, { status: undefined })).toEqual({ kind: 'unknown', reason: 'transport' });
  expect(judged(funds, { parsed: undefined, status: 403 })).toEqual({
    kind: 'unknown',
    reason: 'unparsable',
  });
  expect(judged(funds, { status: 502 })).toMatchObject({ kind: 'unknown', reason: 'server_error' });
  expect(judged(errorOf('BadRequest'), { parsed: { code: '42' } })).toMatchObject({ code: 'FILTER' });
  expect(judged(funds, { status: 429, retryAfterMs: 2_000 })).toMatchObject({
    code: 'RATE',
    retryAfterMs: 2_000,
  });
});

it('never calls an order that a create names missing, nor a cancel done', () => {
  expect(judged(errorOf('OrderNotFound'))).toMatchObject({ kind: 'unknown' });
  expect(judged(errorOf('OrderNotFound'), {}, 'cancel')).toMatchObject({
    kind: 'rejected',
    code: 'not_found',
  });
  expect(judged(errorOf('InvalidOrder'), {}, 'cancel')).toMatchObject({
    kind: 'rejected',
    code: 'not_found',
  });
});

it('quotes no signature', () => {
  expect(textOfError(new Error('GET https://api/x?apiKey=k&sign=s failed'))).toBe(
    'GET https://api/x?… failed',
  );
});
