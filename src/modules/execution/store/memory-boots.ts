import { installationLength } from '../../../domain/ids';
import type { Ms } from '../../../domain/units';
import type { Build, Registration } from './types';

interface Boot {
  readonly engineId: string;
  readonly build: Build;
  readonly nonce: string;
  readonly startedAt: Ms;
  isStopped: boolean;
}

/** The boots of every engine in memory. */
export class MemoryBoots {
  private readonly boots = new Map<string, Boot>();
  private installation: string | undefined;

  constructor(private readonly now: () => Ms) {}

  /** Boots since `since` that ended without a word are counted. */
  register(
    { engineId, build }: Pick<Boot, 'engineId' | 'build'>,
    nonces: () => string,
    since: Ms,
  ): Registration {
    const used = new Set([...this.boots.values()].map((boot) => boot.nonce));
    let nonce = nonces();
    while (used.has(nonce)) nonce = nonces();
    this.installation ??= nonces().slice(0, installationLength);
    const unclean = [...this.boots.values()].filter(
      (boot) => boot.engineId === engineId && !boot.isStopped && boot.startedAt > since,
    );
    const ownerId = `${engineId}-${nonce}`;
    this.boots.set(ownerId, { engineId, build, nonce, startedAt: this.now(), isStopped: false });
    return { ownerId, nonce, installation: this.installation, uncleanBoots: unclean.length };
  }

  rejoin(
    { ownerId, nonce }: Pick<Registration, 'ownerId' | 'nonce'>,
    engine: Pick<Boot, 'engineId' | 'build'>,
  ): void {
    if (!this.boots.has(ownerId))
      this.boots.set(ownerId, { ...engine, nonce, startedAt: this.now(), isStopped: false });
  }

  buildOf(ownerId: string): Build | undefined {
    return this.boots.get(ownerId)?.build;
  }

  stopped(ownerId: string): void {
    const boot = this.boots.get(ownerId);
    if (boot) boot.isStopped = true;
  }
}
