import type { RateMeter } from '../../../src/venue-simulator/binance/rate-meter';
import type { SeenRequest, WireAnswer } from '../wire';
import { apiKey } from '../seed-plan';
import type { Ear } from './ears';
import type { Findings } from './findings';

export interface RateParts {
  readonly findings: Findings;
  readonly now: () => number;
  /** What the venue has counted. */
  readonly meter: RateMeter;
  readonly limitsEachKind: boolean;
  readonly limits: { readonly weightPerMinute: number; readonly ordersPer10s: number };
}

interface Stop {
  readonly until: number;
  /** Said by a refusal of this request. */
  readonly by: number;
}

/** Refuses orders alone, not the address. */
const orderCountCode = -1015;

/** I18: the venue never counts more than it allows, and nothing leaves while it has asked for silence. */
export class RateJudge implements Ear {
  /** Until when the venue wants to hear nothing of a host, and until when no create. */
  private readonly stops = new Map<string, Stop>();
  private readonly createStops = new Map<string, Stop>();

  constructor(private readonly parts: RateParts) {}

  /** When the venue's silence for the cancels of this host ends; 0 without one. */
  silentUntil(host: string): number {
    return this.stops.get(this.keyOf({ host, kind: 'cancel' }))?.until ?? 0;
  }

  left(request: SeenRequest): void {
    this.checkSilence(request, this.stops.get(this.keyOf(request)));
    if (request.kind === 'create') this.checkSilence(request, this.createStops.get(request.host));
  }

  /** The request has been answered by the venue, so it is counted. */
  arrived(request: SeenRequest): void {
    const { findings, meter, limits } = this.parts;
    const weight = Number(meter.weightHeader()['X-MBX-USED-WEIGHT-1M']);
    findings.check('I18', weight <= limits.weightPerMinute, () => `weight ${weight} within a minute`);
    if (request.kind !== 'create') return;
    const { per10s } = meter.orderCounts(apiKey);
    findings.check('I18', per10s <= limits.ordersPer10s, () => `${per10s} orders within ten seconds`);
  }

  answered({ id, host, kind }: SeenRequest, answer: WireAnswer | undefined): void {
    if (answer?.status !== 429 && answer?.status !== 418) return;
    const seconds = Number(answer.headers['retry-after']);
    if (!(seconds > 0)) return;
    const { code } = answer.body as { readonly code?: unknown };
    const stops = code === orderCountCode ? this.createStops : this.stops;
    const until = this.parts.now() + seconds * 1_000;
    const key = stops === this.stops ? this.keyOf({ host, kind }) : host;
    if (until > (stops.get(key)?.until ?? 0)) stops.set(key, { until, by: id });
  }

  private keyOf({ host, kind }: Pick<SeenRequest, 'host' | 'kind'>): string {
    return this.parts.limitsEachKind ? `${host}|${kind}` : host;
  }

  private checkSilence({ id, kind, host }: SeenRequest, stop: Stop | undefined): void {
    const isHeard = stop === undefined || this.parts.now() >= stop.until;
    const says = (): string =>
      `${host} ${kind} ${id} left ${Math.round(stop!.until - this.parts.now())} ms before the venue listens again, said to ${stop!.by}`;
    this.parts.findings.check('I18', isHeard, says);
  }
}
