import type { Host } from './host';

export interface HostsParts {
  /** Boots an engine in a seat; it has a name of its own. */
  readonly boot: (seat: number, isAnother: boolean) => Host;
  readonly after: (ms: number, act: () => void) => void;
  readonly strategies: readonly { readonly id: string }[];
  readonly log: (what: string, host: Host) => void;
}

/**
 * The engines of one seed: the one that trades and, in some seeds, one that stands by for the same strategies. One that
 * has died boots again in its seat.
 */
export class Hosts {
  readonly stats = { kills: 0, takeovers: 0 };
  private readonly seats: Host[] = [];
  private leading = 0;

  constructor(private readonly parts: HostsParts) {}

  open(count: number): void {
    for (let seat = 0; seat < count; seat += 1) this.seats.push(this.parts.boot(seat, false));
  }

  /** The latest of every seat, dead or alive. */
  get all(): readonly Host[] {
    return this.seats;
  }

  get hasStandby(): boolean {
    return this.seats.length > 1 && this.seats.every((host) => !host.runtime.isDead && !host.isStopping);
  }

  named(name: string): Host | undefined {
    return this.seats.find((host) => host.parts.name === name);
  }

  isCurrent(host: Host): boolean {
    return this.seats.includes(host);
  }

  /** The engine that holds most strategies now; while none does, the one that did. A change is counted. */
  elect(): Host {
    if (this.seats.length === 1) return this.seats[0]!;
    let best = this.leading;
    let most = this.held(this.seats[best]!);
    for (const [seat, host] of this.seats.entries()) {
      const held = this.held(host);
      if (held > most) [best, most] = [seat, held];
    }
    if (best !== this.leading) {
      this.leading = best;
      this.stats.takeovers += 1;
    }
    return this.seats[best]!;
  }

  /** Who trades a strategy. */
  ownerOf(strategyId: string): Host {
    return this.seats.find((host) => holds(host, strategyId)) ?? this.elect();
  }

  /** `isAnother`: what boots in its seat is an engine of another name, for which its leases are somebody's. */
  crash(host: Host, downMs: number, isAnother = false): void {
    if (host.runtime.isDead || (host.isStopping && !host.isHandingOver)) return;
    this.stats.kills += 1;
    this.parts.log('kill', host);
    host.kill();
    this.parts.after(downMs, () => this.replace(host, isAnother));
  }

  /** As a deploy does; `ended` is told when the process has gone. With a handover another engine goes on meanwhile. */
  terminate(host: Host, downMs: number, ended: () => void, way: 'stop' | 'handOver' = 'stop'): void {
    if (host.runtime.isDead || host.isStopping || !host.engine) return;
    this.parts.log(way === 'stop' ? 'terminate' : 'hand over', host);
    void host[way](25_000).then(() => {
      if (host.runtime.isDead) return ended(); // It was killed meanwhile, and whoever did that boots it again.
      const { after } = this.parts;
      after(0, () => {
        host.kill();
        ended();
        after(downMs, () => this.replace(host));
      });
    });
  }

  private replace(host: Host, isAnother = false): void {
    const seat = this.seats.indexOf(host);
    this.seats[seat] = this.parts.boot(seat, isAnother);
  }

  private held(host: Host): number {
    let held = 0;
    for (const { id } of this.parts.strategies) if (holds(host, id)) held += 1;
    return held;
  }
}

const holds = (host: Host, strategyId: string): boolean =>
  !host.runtime.isDead && (host.engine?.leases.holds(strategyId) ?? false);
