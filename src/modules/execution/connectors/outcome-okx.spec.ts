import { classifyOutcome } from './outcome';
import type { Operation, Reply } from './outcome';
import { OkxConnector } from './okx.connector';

const { codes, refusalOf } = OkxConnector.dialect.answers;
const reply = (body: unknown, status = 200): Reply => ({
  written: true,
  status,
  headers: {},
  parsed: body,
  ...refusalOf(body),
});
/** An order request that fails: the code of the order stands in its row, that of the request only counts. */
const ofOrder = (sCode: string) => ({
  code: '1',
  data: [{ ordId: '', clOrdId: 'x', sCode, sMsg: 'no' }],
  msg: '',
});
const ofRequest = (code: string) => ({ code, data: [], msg: 'no' });
const judge = (operation: Operation, body: unknown, status?: number): string => {
  const outcome = classifyOutcome(codes, operation, reply(body, status));
  if (outcome.kind === 'rejected') return outcome.code;
  return outcome.kind === 'unknown' ? `unknown ${outcome.reason}` : outcome.kind;
};

it.each<[string, readonly string[]]>([
  ['BALANCE', ['51008', '51119', '51131', '51502']],
  ['POST_ONLY', ['51019']],
  ['LIMIT', ['51174']],
  ['unknown duplicate_id', ['51016', '50071', '50042']],
  ['FILTER', ['51020', '51100', '51120', '51121', '51006', '51116', '51136', '51137', '51138']],
  ['MARKET_CLOSED', ['51021', '51022']],
  ['SYMBOL', ['51001', '51015']],
  ['RATE', ['50011', '50061', '50040']],
  ['CLOCK', ['50036', '50037', '50102', '50112']],
  [
    'AUTH',
    ['50100', '50103', '50105', '50109', '50111', '50113', '50114', '50119', '50110', '50030', '50120'],
  ],
  ['RESTRICTED', ['50007', '50009', '50012', '50027', '50028', '50029', '50032', '50033']],
  ['BAD_REQUEST', ['50002', '50014', '50015', '50016', '50024', '51000']],
  ['unknown server_error', ['50001', '50004', '50005', '50013', '50026', '51054', '51149']],
  ['unknown unmapped', ['99999', '51400', '51603', 'constructor', '__proto__']],
])('a create is %s for each of its codes, of the order and of the request', (expected, list) => {
  for (const code of list) {
    expect([code, judge('create', ofOrder(code))]).toEqual([code, expected]);
    expect([code, judge('create', ofRequest(code))]).toEqual([code, expected]);
  }
});

it.each<[Operation, string, string]>([
  ['cancel', '51400', 'not_found'],
  ['cancel', '51405', 'not_found'],
  ['cancel', '51401', 'already_done'],
  ['cancel', '51402', 'already_done'],
  ['cancel', '51410', 'answered'],
  ['query', '51603', 'not_found'],
  ['query', '51400', 'unknown unmapped'],
  ['amend', '51503', 'AMEND_REFUSED'],
  ['amend', '51512', 'AMEND_REFUSED'],
])('a %s with %s is %s', (operation, code, expected) => {
  expect(judge(operation, ofOrder(code))).toBe(expected);
});

it('reads a success, and believes no answer without a code', () => {
  expect(judge('create', { code: '0', data: [{ ordId: '1', clOrdId: 'x', sCode: '0' }], msg: '' })).toBe(
    'answered',
  );
  expect(judge('create', { data: [{ ordId: '1', clOrdId: 'x' }] })).toBe('unknown unmapped');
});

it('tells too busy from too often where both come with 429', () => {
  expect(judge('create', ofRequest('50011'), 429)).toBe('RATE');
  expect(judge('create', ofRequest('50013'), 429)).toBe('unknown server_error');
  expect(judge('create', ofRequest('50113'), 401)).toBe('AUTH');
  expect(judge('create', ofRequest('51008'), 500)).toBe('unknown server_error');
});
