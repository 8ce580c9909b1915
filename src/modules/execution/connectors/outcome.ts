import type { RejectCode, Sent, UnknownReason } from '../../../domain/sent';

/** What became of a request, before anybody judges it. */
export type Reply =
  | { readonly written: false; readonly why: string }
  | {
      readonly written: true;
      /** No answer within our deadline. */
      readonly isLate?: boolean;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** The body as JSON; undefined when it was none. */
      readonly parsed?: unknown;
      readonly code?: string | undefined;
      readonly message?: string | undefined;
      readonly error?: string;
    };

export type RefusalCode = RejectCode | 'not_found' | 'already_done' | 'AMEND_REFUSED';

/** What a venue's code table says about one refusal. */
export type CodeMeaning =
  | { readonly kind: 'rejected'; readonly code: RefusalCode }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type Operation = 'create' | 'amend' | 'cancel' | 'query';
export type CodeTable = (operation: Operation, code: string, message: string) => CodeMeaning | undefined;

export type Outcome =
  | { readonly kind: 'answered'; readonly parsed: unknown }
  | {
      readonly kind: 'rejected';
      readonly code: RefusalCode;
      readonly venueCode: string;
      readonly text: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly venueCode?: string };

/** OKX says with it that it is too busy, also under 429: the request may have been taken. */
const busyCode = '50013';

type Written = Extract<Reply, { written: true }>;

/**
 * Judges a reply by (operation, status, code, message), in a fixed order of tests. Whatever no test claims is
 * unknown: an order that may rest is never reported as refused.
 */
export function classifyOutcome(table: CodeTable, operation: Operation, reply: Reply): Outcome {
  if (!reply.written) return { kind: 'rejected', code: 'NOT_SENT', venueCode: '', text: reply.why };
  if (reply.isLate) return { kind: 'unknown', reason: 'deadline' };
  const { status } = reply;
  if (status === undefined) return { kind: 'unknown', reason: 'transport' };
  if ((status === 429 || status === 418) && reply.code !== busyCode)
    return rateRefusal(codeOf(reply, status), reply);
  if (reply.parsed === undefined) return { kind: 'unknown', reason: 'unparsable' };
  return byTable(table, operation, reply, status) ?? byStatus(reply, status);
}

function byTable(
  table: CodeTable,
  operation: Operation,
  reply: Written,
  status: number,
): Outcome | undefined {
  const text = reply.message ?? '';
  const meaning = reply.code === undefined ? undefined : table(operation, reply.code, text);
  const venueCode = codeOf(reply, status);
  if (meaning?.kind === 'unknown') return { ...meaning, venueCode };
  return meaning && status < 500 ? { ...meaning, venueCode, text } : undefined;
}

/** A success with a code in its body is no success. */
function byStatus(reply: Written, status: number): Outcome {
  const isSuccess = status >= 200 && status < 300 && reply.code === undefined;
  if (isSuccess) return { kind: 'answered', parsed: reply.parsed };
  const reason = status >= 500 ? 'server_error' : 'unmapped';
  return { kind: 'unknown', reason, venueCode: codeOf(reply, status) };
}

function rateRefusal(venueCode: string, reply: Written): Outcome {
  const refusal = { kind: 'rejected', code: 'RATE', venueCode, text: reply.message ?? '' } as const;
  const seconds = Number(reply.headers?.['retry-after'] ?? NaN);
  return seconds >= 0 ? { ...refusal, retryAfterMs: seconds * 1_000 } : refusal;
}

const codeOf = (reply: Written, status: number): string => reply.code ?? String(status);

/** What is not an answer, whatever was asked. */
export type Failed = Exclude<Outcome, { kind: 'answered' }>;

/** A create is never refused with a word about an order that exists. */
export function sentOf(outcome: Failed): Sent {
  if (outcome.kind === 'unknown') return outcome;
  const { code } = outcome;
  if (code === 'not_found' || code === 'already_done' || code === 'AMEND_REFUSED')
    return { kind: 'unknown', reason: 'unmapped' };
  return { ...outcome, code };
}

export const wordsOf = (outcome: Failed): string =>
  outcome.kind === 'unknown' ? outcome.reason : `${outcome.code} ${outcome.venueCode} ${outcome.text}`.trim();
