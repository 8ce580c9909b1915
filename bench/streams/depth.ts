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
/** Ticks between the levels at the start. */
const gap = 8;

/**
 * How far from the touch changes fall, by a power law of exponent 0.5. `touch`: P(rank >= r) = r^-0.5, most changes
 * within a few levels of the best. `spread`: density ~ r^-0.5 over the whole side, a quarter of it deep at the median.
 * `recorded`: density ~ 1 / (r + 1) over the whole side, a fifth of it deep at three quarters, as changes of a recorded
 * BTCUSDT book of Binance fall (quartiles 14, 67 and 304 in 1,200 to 2,200 levels).
 */
export type Ranks = 'touch' | 'spread' | 'recorded';

export interface DepthOptions {
  readonly levels: number;
  readonly changes: number;
  readonly seed: number;
  readonly ranks: Ranks;
}

/**
 * 40 % updates, 40 % deletes, half of them naming absent levels as real feeds do, 20 % inserts, which move the middle
 * as a random walk.
 */
export function depthStream({ levels, changes, seed, ranks }: DepthOptions): DepthStream {
  const random = randomOf(seed);
  const lotsOf = (): number => 1 + Math.floor(random() * 10_000);
  const ladder = (sign: 1 | -1): number[] =>
    Array.from({ length: levels }, (_, i) => middle - sign * (gap + i * gap));
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
    const change = nextChange({ mine, other, sign, levels, ranks }, random);
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
  readonly ranks: Ranks;
}

function nextChange(
  place: Place,
  random: () => number,
): { readonly ticks: number; readonly removes: boolean } {
  const { mine, levels } = place;
  const rank = Math.min(mine.length - 1, rankOf(place, random()));
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

function rankOf({ ranks, mine }: Place, uniform: number): number {
  if (ranks === 'touch') return Math.floor((1 - uniform) ** -2) - 1;
  if (ranks === 'spread') return Math.floor(mine.length * uniform ** 2);
  return Math.floor((mine.length + 1) ** uniform) - 1;
}

/**
 * A price that has no level and would take a rank: between its neighbours, or better than the touch. Where the
 * neighbours touch, the nearest rank with room is taken, in front as readily as behind, so that inserts and deletes of
 * absent levels follow the law as well.
 */
function absentNear(place: Place, rank: number, random: () => number): { ticks: number; at: number } {
  for (let away = 0; away <= place.mine.length; away += 1) {
    for (const at of random() < 0.5 ? [rank - away, rank + away] : [rank + away, rank - away]) {
      const room = roomAt(place, at);
      if (room > 0)
        return { ticks: outwardEnd(place, at) + place.sign * (1 + Math.floor(random() * room)), at };
    }
  }
  throw new Error('no price is absent');
}

/**
 * Free ticks in front of the level of a rank. At the touch it is half the spread, which keeps the two sides together
 * while the middle walks; behind the last level there is always a gap.
 */
function roomAt({ mine, other, sign }: Place, at: number): number {
  if (at < 0 || at > mine.length) return 0;
  if (at === mine.length) return gap;
  if (at === 0) return Math.ceil(((other[0]! - mine[0]!) * sign - 1) / 2);
  return Math.min(gap, (mine[at - 1]! - mine[at]!) * sign - 1);
}

/** The last taken tick behind the room of a rank, the end it is counted from. */
const outwardEnd = ({ mine, sign }: Place, at: number): number =>
  at === mine.length ? mine[at - 1]! - sign * (gap + 1) : mine[at]!;
