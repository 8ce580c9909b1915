import { randomOf } from './random';

export type Level = readonly [ticks: number, lots: number];

/** A book to start from, best first, and the changes to it; side 1 is bid, -1 is ask, 0 lots removes. */
export interface DepthStream {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly side: Int8Array;
  readonly ticks: Int32Array;
  readonly lots: Float64Array;
}

const middle = 5_000_000;

/** How far from the touch changes fall: `touch` is P(rank >= r) = r^-0.5, `spread` a density ~ r^-0.5 over all levels. */
export type Ranks = 'touch' | 'spread';

/**
 * Changes cluster at the touch (rank by a power law, exponent 0.5). Recorded depth lies between the two: 40 % updates, 40 % deletes, half of them naming
 * absent levels as real feeds do, 20 % inserts, which move the middle as a random walk.
 */
export function depthStream(levels: number, changes: number, seed: number): DepthStream {
  const random = randomOf(seed);
  const lotsOf = (): number => 1 + Math.floor(random() * 10_000);
  const ladder = (sign: 1 | -1): number[] =>
    Array.from({ length: levels }, (_, i) => middle - sign * (2 + 2 * i));
  const books = { bid: ladder(1), ask: ladder(-1) };
  const start = (side: readonly number[]): readonly Level[] =>
    side.map((ticks) => [ticks, lotsOf()] as const);
  const stream: DepthStream = {
    bids: start(books.bid),
    asks: start(books.ask),
    side: new Int8Array(changes),
    ticks: new Int32Array(changes),
    lots: new Float64Array(changes),
  };
  for (let i = 0; i < changes; i += 1) {
    const sign = random() < 0.5 ? 1 : -1;
    const [mine, other] = sign === 1 ? [books.bid, books.ask] : [books.ask, books.bid];
    const change = nextChange({ mine, other, sign, levels }, random);
    stream.side[i] = sign;
    stream.ticks[i] = change.ticks;
    stream.lots[i] = change.removes ? 0 : lotsOf();
  }
  return stream;
}

interface Place {
  readonly mine: number[];
  readonly other: readonly number[];
  readonly sign: 1 | -1;
  readonly levels: number;
}

function nextChange(
  place: Place,
  random: () => number,
): { readonly ticks: number; readonly removes: boolean } {
  const { mine, levels } = place;
  const rank = Math.min(mine.length - 1, Math.floor(mine.length * random() ** 2));
  const kind = random();
  const absent = absentNear(place, rank, random);
  if (kind < 0.4) return { ticks: mine[rank]!, removes: false };
  if (kind < 0.6) return { ticks: absent.ticks, removes: true };
  if (kind < 0.8 && mine.length > levels / 2) {
    const ticks = mine[rank]!;
    mine.splice(rank, 1);
    return { ticks, removes: true };
  }
  mine.splice(absent.at, 0, absent.ticks);
  return { ticks: absent.ticks, removes: false };
}

/** A price without a level at or behind a rank, better than the touch when there is room. */
function absentNear(
  { mine, other, sign }: Place,
  rank: number,
  random: () => number,
): { ticks: number; at: number } {
  const better = mine[0]! + sign;
  if (rank === 0 && random() < 0.5 && better * sign < other[0]! * sign) return { ticks: better, at: 0 };
  let at = rank + 1;
  while (at < mine.length && mine[at - 1]! - sign === mine[at]!) at += 1;
  return { ticks: mine[at - 1]! - sign, at };
}
