/** What a code means to a caller: the HTTP status of the problem that carries it, and one sentence on what to do. */
export interface ProblemMeaning {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
}

const of = (status: number, title: string, remedy: string): ProblemMeaning => ({ status, title, remedy });

/** Every code a problem or one of its fields can carry; `/docs/errors` is made from this table. */
export const problemCodes: Readonly<Record<string, ProblemMeaning>> = {
  MALFORMED_JSON: of(400, 'The body is not JSON', 'Send valid JSON.'),
  UNKNOWN_FIELD: of(400, 'A field does not exist', 'Remove it, or use the nearest name the answer gives.'),
  TYPE_MISMATCH: of(400, 'A field has the wrong type', 'Send the type that errors[].detail names.'),
  REQUIRED: of(422, 'A field is missing', 'Add the field that errors[].pointer names.'),
  OUT_OF_RANGE: of(422, 'A value is outside its range', 'Use a value inside the range in errors[].detail.'),
  DECIMAL_STRING_REQUIRED: of(
    422,
    'Money is not a decimal string',
    'Send prices, quantities and money as strings such as "0.25", without exponent or sign.',
  ),
  CONFIG_INVALID: of(422, 'The configuration is refused', 'Correct every field that errors[] names.'),
  SPREAD_TOO_WIDE: of(422, 'The spread is wider than the collar', 'Quote closer to the mid.'),
  BELOW_MIN_SPREAD: of(422, 'The spread does not pay its fees', 'Widen the spread to the minimum in detail.'),
  BELOW_MIN_NOTIONAL: of(
    422,
    'An order would be below the venue minimum',
    'Raise the order size to the minimum in detail.',
  ),
  INSTRUMENT_UNKNOWN: of(
    422,
    'The venue does not list the instrument',
    'Choose a symbol that the venue of the account lists.',
  ),
  MODE_NOT_ALLOWED: of(
    422,
    'The account may not be used like this',
    'See hint; LIVE_TRADING=true allows live.',
  ),
  VENUE_NOT_SERVED: of(422, 'The venue is not served', 'Use one of the venues that hint names.'),
  ENVIRONMENT_NOT_SERVED: of(
    422,
    'The venue is not served in this environment',
    'Use an account of an environment that hint names.',
  ),
  CREDENTIALS_INCOMPLETE: of(
    422,
    'The stored key lacks something the venue wants',
    'Add the account again with what detail names.',
  ),
  ENVIRONMENT_MIXED: of(
    409,
    'The venue is already served in another environment',
    'Run a second engine, with a database of its own, for the other environment.',
  ),
  ALLOCATION_EXCEEDED: of(
    422,
    'The account has less unallocated money than asked for',
    'Allocate at most what GET /api/v1/accounts/{id}/balances shows.',
  ),
  OFF_TICK: of(422, 'The price is not on the tick grid', 'Use a multiple of the tick size.'),
  OFF_LOT: of(422, 'The quantity is not on the lot grid', 'Use a multiple of the lot size.'),
  UNAUTHENTICATED: of(
    401,
    'Nobody is logged in',
    'Send Authorization: Bearer <token> from POST /api/v1/auth/login.',
  ),
  TOKEN_EXPIRED: of(401, 'The token has expired', 'Log in again.'),
  BAD_CREDENTIALS: of(
    401,
    'User or password is wrong',
    'Check both; the first start prints the password once.',
  ),
  TICKET_INVALID: of(
    401,
    'The stream ticket is used or too old',
    'Ask for a new one: POST /api/v1/stream-tickets.',
  ),
  FORBIDDEN: of(403, 'This is not allowed to you', 'Ask an administrator.'),
  NOT_FOUND: of(404, 'The resource does not exist', 'Check the id; lists show what there is.'),
  ROUTE_NOT_FOUND: of(404, 'The route does not exist', 'See /docs for the routes.'),
  METHOD_NOT_ALLOWED: of(405, 'The route does not take this method', 'See /docs for the routes.'),
  ILLEGAL_TRANSITION: of(409, 'The state does not allow this', 'The answer lists what is allowed now.'),
  ID_CONFLICT: of(409, 'The id names something else', 'Use a new id, or the body it was created with.'),
  NAME_TAKEN: of(409, 'The name is in use', 'Choose another name.'),
  ACCOUNT_IN_USE: of(
    409,
    'Something trades on the account, or may',
    'Stop its strategies and wait until their orders have ended.',
  ),
  ACCOUNT_ALREADY_REGISTERED: of(409, 'The key is in use', 'Use the account that has it, or another key.'),
  CREDENTIAL_CHECK_FAILED: of(
    422,
    'The venue does not let the key in',
    'Correct what detail names; nothing was stored.',
  ),
  KEY_REJECTED: of(
    422,
    'The venue refuses the key',
    'Check key, secret, passphrase, environment and allowed addresses.',
  ),
  CLOCK_SKEW: of(422, 'The venue calls the time wrong', 'Synchronise the clock of the machine.'),
  ENVIRONMENT_NOT_SUPPORTED: of(422, 'The venue has no such environment', 'Use the one that hint names.'),
  FUNDING_CONFLICT: of(409, 'The money cannot be moved like this', 'See detail.'),
  ORDERS_UNRESOLVED: of(409, 'Own orders are not known to have ended', 'Wait until the venue has answered.'),
  NOTHING_UNBOOKED: of(409, 'No fill of this size is missing', 'Book at most what is not in the books.'),
  FILL_CONFLICT: of(
    409,
    'The trade is booked with other figures',
    'Compare the trade with what the venue shows.',
  ),
  LEASE_HELD_ELSEWHERE: of(409, 'Another engine runs this strategy', 'Ask that engine, or stop it.'),
  KILL_SWITCH_ENGAGED: of(
    423,
    'A halt forbids it',
    'Release the halt that detail names, then resume by name.',
  ),
  BODY_TOO_LARGE: of(413, 'The body is larger than 100 kB', 'Send less.'),
  MEDIA_TYPE_UNSUPPORTED: of(
    415,
    'The body is not JSON by its header',
    'Send Content-Type: application/json.',
  ),
  LOGIN_THROTTLED: of(429, 'Too many failed logins', 'Wait the seconds that Retry-After names.'),
  INTERNAL: of(500, 'The service failed', 'Try again; the log of the service says more.'),
  RECONCILING: of(503, 'The account is still being asked for its orders', 'Try again in some seconds.'),
  LEASE_NOT_HELD: of(503, 'Another engine holds the lease', 'It is tried again by itself.'),
  DATABASE_UNAVAILABLE: of(503, 'The database does not answer', 'Try again when it does.'),
  VENUE_UNAVAILABLE: of(503, 'The venue does not answer', 'Try again when it does.'),
  NOT_READY: of(503, 'The service is still starting', 'Try again in some seconds.'),
};

const byStatus: Readonly<Record<number, string>> = {
  400: 'MALFORMED_JSON',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'ROUTE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
};

/** 422 for a code without a meaning of its own: the caller's value is at fault. */
export const statusOfCode = (code: string): number => problemCodes[code]?.status ?? 422;
export const codeOfStatus = (status: number): string => byStatus[status] ?? 'INTERNAL';

/** Where `/docs/errors` explains a code. */
export const anchorOf = (code: string): string => code.toLowerCase().replace(/_/g, '-');
