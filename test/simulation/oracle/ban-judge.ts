import type { SeenRequest, WireAnswer } from '../wire';
import type { Findings } from './findings';

const ordersOnly = -1015;

/** I18: nobody who was told to stay away, and for how long, asks again before. */
export class BanJudge {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly findings: Findings,
    private readonly now: () => number,
    private readonly limitsEachKind: boolean,
  ) {}

  answered(request: SeenRequest, answer: WireAnswer | undefined): void {
    if (answer?.status !== 429 && answer?.status !== 418) return;
    const code = (answer.body as { readonly code?: unknown } | undefined)?.code;
    const seconds = Number(answer.headers['retry-after']);
    if (code === ordersOnly || !(seconds > 0)) return;
    const key = this.keyOf(request);
    this.until.set(key, Math.max(this.until.get(key) ?? 0, this.now() + seconds * 1_000));
  }

  left(request: SeenRequest): void {
    const { askedAt, kind, raw } = request;
    const until = this.until.get(this.keyOf(request)) ?? 0;
    const says = (): string =>
      `${kind} ${raw.path} ${Math.round(until - askedAt)} ms before the venue listens`;
    this.findings.check('I18', askedAt >= until, says);
  }

  private keyOf({ host, kind }: SeenRequest): string {
    return this.limitsEachKind ? `${host}|${kind}` : host;
  }
}
