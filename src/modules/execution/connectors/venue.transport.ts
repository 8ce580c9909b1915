import type { Mono, Ms } from '../../../domain/units';
import type { Answer, Runtime } from '../../../runtime/runtime';
import type { Priority } from '../common/rate-limits';
import type { RateLimiter, RateRequest } from '../common/rate-limiter.service';
import type { VenueKnowledge } from './ccxt.knowledge';
import type { AnswerDialect, VenueRequest } from './dialect';
import { classifyOutcome } from './outcome';
import type { Operation, Outcome, Reply } from './outcome';
import { tryParseVenueJson } from './venue-json';

export interface VenueCall extends VenueRequest {
  readonly priority: Priority;
  /** The venue's name of what it is about, where that is one instrument. */
  readonly instrument?: string;
  readonly sendBy: Mono;
  /** How long an answer is waited for once the request may leave. */
  readonly answerWithinMs: number;
  readonly canSend: () => boolean;
  /** How many orders it creates; one unless it says so. */
  readonly orders?: number;
}

export interface TransportScope {
  /** Venue and environment: what the limiter counts by. */
  readonly address: string;
  readonly account?: string | undefined;
  /** The venue's clock, by which it names the moment of a limit. */
  readonly venueNow: () => Ms;
}

const pools = { cancel: 'act', query: 'act', create: 'create', snapshot: 'public' } as const;

/** One request: limiter, signature, write check, answer. Never throws. */
export class VenueTransport {
  constructor(
    private readonly runtime: Runtime,
    private readonly limiter: RateLimiter,
    private readonly knowledge: VenueKnowledge,
    private readonly scope: TransportScope,
    private readonly answers: AnswerDialect,
  ) {}

  judge(operation: Operation, reply: Reply): Outcome {
    return classifyOutcome(this.answers.codes, operation, reply);
  }

  async send(call: VenueCall): Promise<Reply> {
    const { priority, weight, instrument, orders, sendBy } = call;
    const { address, account } = this.scope;
    const endpoint = `${call.method} ${call.path}`;
    const asked = { address, account, endpoint, priority, weight, instrument, orders, sendBy };
    const refused = await this.limiter.take(asked);
    if (refused !== undefined) return { written: false, why: refused };
    const beforeWrite = (): boolean =>
      this.limiter.mayLeave({ address, account, priority }) && call.canSend();
    let answer: Promise<Answer>;
    try {
      const request = this.knowledge.sign(call);
      answer = this.runtime.http({ pool: pools[priority], sendBy, beforeWrite, ...request });
    } catch (error) {
      return {
        written: false,
        why: error instanceof Error ? error.message : 'the request could not be signed',
      };
    }
    return this.withinDeadline(answer, call, asked);
  }

  /** A late answer still feeds the limiter; its contents are found by asking again. */
  private withinDeadline(answer: Promise<Answer>, call: VenueCall, asked: RateRequest): Promise<Reply> {
    return new Promise((resolve) => {
      const wait = Math.max(0, call.sendBy - this.runtime.monotonic());
      const bound = call.priority === 'create' ? call.answerWithinMs + wait : call.answerWithinMs;
      const timer = this.runtime.timers.set(bound, () => resolve({ written: true, isLate: true }));
      void answer.then((arrived) => {
        this.runtime.timers.clear(timer);
        resolve(this.read(arrived, asked));
      });
    });
  }

  private read(answer: Answer, request: RateRequest): Reply {
    if (!answer.written) return answer;
    const { status } = answer;
    if (status === undefined) return { written: true, error: answer.error ?? 'no answer' };
    const parsed = tryParseVenueJson(answer.body);
    const { code, message } = this.answers.refusalOf(parsed);
    const { address, account, venueNow } = this.scope;
    const headers = this.answers.rateHeaders(answer.headers ?? {}, venueNow());
    const only = this.answers.limitsEachEndpoint ? request.priority : undefined;
    this.limiter.feedback({ address, account, status, headers, code, only, request });
    return { written: true, status, headers, parsed, code, message };
  }
}
