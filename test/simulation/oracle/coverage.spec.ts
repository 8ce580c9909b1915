import { cellOf, cells } from './transition-cells';
import { differenceOf } from './book-truth';
import { quietShare, twoSidedShare } from './floors';
import { isInexcusable } from './excuses';
import { outcomeOf } from './outcome-classes';
import { secretIn } from './secret-judge';
import { expectedReach } from './expected-reach';
import { unreachable } from './unreachable';

describe('coverage', () => {
  it.each([
    ['OPEN|seen|CANCELED', 'OPEN canceled'],
    ['CANCELED|booked|CANCELED', 'CANCELED late fill'],
    ['OPEN|cancel_sent|OPEN', undefined],
    ['EARLIER|seen|OPEN', undefined],
    ['PENDING_CREATE|ambiguous|UNKNOWN', 'PENDING_CREATE ambiguous'],
  ])('%s is the cell %s', (step, cell) => expect(cellOf(step)).toBe(cell));

  it('lists as out of reach only what is asked for', () => {
    const wanted = new Set([...cells.map((cell) => `cell ${cell}`), ...expectedReach]);
    expect(Object.keys(unreachable).filter((key) => !wanted.has(key))).toEqual([]);
  });
});

it.each([
  [200, { orderId: 7 }, 'ACCEPTED'],
  [400, { code: -2010, msg: 'Duplicate order sent.' }, 'EXISTS'],
  [400, { code: -2010, msg: 'Account has insufficient balance for requested action.' }, 'BALANCE'],
  [400, { code: -1013, msg: 'Filter failure: LOT_SIZE' }, 'FILTER'],
  [400, { code: -1102, msg: 'A mandatory parameter was not sent.' }, 'BAD_REQUEST'],
  [429, { code: -1015, msg: 'Too many new orders.' }, 'RATE'],
  [502, '<html>', 'UNKNOWN_BODY'],
  [503, { code: -1008, msg: 'overloaded' }, 'UNKNOWN_CODE'],
])('an answer %d %j is of class %s', (status, body, expected) => {
  expect(outcomeOf({ status, headers: {}, body })).toBe(expected);
});

it('takes barred seconds out of the denominator for a fifth of a seed, and no more', () => {
  const sides = { samples: 80, twoSided: 80, quietSamples: 10, quietTwoSided: 10, quietBarred: 20 };
  expect(twoSidedShare({ ...sides, barred: 20 })).toBe(1);
  expect(twoSidedShare({ ...sides, barred: 120 })).toBeCloseTo(0.5);
  expect(quietShare({ ...sides, barred: 20 })).toBe(1);
  expect(quietShare({ ...sides, barred: 120 })).toBeCloseTo(1 / 3);
});

it.each([
  [{ code: 'HALT', detail: 'strategy:1 HALTED by engine: SLOT_OCCUPIED: bid-0' }, true],
  [{ code: 'OVERFILL', detail: 'x' }, true],
  [{ code: 'HALT', detail: 'strategy:1 HALTED by engine: LOSS_LIMIT: 5 of 4' }, false],
])('%j is excused by nothing: %s', (notice, expected) => expect(isInexcusable(notice)).toBe(expected));

it.each([
  ['an answer to GET /order?timestamp=1&signature=ab', 'signature='],
  [`sign ${'ab'.repeat(32)}`, 'ab'.repeat(32)],
  ['order mbxb00099rj0pt000006cw was refused', undefined],
])('finds the canary in %j', (text, found) => expect(secretIn(text)).toBe(found));

it('compares the best levels by price, size and number', () => {
  const side = new Map([
    [100, 5],
    [99, 7],
  ]);
  const top = [
    [100, 5],
    [99, 7],
  ] as const;
  expect(differenceOf(top, side, 'bids')).toBeUndefined();
  expect(differenceOf([[100, 4]], side, 'bids')).toContain('100 has 4');
  expect(differenceOf(top, new Map([...side, [101, 1]]), 'bids')).toContain('2 levels');
  expect(differenceOf(top.slice(0, 1), side, 'bids')).toContain('1 levels');
});
