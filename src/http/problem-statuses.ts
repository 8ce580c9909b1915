/** The HTTP status of every code a caller can get that is not 422. */
const statuses: Readonly<Record<string, number>> = {
  MALFORMED_JSON: 400,
  UNKNOWN_FIELD: 400,
  TYPE_MISMATCH: 400,
  UNAUTHENTICATED: 401,
  TOKEN_EXPIRED: 401,
  BAD_CREDENTIALS: 401,
  TICKET_INVALID: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ILLEGAL_TRANSITION: 409,
  ID_CONFLICT: 409,
  NAME_TAKEN: 409,
  ORDERS_UNRESOLVED: 409,
  FUNDING_CONFLICT: 409,
  LEASE_HELD_ELSEWHERE: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  LOGIN_THROTTLED: 429,
  INTERNAL: 500,
  DATABASE_UNAVAILABLE: 503,
  VENUE_UNAVAILABLE: 503,
  NOT_READY: 503,
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

export const statusOfCode = (code: string): number => statuses[code] ?? 422;
export const codeOfStatus = (status: number): string => byStatus[status] ?? 'INTERNAL';
