import type { RateRequest } from '../../../src/modules/execution/common/rate-limiter.service';
import type { Engine } from '../../../src/modules/execution/engine';
import type { Findings } from './findings';

export interface CancelParts {
  readonly findings: Findings;
  readonly now: () => number;
  /** From when on nothing but our own queues can hold a cancel back: the venue listens, the process runs. */
  readonly freeFrom: () => number;
  readonly name: string;
}

interface Waiting {
  readonly address: string;
  readonly since: number;
}

const longestWaitMs = 250;

/** I19: a cancel passes our own queues at once, and nothing leaves before one that waits for the venue. */
export class CancelJudge {
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly parts: CancelParts) {}

  /** Stands at the door of the queue of one engine. */
  watch({ limiter }: Engine): void {
    const take = limiter.take.bind(limiter);
    limiter.take = (request: RateRequest): Promise<string | undefined> =>
      request.priority === 'cancel'
        ? this.cancel(take(request), request)
        : this.other(take(request), request);
  }

  private async cancel(
    granted: Promise<string | undefined>,
    { address }: RateRequest,
  ): Promise<string | undefined> {
    const { findings, now, freeFrom, name } = this.parts;
    const one = { address, since: now() };
    this.waiting.add(one);
    const refused = await granted;
    this.waiting.delete(one);
    const waited = now() - Math.max(one.since, freeFrom());
    const says = (): string => `a cancel of ${name} waited ${Math.round(waited)} ms in our queue`;
    findings.check('I19', waited <= longestWaitMs, says);
    return refused;
  }

  private async other(
    granted: Promise<string | undefined>,
    { address, priority }: RateRequest,
  ): Promise<string | undefined> {
    const refused = await granted;
    if (refused !== undefined) return refused;
    const { findings, now, freeFrom, name } = this.parts;
    // Where the venue bars cancels alone, what else may leave does.
    if (now() < freeFrom()) return refused;
    let overtaken = 0;
    for (const one of this.waiting) if (one.address === address && one.since < now()) overtaken += 1;
    const says = (): string => `a ${priority} of ${name} overtook ${overtaken} waiting cancels`;
    findings.check('I19', overtaken === 0, says);
    return refused;
  }
}
