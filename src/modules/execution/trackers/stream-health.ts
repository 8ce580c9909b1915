import type { Mono } from '../../../domain/units';
import type { OrderReport } from '../../../domain/venue-event';
import { streamEchoMs, streamRestartMs } from '../common/constants';

/** How long an echo is remembered that overtook its reply. */
const rememberMs = 60_000;

interface Heard {
  readonly at: Mono;
  readonly rank: number;
}

/**
 * Whether the private stream echoes what replies have shown. A reply whose event stays away makes the stream suspect:
 * it is connected and says nothing, so fills would be missed. Pure but for what it remembers.
 */
export class StreamHealth {
  private readonly awaited = new Map<string, Heard>();
  private readonly echoes = new Map<string, Heard>();
  private suspectSince: Mono | undefined;
  private silentSince: Mono | undefined;
  private hasRestarted = false;

  get isSuspect(): boolean {
    return this.suspectSince !== undefined;
  }

  /** A reply showed this state of an order of ours: its event must follow, or has come already. */
  replied(clientOrderId: string, status: OrderReport['status'], now: Mono): void {
    const rank = rankOf(status);
    if ((this.echoes.get(clientOrderId)?.rank ?? 0) >= rank) return;
    const { at } = this.awaited.get(clientOrderId) ?? { at: now };
    this.awaited.set(clientOrderId, { at, rank });
  }

  /** The stream spoke of an order of ours. */
  echoed(clientOrderId: string, status: OrderReport['status'], now: Mono): void {
    const rank = Math.max(rankOf(status), this.echoes.get(clientOrderId)?.rank ?? 0);
    this.echoes.delete(clientOrderId); // Kept in the order they were heard in, so that the oldest are the first.
    this.echoes.set(clientOrderId, { at: now, rank });
    if ((this.awaited.get(clientOrderId)?.rank ?? Infinity) <= rank) this.awaited.delete(clientOrderId);
    this.suspectSince = undefined;
    this.silentSince = undefined;
    this.hasRestarted = false;
  }

  /** The balances of the venue agree with the books: nothing was missed so far. */
  agreed(): void {
    this.suspectSince = undefined;
  }

  /** A new stream tells nothing of the past, which is asked for instead. */
  renewed(): void {
    this.awaited.clear();
    this.silentSince = undefined;
  }

  /** What became true with time: the stream is suspect now, or has been silent long enough to be dialled anew. */
  check(now: Mono): 'suspect' | 'restart' | undefined {
    for (const [id, { at }] of this.echoes) {
      if (now - at <= rememberMs) break;
      this.echoes.delete(id);
    }
    const wasSuspect = this.isSuspect;
    if (this.dropUnechoed(now)) {
      this.suspectSince ??= now;
      this.silentSince ??= now;
    }
    if (this.isSuspect && !wasSuspect) return 'suspect';
    return this.mayRestart(now) ? 'restart' : undefined;
  }

  private dropUnechoed(now: Mono): boolean {
    let isAny = false;
    for (const [id, { at }] of this.awaited) {
      if (now - at <= streamEchoMs) continue;
      this.awaited.delete(id);
      isAny = true;
    }
    return isAny;
  }

  /** True once per silence. */
  private mayRestart(now: Mono): boolean {
    const isSilent = this.silentSince !== undefined && now - this.silentSince >= streamRestartMs;
    if (!isSilent || this.hasRestarted) return false;
    this.hasRestarted = true;
    return true;
  }
}

/** A state further on is not confirmed by the echo of an earlier one. */
const rankOf = (status: OrderReport['status']): number =>
  status === 'open' || status === 'partiallyFilled' || status === 'unrecognised' ? 1 : 2;
