import type { AmendAnswer, PlaceAnswer } from '../venue-types';

/** A refusal in OKX's shape. It is the whole answer, or one item of the answer to an order request. */
export class OkxRefusal extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
    /** Business errors come with HTTP 200. */
    readonly status = 200,
  ) {
    super(text);
    this.name = 'OkxRefusal';
  }
}

const refusal = (code: string, text: string, status?: number): OkxRefusal =>
  new OkxRefusal(code, text, status);

/** Codes and statuses of the public list of version 5. Where it names none, the choice is marked. */
export const refusals = {
  noRoute: () => refusal('404', 'Not Found', 404),
  method: () => refusal('50115', 'Invalid request method', 405),
  noBody: () => refusal('50000', 'Body for POST request cannot be empty', 400),
  json: () => refusal('50002', 'JSON syntax error', 400),
  rate: () => refusal('50011', 'Too Many Requests', 429),
  accountRate: () => refusal('50061', "You've reached the maximum order rate limit for this account."),
  empty: (name: string) => refusal('50014', `Parameter ${name} cannot be empty.`, 400),
  illegal: (name: string) => refusal('51000', `Parameter ${name} error`),
  noHeader: (code: string, name: string) => refusal(code, `Request header "${name}" cannot be empty.`, 401),
  environment: () => refusal('50101', 'APIKey does not match current environment.', 401),
  skewed: () => refusal('50102', 'Timestamp request expired', 401),
  badPassphrase: () => refusal('50105', 'Request header "OK-ACCESS-PASSPHRASE" incorrect.', 401),
  badKey: () => refusal('50111', 'Invalid OK-ACCESS-KEY', 401),
  badTimestamp: () => refusal('50112', 'Invalid OK-ACCESS-TIMESTAMP', 401),
  badSignature: () => refusal('50113', 'Invalid Sign', 401),
  expired: () =>
    refusal(
      '50036',
      "The expTime can't be earlier than the current system time. Please adjust the expTime and try again.",
    ),
  expiredWaiting: () => refusal('50037', 'Order expired.'),
  instrument: () => refusal('51001', "Instrument ID doesn't exist."),
  noId: () => refusal('51003', 'Either client order ID or order ID is required.'),
  tooLarge: () => refusal('51005', 'Your order amount exceeds the max order amount.'),
  accountMode: () => refusal('51010', 'Request unsupported under current account mode'),
  tooSmall: () => refusal('51020', 'Your order should meet or exceed the minimum order amount.'),
  suspended: () => refusal('51022', 'Trading of this instrument is suspended.'),
  tooManyInBatch: (most: number) => refusal('51111', `A maximum of ${most} orders can be placed in bulk`),
  lot: () => refusal('51121', 'Order quantity must be a multiple of the lot size.'),
  tooHigh: (most: string) => refusal('51137', `Your order price exceeds the max buy price of ${most}.`),
  tooLow: (least: string) => refusal('51138', `Your order price is below the min sell price of ${least}.`),
  marketTooLarge: () => refusal('51201', 'Value of per market order cannot exceed 1,000,000 USDT'),
  noOrderToCancel: () =>
    refusal('51400', 'Order cancellation failed as the order has been filled, canceled or does not exist.'),
  alreadyCanceled: () => refusal('51401', 'Cancellation failed as the order is already canceled.'),
  alreadyFilled: () => refusal('51402', 'Cancellation failed as the order is already completed.'),
  tooManyCancels: (most: number) => refusal('51406', `Canceled - order count exceeds the limit ${most}`),
  noChange: () => refusal('51500', 'You must enter a price, quantity, or TP/SL'),
  tooManyAmends: (most: number) => refusal('51501', `A maximum of ${most} orders can be modified`),
  noOrderToAmend: () =>
    refusal('51503', 'Your order has already been filled or canceled, or it does not exist.'),
  amendType: () => refusal('51506', 'Order modification unavailable for the order type'),
  amendCanceled: () => refusal('51509', 'Modification failed as the order has been canceled'),
  amendFilled: () => refusal('51510', 'Modification failed as the order has been completed'),
  noOrder: () => refusal('51603', 'Order does not exist'),
} as const;

type PlaceReason = Extract<PlaceAnswer, { ok: false }>['reason'];
type AmendReason = Exclude<Extract<AmendAnswer, { ok: false }>['reason'], 'NOT_OPEN'>;

type Said = readonly [code: string, text: string];

const placed: Readonly<Record<PlaceReason, Said>> = {
  INSUFFICIENT_BALANCE: ['51008', 'Order failed. Insufficient balance in account'],
  DUPLICATE_ID: ['51016', 'Client order ID already exists.'],
  // The list names no code for the open orders of one spot instrument alone.
  TOO_MANY_ORDERS: ['51174', 'The number of pending orders reached the upper limit.'],
  UNKNOWN_SYMBOL: ['51001', "Instrument ID doesn't exist."],
  // Only the core could say so: a crossing post-only order is taken here, and ends at once.
  WOULD_MATCH: ['51019', 'The order would take liquidity'],
};
const amended: Readonly<Record<AmendReason, Said>> = {
  INSUFFICIENT_BALANCE: ['51502', 'Order failed to amend. Insufficient balance in account'],
  WOULD_MATCH: ['51511', 'Modification failed as the order price did not meet the requirement for Post Only'],
};

/** Why the core would not take an order, or its change, as the venue says it. */
export const placeRefusal = (reason: PlaceReason): OkxRefusal => refusal(...placed[reason]);
export const amendRefusal = (reason: AmendReason): OkxRefusal => refusal(...amended[reason]);

const failures: Readonly<Record<number, Said>> = {
  400: ['50004', 'API endpoint request timeout'],
  429: ['50013', 'Systems are busy. Please try again later.'],
  503: ['50001', 'Service temporarily unavailable. Please try again later'],
};

/** What the venue says with a status when it does not know what became of a request, or is under maintenance. */
export const failure = (status: number): OkxRefusal =>
  refusal(...(failures[status] ?? (['50026', 'System error. Please try again later.'] as const)), status);
