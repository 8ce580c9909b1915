import type { Fill } from '../../../domain/fill';
import type { Mono, QuoteSide } from '../../../domain/units';
import { quoteSideOf } from '../../../domain/units';

const minuteMs = 60_000;
/** A streak ends with a fill of the other side, or when nothing was filled for so long. */
export const streakMemoryMs = minuteMs;
/** More than a strategy has open on a side: an order further back is filled no more. */
const mostLatest = 64;

/** How often a strategy was filled of late, and on which side. */
export interface FillFlow {
  /** Fills of the last minute, oldest first. */
  readonly times: readonly Mono[];
  readonly side: QuoteSide;
  /** Different orders filled on that side in a row. */
  readonly orders: number;
  /** The latest of them, each once: parts of several orders arrive mixed. */
  readonly latest: readonly string[];
  readonly lastAt: Mono;
}

export function withFlow(flow: FillFlow | undefined, fill: Fill, at: Mono): FillFlow {
  const side = quoteSideOf(fill.side);
  const times = [...(flow?.times ?? []).filter((time) => at - time < minuteMs), at];
  const id = fill.clientOrderId;
  const isLonger = flow?.side === side && at - flow.lastAt < streakMemoryMs;
  const { orders, latest } = isLonger ? flow : { orders: 0, latest: [] as readonly string[] };
  const isNew = !latest.includes(id);
  return {
    ...{ times, side, lastAt: at, orders: isNew ? orders + 1 : orders },
    latest: isNew ? [...latest.slice(1 - mostLatest), id] : latest,
  };
}

export const fillsLastMinute = (flow: FillFlow | undefined, now: Mono): number => {
  const times = flow?.times ?? [];
  const first = times.findIndex((time) => now - time < minuteMs);
  return first < 0 ? 0 : times.length - first;
};

export const streakOf = (
  flow: FillFlow | undefined,
  now: Mono,
): { readonly side: QuoteSide; readonly orders: number } | undefined =>
  flow && now - flow.lastAt < streakMemoryMs ? { side: flow.side, orders: flow.orders } : undefined;
