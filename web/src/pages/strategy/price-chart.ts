import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { placesForStep, rounded } from '../../format/numbers';
import { clockTime } from '../../format/time';
import { drawFills } from './fill-marks';
import type { PriceData } from './price-data';

export interface PriceChart {
  draw(): void;
  close(): void;
}

export interface Palette {
  readonly mid: string;
  readonly bid: string;
  readonly ask: string;
  readonly grid: string;
  readonly text: string;
  readonly paper: string;
}

const height = 300;

/** Draws the price pane into an element and keeps its width and colours in step with the page. */
export function createPriceChart(host: HTMLElement, data: PriceData): PriceChart {
  let plot = build(host, data);
  const rebuild = (): void => {
    plot.destroy();
    plot = build(host, data);
  };
  const resized = new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientWidth !== plot.width)
      plot.setSize({ width: host.clientWidth, height });
  });
  resized.observe(host);
  const scheme = window.matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', rebuild);
  return {
    draw: () => plot.setData(data.aligned()),
    close() {
      resized.disconnect();
      scheme.removeEventListener('change', rebuild);
      plot.destroy();
    },
  };
}

function build(host: HTMLElement, data: PriceData): uPlot {
  const colours = paletteOf(host);
  return new uPlot(
    {
      width: Math.max(280, host.clientWidth),
      height,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { y: true, points: { size: 6 }, drag: { x: true, y: false } },
      scales: { y: { range: padRange } },
      axes: [timeAxis(colours), priceAxis(colours)],
      series: seriesOf(colours),
      hooks: { draw: [(plot) => drawFills(plot, data.fills(), colours)] },
    },
    data.aligned(),
    host,
  );
}

function seriesOf(colours: Palette): uPlot.Series[] {
  const step = uPlot.paths.stepped?.({ align: 1 });
  const own = (label: string, stroke: string): uPlot.Series => ({
    label,
    stroke,
    width: 1.75,
    points: { show: false },
    ...(step && { paths: step }),
  });
  return [
    {},
    { label: 'mid', stroke: colours.mid, width: 1.25, points: { show: false } },
    own('own bid', colours.bid),
    own('own ask', colours.ask),
  ];
}

const axisOf = (colours: Palette): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> => ({
  stroke: colours.text,
  grid: { stroke: colours.grid, width: 1 },
  ticks: { stroke: colours.grid, width: 1, size: 4 },
  font: '11px ui-sans-serif, system-ui, sans-serif',
});

const timeAxis = (colours: Palette): uPlot.Axis => ({
  ...axisOf(colours),
  space: 80,
  size: 32,
  values: (_plot, ticks) => ticks.map((seconds) => clockTime(seconds * 1000)),
});

const priceAxis = (colours: Palette): uPlot.Axis => ({
  ...axisOf(colours),
  side: 1,
  size: 78,
  values: (_plot, ticks) =>
    ticks.map((price) => rounded(price, placesForStep((ticks[1] ?? 1) - (ticks[0] ?? 0)))),
});

/** Some air above and below, and a band of a few basis points when the price stands still. */
function padRange(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const air = Math.max((high - low) * 0.12, Math.abs(high) * 2e-5);
  return [low - air, high + air];
}

function paletteOf(host: HTMLElement): Palette {
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    mid: colour('--ink-2'),
    bid: colour('--buy'),
    ask: colour('--sell'),
    grid: colour('--line'),
    text: colour('--ink-2'),
    paper: colour('--panel'),
  };
}
