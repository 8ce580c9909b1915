import type { RequestKind, WireAnswer } from '../wire';
import { outcomeOf } from '../oracle/outcome-classes';
import type { OutcomeClass } from '../oracle/outcome-classes';

/** What a refusal means, whoever says it. */
export type Meaning = Exclude<OutcomeClass, 'ACCEPTED' | 'NOT_SENT' | 'UNKNOWN_BODY'> | 'NOT_FOUND';

const shared: Readonly<Record<Meaning, readonly [status: number, code: number, msg: string]>> = {
  EXISTS: [400, -2010, 'Duplicate order sent.'],
  BALANCE: [400, -2010, 'Account has insufficient balance for requested action.'],
  POST_ONLY: [400, -2010, 'Order would immediately match and take.'],
  FILTER: [400, -1013, 'Filter failure: as this venue says it'],
  LIMIT: [400, -2010, 'Filter failure: MAX_NUM_ORDERS'],
  MARKET_CLOSED: [400, -2010, 'Market is closed.'],
  AUTH: [401, -2015, 'Invalid API-key, IP, or permissions for action.'],
  RESTRICTED: [400, -2010, 'This action is disabled on this account.'],
  SYMBOL: [400, -1121, 'Invalid symbol.'],
  BAD_REQUEST: [400, -1102, 'Mandatory parameter was not sent.'],
  RATE: [429, -1003, 'Too many requests.'],
  CLOCK: [400, -1021, 'Timestamp for this request is outside of the recvWindow.'],
  NOT_FOUND: [400, -2011, 'Unknown order sent.'],
  UNKNOWN_CODE: [500, -1000, 'An unknown error occurred while processing the request.'],
};

/** A refusal in the shared words. Its headers say how long to wait, so they stay. */
export function sharedRefusal(meaning: Meaning, { headers }: Pick<WireAnswer, 'headers'>): WireAnswer {
  const [status, code, msg] = shared[meaning];
  return { status, headers, body: { code, msg } };
}

/** A refusal that is in the shared words already: no other dialect has numbers for codes. */
export const isShared = ({ body }: WireAnswer): boolean =>
  typeof body === 'object' && body !== null && typeof (body as { readonly code?: unknown }).code === 'number';

/** What a refusal in the shared words means; undefined when it is none. */
export function meaningOf(kind: RequestKind, answer: WireAnswer): Meaning | undefined {
  if (!isShared(answer)) return undefined;
  const { code } = answer.body as { readonly code: number };
  if (kind !== 'create' && (code === -2013 || code === -2011)) return 'NOT_FOUND';
  return outcomeOf(answer) as Meaning;
}
