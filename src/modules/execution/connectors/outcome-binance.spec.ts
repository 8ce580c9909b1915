import { classifyOutcome } from './outcome';
import type { Operation, Reply } from './outcome';
import { binanceCodes } from './outcome-binance';

const refusal = (code: number, message = '', status = 400): Reply => ({
  ...{ written: true, status, headers: {}, parsed: { code, msg: message } },
  ...{ code: String(code), message },
});
const judge = (reply: Reply, operation: Operation = 'create'): string => {
  const outcome = classifyOutcome(binanceCodes, operation, reply);
  if (outcome.kind === 'answered') return 'answered';
  return outcome.kind === 'rejected' ? `rejected ${outcome.code}` : `unknown ${outcome.reason}`;
};

describe('outcomes of Binance', () => {
  it.each<[Reply, string]>([
    [{ written: false, why: 'ECONNREFUSED' }, 'rejected NOT_SENT'],
    [{ written: true, isLate: true }, 'unknown deadline'],
    [{ written: true, error: 'reset' }, 'unknown transport'],
    [{ written: true, status: 200, parsed: undefined }, 'unknown unparsable'],
    [{ written: true, status: 403, parsed: undefined }, 'unknown unparsable'],
    [{ written: true, status: 302, parsed: {} }, 'unknown unmapped'],
    [{ written: true, status: 500, parsed: {} }, 'unknown server_error'],
    [{ written: true, status: 429, parsed: undefined }, 'rejected RATE'],
    [{ written: true, status: 418, parsed: undefined }, 'rejected RATE'],
    [{ written: true, status: 200, parsed: { orderId: 1 } }, 'answered'],
  ])('%j is %s', (reply, expected) => {
    expect(judge(reply)).toBe(expected);
  });

  it.each<[number, string, string]>([
    [-2010, 'Account has insufficient balance for requested action.', 'rejected BALANCE'],
    [-2010, 'Order would immediately match and take.', 'rejected POST_ONLY'],
    [-2010, 'Duplicate order sent.', 'unknown duplicate_id'],
    [-2010, 'Market is closed.', 'rejected MARKET_CLOSED'],
    [-2010, 'This account may not place or cancel orders.', 'rejected RESTRICTED'],
    [-2010, 'This symbol is not permitted for this account.', 'rejected RESTRICTED'],
    [-2010, 'Too many new orders; EXCHANGE_MAX_NUM_ORDERS', 'rejected LIMIT'],
    [-2010, 'Words nobody has seen.', 'unknown unmapped'],
    [-1013, 'Filter failure: PRICE_FILTER', 'rejected FILTER'],
    [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', 'rejected FILTER'],
    [-1013, 'Filter failure: MAX_NUM_ORDERS', 'rejected LIMIT'],
    [-1013, 'Filter failure: MAX_POSITION', 'rejected LIMIT'],
    [-1111, '', 'rejected FILTER'],
    [-1121, '', 'rejected SYMBOL'],
    [-1003, '', 'rejected RATE'],
    [-1015, '', 'rejected RATE'],
    [-1021, '', 'rejected CLOCK'],
    ...[-2014, -2015, -1022, -1002].map((code): [number, string, string] => [code, '', 'rejected AUTH']),
    ...[-1100, -1102, -1108, -1114, -1120, -1128, -1130].map((code): [number, string, string] => [
      code,
      '',
      'rejected BAD_REQUEST',
    ]),
    ...[-1000, -1001, -1006, -1007, -1008, -1016].map((code): [number, string, string] => [
      code,
      '',
      'unknown server_error',
    ]),
    ...[-1109, -1131, -9999, -2011, -2013].map((code): [number, string, string] => [
      code,
      '',
      'unknown unmapped',
    ]),
  ])('a create answered %i "%s" is %s', (code, message, expected) => {
    expect(judge(refusal(code, message))).toBe(expected);
  });

  it.each<[Operation, number, string]>([
    ['cancel', -2011, 'rejected not_found'],
    ['cancel', -2013, 'unknown unmapped'],
    ['query', -2013, 'rejected not_found'],
    ['query', -2026, 'unknown archived'],
    ['cancel', -2026, 'unknown unmapped'],
  ])('a %s answered %i is %s', (operation, code, expected) => {
    expect(judge(refusal(code), operation)).toBe(expected);
  });

  it('does not believe a refusal that came with a 5xx', () => {
    expect(judge(refusal(-2010, 'Account has insufficient balance.', 503))).toBe('unknown server_error');
  });
});
