import type { AmendAnswer, PlaceAnswer } from '../venue-types';

/** A refusal in Gate's shape: HTTP status and `{label, message}`. */
export class GateRefusal extends Error {
  constructor(
    readonly status: number,
    readonly label: string,
    readonly text: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(text);
    this.name = 'GateRefusal';
  }
}

const refusal = (label: string, text: string, status = 400): GateRefusal =>
  new GateRefusal(status, label, text);

/** Labels of the public list. Where the documents name none, the choice is marked. */
export const refusals = {
  noRoute: () => refusal('NOT_FOUND', 'Request URL not exists', 404),
  noHeader: (name: string) => refusal('MISSING_REQUIRED_HEADER', `Missing required header: ${name}`, 401),
  badKey: () => refusal('INVALID_KEY', 'Invalid key provided', 401),
  badSignature: () => refusal('INVALID_SIGNATURE', 'Signature mismatch', 401),
  skewed: () => refusal('REQUEST_EXPIRED', 'gap between request Timestamp and server time exceeds 60', 403),
  // The documents name no label for a request behind its own x-gate-exptime.
  expired: () => refusal('REQUEST_EXPIRED', 'request time is greater than x-gate-exptime', 403),
  body: () => refusal('INVALID_REQUEST_BODY', 'Invalid request body'),
  missing: (name: string) => refusal('MISSING_REQUIRED_PARAM', `Missing required parameter: ${name}`),
  illegal: (name: string) => refusal('INVALID_PARAM_VALUE', `Invalid parameter value: ${name}`),
  pair: (id: string) => refusal('INVALID_CURRENCY_PAIR', `Invalid currency pair ${id}`),
  // The documents name no label for a pair that is not traded now.
  closed: (id: string) => refusal('INVALID_CURRENCY_PAIR', `currency pair ${id} is not tradable`),
  currency: (id: string) => refusal('INVALID_CURRENCY', `Invalid currency ${id}`),
  precision: (name: string) => refusal('INVALID_PRECISION', `Invalid precision of ${name}`),
  tooSmall: (size: string, least: string) =>
    refusal('INVALID_PARAM_VALUE', `Your order size ${size} is too small. The minimum is ${least}`),
  tooLarge: () => refusal('AMOUNT_TOO_MUCH', 'Amount exceeds maximum allowed'),
  deviates: () => refusal('PRICE_TOO_DEVIATED', 'Order price deviates too much from the market'),
  noStpGroup: () => refusal('INVALID_PARAM_VALUE', 'stp_act is not allowed: the user is in no STP group'),
  noOrder: () => refusal('ORDER_NOT_FOUND', 'Order not found', 404),
  noText: (text: string) => refusal('CLIENT_ID_NOT_FOUND', `Order with client ID ${text} not found`, 404),
  closedOrder: () => refusal('ORDER_CLOSED', 'Order already closed'),
  cancelledOrder: () => refusal('ORDER_CANCELLED', 'Order already cancelled'),
  tooManyPairs: () => refusal('TOO_MANY_CURRENCY_PAIRS', 'Too many currency pairs in batch orders creation'),
  tooManyInBatch: () =>
    refusal('TOO_MANY_ORDERS', 'Too many orders in one currency pair in batch orders creation'),
  mixedAccounts: () =>
    refusal('MIXED_ACCOUNT_TYPE', 'More than one account type is used in batch orders creation'),
  rate: (headers: Readonly<Record<string, string>>) =>
    new GateRefusal(429, 'TOO_MANY_REQUESTS', 'Request Rate Limit Exceeded', headers),
  broken: (status: number) => refusal('SERVER_ERROR', 'Internal server error', status),
} as const;

type PlaceReason = Extract<PlaceAnswer, { ok: false }>['reason'];
type AmendReason = Exclude<Extract<AmendAnswer, { ok: false }>['reason'], 'NOT_OPEN'>;

const reasons: Readonly<Record<PlaceReason | AmendReason, readonly [label: string, text: string]>> = {
  INSUFFICIENT_BALANCE: ['BALANCE_NOT_ENOUGH', 'Not enough balance'],
  WOULD_MATCH: ['POC_FILL_IMMEDIATELY', "Order would match and take immediately so it's cancelled"],
  // The documents name no label for a text that an open order bears already.
  DUPLICATE_ID: ['REPEATED_CREATION', 'Repeated creation'],
  TOO_MANY_ORDERS: ['TOO_MANY_ORDERS', 'Too many open orders'],
  UNKNOWN_SYMBOL: ['INVALID_CURRENCY_PAIR', 'Invalid currency pair'],
};

/** Why the core would not take an order or its change, as the venue says it. */
export function coreRefusal(reason: PlaceReason | AmendReason): GateRefusal {
  const [label, text] = reasons[reason];
  return refusal(label, text);
}
