import type { WireAnswer } from '../wire';

/** Every class of outcome that an answer to a create may have, as the table of outcomes names them. */
export const outcomeClasses = [
  'ACCEPTED',
  'EXISTS',
  'BALANCE',
  'POST_ONLY',
  'FILTER',
  'LIMIT',
  'MARKET_CLOSED',
  'AUTH',
  'RESTRICTED',
  'SYMBOL',
  'BAD_REQUEST',
  'RATE',
  'CLOCK',
  'NOT_SENT',
  'UNKNOWN_CODE',
  'UNKNOWN_BODY',
] as const;

export type OutcomeClass = (typeof outcomeClasses)[number];

const byText: readonly (readonly [RegExp, OutcomeClass])[] = [
  [/duplicate order/i, 'EXISTS'],
  [/insufficient balance/i, 'BALANCE'],
  [/immediately match/i, 'POST_ONLY'],
  [/MAX_NUM_ORDERS|MAX_POSITION/, 'LIMIT'],
  [/market is closed/i, 'MARKET_CLOSED'],
  [/disabled|may not place|not permitted|restricted/i, 'RESTRICTED'],
];

const byCode: ReadonlyMap<number, OutcomeClass> = new Map([
  [-1013, 'FILTER'],
  [-1111, 'FILTER'],
  [-1121, 'SYMBOL'],
  [-1003, 'RATE'],
  [-1015, 'RATE'],
  [-1021, 'CLOCK'],
  [-1002, 'AUTH'],
  [-1022, 'AUTH'],
  [-2014, 'AUTH'],
  [-2015, 'AUTH'],
]);

/** The class of an answer to a create. Told apart here on its own, so that what is counted is what the venue said. */
export function outcomeOf(answer: WireAnswer | undefined): OutcomeClass {
  const { status, body } = answer ?? {};
  if (status === 429 || status === 418) return 'RATE';
  if (typeof body !== 'object' || body === null) return 'UNKNOWN_BODY';
  const { code, msg, orderId } = body as Readonly<Record<string, unknown>>;
  if (code === undefined) return status === 200 && orderId !== undefined ? 'ACCEPTED' : 'UNKNOWN_BODY';
  if (code === -2010 || code === -1013) {
    const row = byText.find(([pattern]) => pattern.test(String(msg)));
    if (row) return row[1];
  }
  const number = Number(code);
  if (-number >= 1100 && -number <= 1130 && !byCode.has(number)) return 'BAD_REQUEST';
  return byCode.get(number) ?? 'UNKNOWN_CODE';
}
