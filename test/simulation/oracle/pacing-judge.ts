import type { SeenRequest, WireAnswer } from '../wire';
import type { Ear } from './ears';
import type { Findings } from './findings';
import type { VenueView } from './venue-view';

/** What was decided before the refusal was heard may still leave. */
const underWayMs = 700;
/** A side that was refused for its balance is not tried again before. */
const shortestBackoffMs = 4_900;

/** An answer after the deadline of its request is evidence about that order, and says nothing of the balance by now. */
const ackTimeoutMs = 3_000;

/** I18: a venue that says that the balance does not suffice is not asked again every tick. */
export class PacingJudge implements Ear {
  private readonly refusedAt = new Map<string, number>();
  /** Refusals of any kind: one for the balance within the wait for another ends with it. */
  private readonly waitsSince = new Map<string, number>();

  constructor(
    private readonly findings: Findings,
    private readonly view: VenueView,
    private readonly now: () => number,
  ) {}

  left(request: SeenRequest): void {
    if (request.kind !== 'create') return;
    const since = this.now() - (this.refusedAt.get(this.keyOf(request)) ?? -Infinity);
    const isPaced = since <= underWayMs || since >= shortestBackoffMs;
    const { clientOrderId: id } = request;
    const says = (): string =>
      `${id} left ${Math.round(since)} ms after its side was refused for its balance`;
    this.findings.check('I18', isPaced, says, id);
  }

  answered(request: SeenRequest, answer: WireAnswer | undefined): void {
    if (request.kind !== 'create') return;
    if (this.now() - request.askedAt > ackTimeoutMs) return;
    const { msg } = (answer?.body ?? {}) as { readonly msg?: unknown };
    if (typeof msg === 'string') this.refused(this.keyOf(request), msg);
  }

  /** Several of one tick are refused one after another: the first of them begins the wait. */
  private refused(key: string, text: string): void {
    const isFirst = this.now() - (this.waitsSince.get(key) ?? -Infinity) >= shortestBackoffMs;
    if (isFirst) this.waitsSince.set(key, this.now());
    if (text.includes('insufficient balance')) this.refusedAt.set(key, this.waitsSince.get(key)!);
  }

  private keyOf({ clientOrderId, params, host }: SeenRequest): string {
    return `${host}|${this.view.strategyOf(clientOrderId)?.plan.number}|${params.get('side')}`;
  }
}
