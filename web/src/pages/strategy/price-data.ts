import type { AlignedData } from 'uplot';
import type { FleetRow, Series, SeriesFill, SeriesPoint } from '../../api/types';
import { bestOwn } from '../../live/own-quotes';

export interface FillMark {
  readonly seconds: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
}

/** What the price chart shows; grows, and forgets the oldest points. */
export interface PriceData {
  /** Replaces the past by what the service has recorded; newer points seen here stay. */
  take(series: Series): void;
  append(atMs: number, row: FleetRow): void;
  aligned(): AlignedData;
  fills(): readonly FillMark[];
}

const pointLimit = 2_000;

const figure = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined || value === '' ? null : Number(value);

const markOf = ({ t, side, price }: SeriesFill): FillMark => ({
  seconds: t / 1000,
  side,
  price: Number(price),
});

export function createPriceData(): PriceData {
  let points: SeriesPoint[] = [];
  let marks: readonly FillMark[] = [];
  const trim = (): void => {
    if (points.length > pointLimit) points = points.slice(-pointLimit);
  };
  return {
    take(series) {
      const recorded = [...series.points].sort((a, b) => a.t - b.t);
      const end = recorded.at(-1)?.t ?? 0;
      points = [...recorded, ...points.filter((point) => point.t > end)];
      marks = series.fills.map(markOf);
      trim();
    },
    append(atMs, row) {
      if (atMs <= (points.at(-1)?.t ?? 0)) return;
      const own = bestOwn(row.quotes);
      points.push({ t: atMs, mid: row.mid, bid: own.bid?.price ?? null, ask: own.ask?.price ?? null });
      trim();
    },
    aligned: () => [
      points.map((point) => point.t / 1000),
      points.map((point) => figure(point.mid)),
      points.map((point) => figure(point.bid)),
      points.map((point) => figure(point.ask)),
    ],
    fills: () => marks,
  };
}
