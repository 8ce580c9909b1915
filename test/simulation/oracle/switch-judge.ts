import type { Notice } from '../../../src/modules/execution/common/notices';
import type { SeenRequest, WireAnswer } from '../wire';
import { accountId } from '../seed-plan';
import type { World } from '../world';
import type { Ear } from './ears';

/** Where a switch is armed, renewed and ended. */
export const switchPaths = /\/(cancel-all-after|countdown_cancel_all)$/;
/** After the faults: a renewal, one that is missed, and what both may take. */
const quietGapMs = 15_000;
const timeoutMs = 30_000;
/** How long the engine has to find out. */
const foundMs = 120_000;

/**
 * The dead-man's switch, by what arrives at the venue alone: never armed where others may have orders, renewed while an
 * engine works, never taken for fired while it was, and ended by a clean stop.
 */
export class SwitchJudge implements Ear {
  private readonly armedAt = new Map<string, number>();
  /** What stood before each request. */
  private readonly before = new Map<number, { readonly place: string; readonly at: number | undefined }>();
  /** When a place was last found not renewed for the whole time. */
  private lapsedAt = -Infinity;
  private lastAt = -Infinity;

  constructor(private readonly world: World) {}

  arrived({ raw, host, id }: SeenRequest): void {
    if (!switchPaths.test(raw.path)) return;
    const now = this.world.now();
    const { place, seconds } = switchAsked(raw);
    const isAllowed = this.world.plan.isDedicated === true;
    this.world.findings.check('I26', isAllowed, () => `${host}: a switch on an account of others`);
    this.lapse(place, now);
    this.before.set(id, { place, at: this.armedAt.get(place) });
    if (seconds === 0) return void this.armedAt.delete(place);
    this.armedAt.set(place, now);
  }

  /** In the shared words. What was refused changes nothing; what was not heard may have been done. */
  answered({ id }: SeenRequest, answer: WireAnswer | undefined): void {
    const before = this.before.get(id);
    if (!before || !answer) return;
    this.before.delete(id);
    if (answer.status === 200) return void (this.lastAt = this.world.now());
    if (before.at === undefined) this.armedAt.delete(before.place);
    else this.armedAt.set(before.place, before.at);
  }

  noticed({ code, detail }: Notice): void {
    if (code !== 'HALT' || !detail.includes('DEAD_MAN_FIRED')) return;
    const now = this.world.now();
    for (const place of this.armedAt.keys()) this.lapse(place, now);
    const says = (): string => `taken for fired while it was renewed: ${detail}`;
    this.world.findings.check('deadMan', now - this.lapsedAt <= foundMs, says);
    this.world.stats.fired += 1;
  }

  /** An older record knows of no later renewal: to whoever starts from it an order that the venue ends is the switch's. */
  setBack(): void {
    this.lapsedAt = this.world.now();
  }

  /** Asked every second. */
  probe(): void {
    const { world } = this;
    const now = world.now();
    if (!world.plan.isDedicated || now < world.phases.resumed || now >= world.phases.stop) return;
    const holders = world.hosts.all.filter(
      ({ engine, runtime }) => !runtime.isDead && engine?.leases.holdsAny(),
    );
    const [host] = holders;
    const isHalted = host?.service?.halts().some(({ scopeKey }) => scopeKey.includes(accountId)) ?? true;
    if (holders.length !== 1 || isHalted || this.lastAt === -Infinity) return;
    const isTrading = [...(host?.engine?.sessions.keys() ?? [])].some((id) => host!.engine!.leases.holds(id));
    if (!isTrading) return;
    const says = (): string => `an engine that works has not renewed for ${now - this.lastAt} ms`;
    world.findings.check('deadMan', now - this.lastAt <= quietGapMs, says);
  }

  /** Asked once, when every session has stopped. */
  end(): void {
    const says = (): string => `armed after a clean stop: ${[...this.armedAt.keys()].join(' ')}`;
    const now = this.world.now();
    for (const [place, at] of this.armedAt) if (now - at >= timeoutMs) this.armedAt.delete(place);
    this.world.findings.check('deadMan', this.armedAt.size === 0, says);
  }

  private lapse(place: string, now: number): void {
    const at = this.armedAt.get(place);
    if (at !== undefined && now - at >= timeoutMs - 1) this.lapsedAt = now;
  }
}

/** What a request of a switch asks for: a pair or the whole account, and 0 to end it. */
export function switchAsked({ body }: SeenRequest['raw']): {
  readonly place: string;
  readonly seconds: number;
} {
  const { timeOut, timeout, currency_pair: place = '*' } = JSON.parse(body) as Record<string, string>;
  return { place, seconds: Number(timeOut ?? timeout) };
}
