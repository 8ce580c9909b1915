import type { VNode } from 'preact';
import type { SeriesPoint } from '../api/types';

const width = 72;
const height = 22;
const shown = 180;

/** The mid over the last minutes this page has seen. */
export function Spark({ points }: { readonly points: readonly SeriesPoint[] }): VNode {
  const values = points.slice(-shown).flatMap((point) => (point.mid === null ? [] : [Number(point.mid)]));
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      {values.length > 1 && <polyline points={lineOf(values)} />}
    </svg>
  );
}

function lineOf(values: readonly number[]): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const step = width / (values.length - 1);
  return values
    .map(
      (value, index) =>
        `${(index * step).toFixed(1)},${(height - 3 - ((value - low) / span) * (height - 6)).toFixed(1)}`,
    )
    .join(' ');
}
