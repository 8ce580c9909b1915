import { AsyncLocalStorage } from 'node:async_hooks';
import type { Mono } from '../../../domain/units';
import type { Answer, Runtime } from '../../../runtime/runtime';
import { priorities } from '../common/rate-limits';
import type { Priority } from '../common/rate-limits';
import { retryAfterMs } from '../common/rate-limiter.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import type { CcxtExchange, CcxtFetch, CcxtRequest, CcxtResponse } from './ccxt.client';
import type { CallTrace } from './ccxt.outcome';
import { exactText, tryParseVenueJson } from './venue-json';

export interface CcxtCall {
  readonly priority: Priority;
  /** A create or a cancel: it may send one request that changes something, and none twice. */
  readonly isWrite: boolean;
  readonly sendBy: Mono;
  /** From when it is its turn. */
  readonly answerWithinMs: number;
  readonly canSend: () => boolean;
  /** Called at the moment of the write. */
  readonly leaving?: () => void;
  /** What the write must carry: without our id no order may leave. */
  readonly mustCarry?: string;
}

export type Ran<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly trace: CallTrace }
  | { readonly kind: 'failed'; readonly error: unknown; readonly trace: CallTrace };

interface Running extends CallTrace {
  readonly call: CcxtCall;
  readonly sent: Set<string>;
  /** Nobody waits for it any more, so nothing of it may leave. */
  isOver: boolean;
}

interface Waiting {
  readonly call: CcxtCall;
  readonly order: number;
  readonly start: () => Promise<void>;
}

export interface RestParts {
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly address: string;
  readonly account?: string | undefined;
}

const pools = { cancel: 'act', query: 'act', create: 'create', snapshot: 'public' } as const;
const streamCallMs = 10_000;
/** With the wait for ccxt's own throttle, which is long at a venue that counts reads dearly. */
export const readWithinMs = 15_000;

type Lane = 'cancels' | 'creates' | 'reads';

const laneOf: Readonly<Record<Priority, Lane>> = {
  cancel: 'cancels',
  create: 'creates',
  query: 'reads',
  snapshot: 'reads',
};

/**
 * The door of an account's ccxt to the network. Cancels, creates and reads go in a lane each, one at a time, with an
 * instance of their own: ccxt's throttle serves in order of arrival, and a cancel shall wait for no read. A request
 * belongs to the call that made it, also when the call has been given up meanwhile, and then it does not leave.
 */
export class CcxtRest {
  private readonly current = new AsyncLocalStorage<Running>();
  private readonly waiting: Record<Lane, Waiting[]> = { cancels: [], creates: [], reads: [] };
  private readonly busy = new Set<Lane>();
  private taken = 0;
  private readonly made = new Map<Lane, CcxtExchange>();

  constructor(
    private readonly parts: RestParts,
    private readonly make: (fetch: CcxtFetch) => CcxtExchange,
  ) {}

  /** The instance that reads. */
  get client(): CcxtExchange {
    return this.clientOf('reads');
  }

  private clientOf(lane: Lane): CcxtExchange {
    const made = this.made.get(lane) ?? this.make((url, request) => this.fetch(url, request));
    this.made.set(lane, made);
    return made;
  }

  /** Never rejects. */
  run<T>(call: CcxtCall, work: (client: CcxtExchange) => Promise<T>): Promise<Ran<T>> {
    return new Promise((resolve) => {
      this.taken += 1;
      const start = async (): Promise<void> => resolve(await this.perform(call, work));
      const lane = laneOf[call.priority];
      this.waiting[lane].push({ call, order: this.taken, start });
      this.waiting[lane].sort(byPriority);
      void this.pump(lane);
    });
  }

  /** For requests that a stream makes of its own: tokens, addresses, snapshots. */
  readonly streamFetch: CcxtFetch = async (url, request) => {
    const sendBy = this.parts.runtime.monotonic() + streamCallMs;
    const answer = await this.send(url, request, {
      pool: 'act',
      sendBy,
      beforeWrite: () => this.mayLeave('query'),
    });
    return responseOf(answer);
  };

  private async pump(lane: Lane): Promise<void> {
    if (this.busy.has(lane)) return;
    const next = this.waiting[lane].shift();
    if (!next) return;
    this.busy.add(lane);
    await next.start();
    this.busy.delete(lane);
    void this.pump(lane);
  }

  private perform<T>(call: CcxtCall, work: (client: CcxtExchange) => Promise<T>): Promise<Ran<T>> {
    const trace: Running = {
      ...{ call, sent: new Set<string>(), isOver: false, isWritten: false, isLate: false },
      ...{ status: undefined, retryAfterMs: undefined, parsed: undefined },
    };
    const failed = (error: unknown): Ran<T> => ({ kind: 'failed', error, trace });
    if (call.isWrite && this.parts.runtime.monotonic() >= call.sendBy)
      return Promise.resolve(failed(new Error('its turn came after the send deadline')));
    return new Promise((resolve) => {
      const end = (ran: Ran<T>): void => {
        this.parts.runtime.timers.clear(timer);
        trace.isOver = true;
        resolve(ran);
      };
      const timer = this.parts.runtime.timers.set(call.answerWithinMs, () => {
        trace.isLate = true;
        end(failed(new Error('no answer in time')));
      });
      const running = this.current.run(trace, async () => work(this.clientOf(laneOf[call.priority])));
      running.then(
        (value) => end({ kind: 'answered', value, trace }),
        (error: unknown) => end(failed(error)),
      );
    });
  }

  private async fetch(url: string, request: CcxtRequest): Promise<CcxtResponse> {
    const running = this.current.getStore();
    if (!running || running.isOver) throw new Error('a request of a call that is over');
    const { call } = running;
    const changes = call.isWrite && request.method !== 'GET';
    refuseRepeat(running, url, request.method);
    if (changes) refuseNameless(call, `${url} ${request.body ?? ''}`);
    /** The trace is of the write; a read has its last request traced. */
    const isTraced = changes || !call.isWrite;
    const beforeWrite = (): boolean => {
      const mayLeave = !running.isOver && this.mayLeave(call.priority) && (!changes || call.canSend());
      running.isWritten ||= mayLeave && isTraced;
      if (mayLeave) call.leaving?.();
      return mayLeave;
    };
    const sendBy = changes ? call.sendBy : this.parts.runtime.monotonic() + call.answerWithinMs;
    const answer = await this.send(url, request, { pool: pools[call.priority], sendBy, beforeWrite });
    if (isTraced) note(running, answer);
    return responseOf(answer);
  }

  private async send(
    url: string,
    request: CcxtRequest,
    how: {
      readonly pool: 'create' | 'act' | 'public';
      readonly sendBy: Mono;
      readonly beforeWrite: () => boolean;
    },
  ): Promise<Answer> {
    const { runtime, limiter, address, account } = this.parts;
    const { method, body } = request;
    const headers = plainHeaders(request.headers);
    const answer = await runtime.http({ url, method, headers, body, ...how });
    if (answer.written && answer.status !== undefined)
      limiter.feedback({
        address,
        account,
        status: answer.status,
        headers: answer.headers ?? {},
        code: undefined,
      });
    return answer;
  }

  private mayLeave(priority: Priority): boolean {
    const { limiter, address, account } = this.parts;
    return limiter.mayLeave({ address, account, priority });
  }
}

const byPriority = (a: Waiting, b: Waiting): number =>
  priorities[a.call.priority] - priorities[b.call.priority] || a.order - b.order;

/** A hidden retry of the library, or a second change within one call, would place an order twice. */
function refuseRepeat(running: Running, url: string, method: string): void {
  if (!running.call.isWrite) return;
  const key = method === 'GET' ? `GET ${new URL(url).pathname}` : 'change';
  if (running.sent.has(key)) throw new Error('a second request within one write is refused');
  running.sent.add(key);
}

function refuseNameless({ mustCarry }: CcxtCall, text: string): void {
  if (mustCarry !== undefined && !text.includes(mustCarry))
    throw new Error('the client order id is not in the request');
}

function note(running: Running, answer: Answer): void {
  if (!answer.written) return;
  running.status = answer.status;
  running.retryAfterMs = retryAfterMs(answer.headers ?? {});
  running.parsed = answer.status === undefined ? undefined : tryParseVenueJson(answer.body);
}

const plainHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );

/** A TypeError is what ccxt takes for a network that failed. */
function responseOf(answer: Answer): CcxtResponse {
  if (!answer.written) throw new TypeError(answer.why);
  if (answer.status === undefined) throw new TypeError(answer.error ?? 'no answer');
  const { status, headers = {}, body = '' } = answer;
  return { status, statusText: '', headers, text: () => Promise.resolve(exactText(body)) };
}
