import type { Fill } from '../../../domain/fill';
import type { Ms } from '../../../domain/units';

const dayMs = 86_400_000;

/**
 * What one strategy's own trades of a UTC day are worth, in quote units: floats, a limit needs no more. What it was
 * given to hold is not in it: the market moves that whether it trades or not.
 */
export interface DayPnl {
  readonly day: number;
  /** Value of everything held at the first mark; undefined before it. */
  readonly equity: number | undefined;
  /** What the fills of the day have moved, fees subtracted. */
  readonly baseDelta: number;
  readonly quoteDelta: number;
  readonly pnl: number;
  readonly peak: number;
}

export const dayOf = (now: Ms): number => Math.floor(now / dayMs);

export const newDay = (now: Ms): DayPnl => ({
  day: dayOf(now),
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
  const equity = day.equity ?? base * price + quote;
  const pnl = day.quoteDelta + day.baseDelta * price;
  return { ...day, equity, pnl, peak: Math.max(day.peak, pnl) };
}
