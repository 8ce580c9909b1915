import type { PlaceAnswer } from '../venue-types';

/** A refusal in Binance's shape: HTTP status, `{code, msg}` and at times a header. */
export class BinanceRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    readonly text: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What was done all the same. */
    readonly data?: unknown,
  ) {
    super(text);
    this.name = 'BinanceRefusal';
  }
}

const refusal = (code: number, text: string, status = 400): BinanceRefusal =>
  new BinanceRefusal(status, code, text);

export const refusals = {
  noRoute: () => refusal(-1000, 'Path not found.', 404),
  missing: (name: string) =>
    refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  illegal: (name: string) => refusal(-1100, `Illegal characters found in parameter '${name}'.`),
  symbol: () => refusal(-1121, 'Invalid symbol.'),
  side: () => refusal(-1117, 'Invalid side.'),
  orderType: () => refusal(-1116, 'Invalid orderType.'),
  timeInForce: () => refusal(-1115, 'Invalid timeInForce.'),
  precision: (name: string) => refusal(-1111, `Parameter '${name}' has too much precision.`),
  filter: (name: string) => refusal(-1013, `Filter failure: ${name}`),
  combination: () => refusal(-1128, 'Combination of optional parameters invalid.'),
  longWindow: () => refusal(-1127, 'More than 24 hours between startTime and endTime.'),
  interval: () => refusal(-1120, 'Invalid interval.'),
  amend: (text: string) => refusal(-2038, text),
  replace: (isPartly: boolean, data: unknown) =>
    isPartly
      ? new BinanceRefusal(409, -2021, 'Order cancel-replace partially failed.', {}, data)
      : new BinanceRefusal(400, -2022, 'Order cancel-replace failed.', {}, data),
  closed: () => refusal(-2010, 'Market is closed.'),
  noOrder: () => refusal(-2013, 'Order does not exist.'),
  unknownOrder: () => refusal(-2011, 'Unknown order sent.'),
  noKey: () => refusal(-2014, 'API-key format invalid.', 401),
  badKey: () => refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
  badSignature: () => refusal(-1022, 'Signature for this request is not valid.'),
  late: () => refusal(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  early: () => refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  tooManyOrders: () => refusal(-1015, 'Too many new orders.', 429),
  weight: (retryAfterSeconds: number, status: 429 | 418) =>
    new BinanceRefusal(
      status,
      -1003,
      status === 418
        ? 'Way too much request weight used; IP banned.'
        : 'Too much request weight used; please slow down.',
      { 'retry-after': String(retryAfterSeconds) },
    ),
  broken: (status: number) =>
    new BinanceRefusal(status, -1000, 'An unknown error occurred while processing the request.'),
} as const;

type PlaceReason = Extract<PlaceAnswer, { ok: false }>['reason'];

const placed: Readonly<Record<PlaceReason, readonly [number, string]>> = {
  INSUFFICIENT_BALANCE: [-2010, 'Account has insufficient balance for requested action.'],
  WOULD_MATCH: [-2010, 'Order would immediately match and take.'],
  DUPLICATE_ID: [-2010, 'Duplicate order sent.'],
  TOO_MANY_ORDERS: [-1013, 'Filter failure: MAX_NUM_ORDERS'],
  UNKNOWN_SYMBOL: [-1121, 'Invalid symbol.'],
};

/** Why the core would not take an order, as the venue says it. */
export function placeRefusal(reason: PlaceReason): BinanceRefusal {
  const [code, text] = placed[reason];
  return refusal(code, text);
}
