import type { Fill } from '../../../domain/fill';
import type { Ms } from '../../../domain/units';

const dayMs = 86_400_000;

/**
 * What one strategy's own trades of a UTC day are worth, in quote units: floats, a limit needs no more. What it was
 * given to hold is not in it: the market moves that whether it trades or not.
 */
export interface DayPnl {
  readonly day: number;
  /** When it began to be counted. */
  readonly since: Ms;
  /** Value at the first mark of what was held before the fills of the day; undefined before it. */
  readonly equity: number | undefined;
  /** What the fills of the day have moved, fees subtracted. */
  readonly baseDelta: number;
  readonly quoteDelta: number;
  readonly pnl: number;
  readonly peak: number;
}

export const dayOf = (now: Ms): number => Math.floor(now / dayMs);

export const dayStartOf = (now: Ms): Ms => dayOf(now) * dayMs;

export const newDay = (now: Ms): DayPnl => ({
  day: dayOf(now),
  since: now,
  equity: undefined,
  baseDelta: 0,
  quoteDelta: 0,
  pnl: 0,
  peak: 0,
});

const current = (state: DayPnl | undefined, now: Ms): DayPnl =>
  state?.day === dayOf(now) ? state : newDay(now);

/** A fee in a third asset has no price here and is left out. */
export function withFill(state: DayPnl | undefined, fill: Fill, now: Ms): DayPnl {
  const day = current(state, now);
  const sign = fill.side === 'buy' ? 1 : -1;
  const quantity = Number(fill.quantity);
  const fee = Number(fill.fee ?? 0);
  return {
    ...day,
    baseDelta: day.baseDelta + sign * quantity - (fill.feeAsset === fill.base ? fee : 0),
    quoteDelta:
      day.quoteDelta - sign * quantity * Number(fill.price) - (fill.feeAsset === fill.quote ? fee : 0),
  };
}

export interface Mark {
  readonly price: number;
  /** Held now, in units of base and quote. */
  readonly base: number;
  readonly quote: number;
}

/** Values what the day has bought and sold at a price. */
export function withMark(state: DayPnl | undefined, { price, base, quote }: Mark, now: Ms): DayPnl {
  const day = current(state, now);
  const equity = day.equity ?? (base - day.baseDelta) * price + quote - day.quoteDelta;
  const pnl = day.quoteDelta + day.baseDelta * price;
  if (day.equity === equity && day.pnl === pnl) return day; // Nothing was traded: its peak is no less.
  const { since, baseDelta, quoteDelta } = day;
  // Field by field: once a tick for each strategy, where a spread is slow.
  return { day: day.day, since, equity, baseDelta, quoteDelta, pnl, peak: Math.max(day.peak, pnl) };
}

/** What is on record of the fills that count for the day; figures in base and quote. */
export interface DayRecord {
  readonly since: Ms;
  readonly base: number;
  readonly quote: number;
  readonly best: number;
}

/**
 * The day as it is on record: also with the fills of an earlier process or another engine. What was seen here of its
 * best moment and its beginning stays, unless that was before a person let it be measured anew.
 */
export function withRecord(state: DayPnl | undefined, record: DayRecord, now: Ms): DayPnl {
  const seen = current(state, now);
  const day = seen.since < record.since ? newDay(now) : seen;
  const { base: baseDelta, quote: quoteDelta, best } = record;
  return { ...day, baseDelta, quoteDelta, peak: Math.max(day.peak, best) };
}
