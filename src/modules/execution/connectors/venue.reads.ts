import { VenueError } from '../../../domain/errors';
import type { Runtime } from '../../../runtime/runtime';
import type { Priority } from '../common/rate-limits';
import type { VenueRequest } from './dialect';
import { messageOf } from './event-sinks';
import type { Outcome, Reply } from './outcome';
import type { Page } from './types';
import type { VenueTransport } from './venue.transport';

export interface ReadCall extends VenueRequest {
  readonly priority?: Priority;
  readonly instrument?: string;
  /** Asked at the moment of the write; false leaves no byte. */
  readonly canSend?: () => boolean;
  /** Called at the moment of the write. */
  readonly leaving?: () => void;
}

export const readWithinMs = 5_000;

/** Sends one read. The judged outcome and the raw reply; never throws. */
export async function askVenue(
  runtime: Runtime,
  transport: VenueTransport,
  call: ReadCall,
): Promise<{ readonly outcome: Outcome; readonly reply: Reply }> {
  const reply = await transport.send({
    ...call,
    priority: call.priority ?? 'query',
    sendBy: runtime.monotonic() + readWithinMs,
    answerWithinMs: readWithinMs,
    canSend: () => {
      if (call.canSend?.() === false) return false;
      call.leaving?.();
      return true;
    },
  });
  return { outcome: transport.judge('query', reply), reply };
}

/** The parsed answer of a read. Throws VenueError for anything else. */
export async function readVenue(
  runtime: Runtime,
  transport: VenueTransport,
  call: ReadCall,
): Promise<unknown> {
  const { outcome } = await askVenue(runtime, transport, call);
  if (outcome.kind === 'answered') return outcome.parsed;
  throw failureOf(outcome, call.path);
}

export function failureOf(outcome: Exclude<Outcome, { kind: 'answered' }>, path: string): VenueError {
  if (outcome.kind === 'rejected')
    return new VenueError(outcome.code, `${path}: ${outcome.venueCode} ${outcome.text}`);
  return new VenueError('READ_FAILED', `${path}: ${outcome.reason} ${outcome.venueCode ?? ''}`.trim());
}

/** Reads a body with a parser that throws on a malformed one; its complaint becomes a VenueError. */
export function parsed<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new VenueError('MALFORMED', `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The rows of a complete read with its moments. Throws VenueError, also for what could not be understood. */
export async function pageOf<T>(
  runtime: Runtime,
  what: string,
  read: () => Promise<readonly T[]>,
): Promise<Page<T>> {
  const requestedAt = runtime.monotonic();
  const requestedAtMs = runtime.now();
  try {
    const rows = await read();
    return { rows, requestedAt, requestedAtMs, receivedAt: runtime.monotonic() };
  } catch (error) {
    if (error instanceof VenueError) throw error;
    throw new VenueError('MALFORMED', `${what}: ${messageOf(error)}`);
  }
}
