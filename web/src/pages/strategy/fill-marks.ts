import type uPlot from 'uplot';
import type { Palette } from './price-chart';
import type { FillMark } from './price-data';

const size = 5;

/** Triangles at the price and time of each fill: up for a buy, down for a sell. */
export function drawFills(plot: uPlot, fills: readonly FillMark[], colours: Palette): void {
  const { ctx, bbox } = plot;
  const unit = window.devicePixelRatio * size;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = window.devicePixelRatio;
  ctx.strokeStyle = colours.paper;
  for (const fill of fills) {
    const x = plot.valToPos(fill.seconds, 'x', true);
    const y = plot.valToPos(fill.price, 'y', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = fill.side === 'buy' ? colours.bid : colours.ask;
    triangle(ctx, { x, y, unit: fill.side === 'buy' ? unit : -unit });
  }
  ctx.restore();
}

interface Spot {
  readonly x: number;
  readonly y: number;
  /** Half the width; negative points down. */
  readonly unit: number;
}

function triangle(ctx: CanvasRenderingContext2D, { x, y, unit }: Spot): void {
  ctx.beginPath();
  ctx.moveTo(x, y - unit);
  ctx.lineTo(x + unit, y + unit);
  ctx.lineTo(x - unit, y + unit);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}
