import { GateConnector } from './gate.connector';
import { classifyOutcome } from './outcome';
import type { Operation, Reply } from './outcome';

const { codes, refusalOf, rateHeaders } = GateConnector.dialect.answers;
const reply = (body: unknown, status: number): Reply => ({
  ...{ written: true, status, headers: {}, parsed: body },
  ...refusalOf(body),
});
const judge = (operation: Operation, label: string, message = 'no', status = 400): string => {
  const outcome = classifyOutcome(codes, operation, reply({ label, message }, status));
  if (outcome.kind === 'rejected') return outcome.code;
  return outcome.kind === 'unknown' ? `unknown ${outcome.reason}` : outcome.kind;
};

it.each<[string, readonly string[]]>([
  ['BALANCE', ['BALANCE_NOT_ENOUGH', 'MARGIN_BALANCE_NOT_ENOUGH']],
  ['POST_ONLY', ['POC_FILL_IMMEDIATELY', 'ORDER_POC_IMMEDIATE', 'ORDER_POC']],
  ['unknown duplicate_id', ['DUPLICATE_TEXT', 'REPEATED_CREATION']],
  ['FILTER', ['INVALID_PRECISION', 'AMOUNT_TOO_LITTLE', 'AMOUNT_TOO_MUCH', 'QUANTITY_NOT_ENOUGH']],
  ['FILTER', ['INVALID_PARAM_VALUE', 'PRICE_TOO_DEVIATED']],
  ['LIMIT', ['TOO_MANY_ORDERS']],
  ['SYMBOL', ['INVALID_CURRENCY_PAIR', 'INVALID_CURRENCY']],
  ['RATE', ['TOO_MANY_REQUESTS', 'TOO_FAST']],
  ['CLOCK', ['REQUEST_EXPIRED', 'ORDER_EXPIRED']],
  ['AUTH', ['INVALID_KEY', 'INVALID_SIGNATURE', 'INVALID_CREDENTIALS', 'MISSING_REQUIRED_HEADER']],
  ['AUTH', ['IP_FORBIDDEN', 'READ_ONLY', 'FORBIDDEN']],
  ['RESTRICTED', ['ACCOUNT_LOCKED', 'SUB_ACCOUNT_LOCKED', 'TRADE_RESTRICTED']],
  ['BAD_REQUEST', ['MISSING_REQUIRED_PARAM', 'INVALID_REQUEST_BODY']],
  ['unknown server_error', ['SERVER_ERROR', 'INTERNAL', 'TOO_BUSY']],
  ['unknown unmapped', ['NEW_LABEL', 'ORDER_NOT_FOUND', 'ORDER_CLOSED', 'constructor']],
])('a create is %s for %j', (expected, list) => {
  for (const label of list) expect([label, judge('create', label)]).toEqual([label, expected]);
});

it.each<[Operation, string, string]>([
  ['cancel', 'ORDER_NOT_FOUND', 'not_found'],
  ['cancel', 'CLIENT_ID_NOT_FOUND', 'not_found'],
  ['cancel', 'ORDER_NOT_OWNED', 'not_found'],
  ['cancel', 'ORDER_CLOSED', 'already_done'],
  ['cancel', 'ORDER_CANCELLED', 'already_done'],
  ['query', 'ORDER_NOT_FOUND', 'not_found'],
  ['query', 'CLIENT_ID_NOT_FOUND', 'not_found'],
  ['query', 'ORDER_CLOSED', 'unknown unmapped'],
  ['amend', 'ORDER_CLOSED', 'AMEND_REFUSED'],
])('a %s with %s is %s', (operation, label, expected) => {
  expect(judge(operation, label, 'no', 404)).toBe(expected);
});

it('believes no label of a server that fails', () => {
  expect(judge('create', 'BALANCE_NOT_ENOUGH', 'no', 502)).toBe('unknown server_error');
  expect(judge('create', 'INVALID_PARAM_VALUE', 'the text is duplicated')).toBe('unknown duplicate_id');
  expect(judge('create', 'INVALID_CURRENCY_PAIR', 'A_B is not tradable')).toBe('MARKET_CLOSED');
});

it('takes no row of a batch for a success that says it failed', () => {
  const row = { text: 't-x', id: '7', succeeded: false, label: '', message: '' };
  expect(classifyOutcome(codes, 'create', reply(row, 200))).toMatchObject({ kind: 'unknown' });
  expect(classifyOutcome(codes, 'cancel', reply(row, 200))).toMatchObject({ kind: 'unknown' });
  expect(classifyOutcome(codes, 'create', reply({ ...row, succeeded: true }, 200)).kind).toBe('answered');
});

it('reads when the count of requests begins anew, and no time that is absurd', () => {
  const at = (seconds: number) =>
    rateHeaders({ 'x-gate-ratelimit-reset-timestamp': String(seconds) }, 1_700_000_000_500)['retry-after'];
  expect([at(1_700_000_003), at(1_699_999_999), at(1_800_000_000)]).toEqual(['3', undefined, undefined]);
  expect(rateHeaders({ a: 'b' }, 0)).toEqual({ a: 'b' });
});
