import type { RejectCode } from '../../../domain/sent';
import type { Operation, Outcome, RefusalCode } from './outcome';
import { recordOf, textOf } from './venue-json';

/** How one call went on the wire: of its write, or of its last request where it has none. */
export interface CallTrace {
  /** Whether a byte of it left. */
  isWritten: boolean;
  /** No answer in time. */
  isLate: boolean;
  status: number | undefined;
  retryAfterMs: number | undefined;
  /** The answer as JSON; undefined when it was none. */
  parsed: unknown;
}

export type Refusals = Readonly<Record<string, RejectCode>>;

/** Classes by their own name: a parent class has children that say the opposite. */
const classes: Readonly<Record<string, RefusalCode>> = Object.assign(
  Object.create(null) as Record<string, RefusalCode>,
  {
    InsufficientFunds: 'BALANCE',
    BadSymbol: 'SYMBOL',
    OrderImmediatelyFillable: 'POST_ONLY',
    OrderNotFillable: 'LIMIT',
    PermissionDenied: 'RESTRICTED',
    AuthenticationError: 'AUTH',
    AccountSuspended: 'RESTRICTED',
    RateLimitExceeded: 'RATE',
    DDoSProtection: 'RATE',
    InvalidNonce: 'CLOCK',
    MarketClosed: 'MARKET_CLOSED',
    NotSupported: 'BAD_REQUEST',
    ArgumentsRequired: 'BAD_REQUEST',
  } satisfies Record<string, RefusalCode>,
);
/** Definitive only where the HTTP status says so as well. */
const ofForm: Readonly<Record<string, RefusalCode>> = { InvalidOrder: 'FILTER', BadRequest: 'BAD_REQUEST' };
const repeated = /duplic|exist|repeat/i;
const longestText = 300;

/** The venue's own code inside an answer. */
export function venueCodeOf(parsed: unknown): string | undefined {
  const body = recordOf(parsed) ?? {};
  const [first] = Array.isArray(body['error']) ? (body['error'] as readonly unknown[]) : [];
  if (typeof first === 'string') return first;
  const [item] = Array.isArray(body['data']) ? (body['data'] as readonly unknown[]) : [];
  return (
    textOf(recordOf(item) ?? {}, 'sCode') ??
    textOf(body, 'retCode') ??
    textOf(body, 'label') ??
    textOf(body, 'code')
  );
}

/**
 * What became of a call that ccxt ended with an error. The wire comes first: what never left is refused, what has no
 * answer in JSON is unknown; only then the venue's code, and the class of the error last.
 */
export function outcomeOfError(
  error: unknown,
  call: CallTrace,
  { operation, refusals }: { readonly operation: Operation; readonly refusals: Refusals },
): Exclude<Outcome, { kind: 'answered' }> {
  const text = textOfError(error);
  if (!call.isWritten) return { kind: 'rejected', code: 'NOT_SENT', venueCode: '', text };
  if (call.isLate) return { kind: 'unknown', reason: 'deadline' };
  const { status } = call;
  if (status === undefined) return { kind: 'unknown', reason: 'transport' };
  const venueCode = venueCodeOf(call.parsed) ?? String(status);
  const { retryAfterMs } = call;
  if (status === 429 || status === 418)
    return {
      kind: 'rejected',
      code: 'RATE',
      venueCode,
      text,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  if (call.parsed === undefined) return { kind: 'unknown', reason: 'unparsable' };
  if (status >= 500) return { kind: 'unknown', reason: 'server_error', venueCode };
  return said({ name: nameOf(error), text, status, venueCode }, operation, refusals);
}

interface Said {
  readonly name: string;
  readonly text: string;
  readonly status: number;
  readonly venueCode: string;
}

function said(all: Said, operation: Operation, refusals: Refusals): Exclude<Outcome, { kind: 'answered' }> {
  const { name, text, venueCode } = all;
  const isRepeat = name === 'DuplicateOrderId' || (operation === 'create' && repeated.test(text));
  const code = name === 'DuplicateOrderId' ? undefined : codeOf(all, operation, refusals);
  if (code !== undefined) return { kind: 'rejected', code, venueCode, text };
  return { kind: 'unknown', reason: isRepeat ? 'duplicate_id' : 'unmapped', venueCode };
}

function codeOf({ name, text, status, venueCode }: Said, operation: Operation, refusals: Refusals) {
  // A cancel refused for its order tells that it is not open: it is asked for, and never ended by this.
  const isGone = name === 'OrderNotFound' || (name === 'InvalidOrder' && operation === 'cancel');
  if (isGone && operation !== 'create') return 'not_found';
  const isDefinite = status >= 400 && !repeated.test(text);
  return ownOf(refusals, venueCode) ?? classes[name] ?? (isDefinite ? ownOf(ofForm, name) : undefined);
}

/** Foreign text finds nothing that nobody wrote. */
const ownOf = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const nameOf = (error: unknown): string => (error instanceof Error ? error.constructor.name : '');

/** An error of ccxt quotes the address, which may carry a signature: what follows a question mark is cut. */
export function textOfError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\?[^\s"]*/g, '?…').slice(0, longestText);
}
