import fc from 'fast-check';
import { seedOf, Xoshiro128 } from '../runtime/rng';
import { CaptureScan } from './capture-scan';
import type { SymbolReport } from './symbol-verifier';
import { failuresOf, Verification } from './verification';

type Kind = 'spot' | 'futures';
interface Capture {
  readonly lines: string[];
  /** Indexes of depth lines. */
  readonly depth: number[];
}

/** A market that moves: each step changes levels, publishes a depth frame and the best prices of the same id. */
function capture(seed: string, kind: Kind, hasSnapshot: boolean, steps = 200): Capture {
  const rng = new Xoshiro128(seedOf(seed));
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  for (let i = 0; i < 30; i += 1) {
    bids.set(1_000 - i, 1 + rng.int(5));
    asks.set(1_001 + i, 1 + rng.int(5));
  }
  const lines: string[] = [];
  const depth: number[] = [];
  const write = (frame: unknown): void => void lines.push(`${lines.length} ${JSON.stringify(frame)}`);
  const rows = (side: Map<number, number>): string[][] => [...side].map(([p, q]) => [textOf(p), textOf(q)]);
  if (hasSnapshot) write({ lastUpdateId: 100, bids: rows(bids), asks: rows(asks) });
  let last = 100;
  for (let step = 0; step < steps; step += 1) {
    const u = last + 1 + rng.int(4);
    const b = changeSide(rng, bids, 1_000, -1);
    const a = changeSide(rng, asks, 1_001, 1);
    const ids =
      kind === 'spot' ? { U: last + 1, u } : { U: last + 1 + Math.min(1, u - last - 1), u, pu: last };
    const frame = { stream: 's@depth', data: { e: 'depthUpdate', E: 1, s: 'XY', ...ids, b, a } };
    const ticker = { stream: 's@bookTicker', data: tickerOf(u, bids, asks) };
    const isTickerFirst = rng.int(2) === 0;
    if (isTickerFirst) write(ticker);
    depth.push(lines.length);
    write(frame);
    if (!isTickerFirst) write(ticker);
    last = u;
  }
  return { lines, depth };
}

function changeSide(rng: Xoshiro128, side: Map<number, number>, touch: number, away: 1 | -1): string[][] {
  const changes = new Map<number, number>();
  for (let i = 0; i < 3; i += 1) {
    const price = touch + away * rng.int(6);
    const size = rng.int(3) === 0 && side.size > 12 ? 0 : 1 + rng.int(9);
    if (size === 0) side.delete(price);
    else side.set(price, size);
    changes.set(price, size);
  }
  return [...changes].map(([price, size]) => [textOf(price), textOf(size)]);
}

function tickerOf(u: number, bids: Map<number, number>, asks: Map<number, number>): Record<string, unknown> {
  const bid = Math.max(...bids.keys());
  const ask = Math.min(...asks.keys());
  return { u, s: 'XY', b: textOf(bid), B: textOf(bids.get(bid)!), a: textOf(ask), A: textOf(asks.get(ask)!) };
}

const textOf = (hundredths: number): string => (hundredths / 100).toFixed(8);

function verify(lines: readonly string[]): SymbolReport {
  const scan = new CaptureScan();
  for (const line of lines) scan.line(line);
  const verification = new Verification(scan.facts());
  for (const line of lines) verification.line(line);
  return verification.reports().get('XY')!;
}

describe.each<[Kind, boolean]>([
  ['spot', true],
  ['spot', false],
  ['futures', true],
  ['futures', false],
])('a %s capture (snapshot: %s)', (kind, hasSnapshot) => {
  it('proves a correct book right', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const report = verify(capture(seed, kind, hasSnapshot).lines);
        expect(failuresOf(report)).toEqual([]);
        expect(report).toMatchObject({
          joint: 200,
          fileGaps: 0,
          reportedGaps: 0,
          crossed: 0,
          mismatches: [],
        });
        expect(report.compared + report.unseen).toBe(200);
      }),
      { numRuns: 10 },
    );
  });

  it('reports a deleted frame as a gap', () => {
    const { lines, depth } = capture('gap', kind, hasSnapshot);
    lines.splice(depth[60]!, 1);
    expect(verify(lines)).toMatchObject({ fileGaps: 1, reportedGaps: 1 });
  });

  it('reports an altered size of the best level as a mismatch', () => {
    const { lines, depth } = capture('altered', kind, hasSnapshot);
    const altered = alterBest(lines, depth);
    expect(verify(altered).mismatches.length).toBeGreaterThan(0);
  });

  it('reports both in one file', () => {
    const { lines, depth } = capture('both', kind, hasSnapshot);
    const altered = alterBest(lines, depth.slice(0, 50));
    altered.splice(depth[150]!, 1);
    const report = verify(altered);
    expect(report).toMatchObject({ fileGaps: 1, reportedGaps: 1 });
    expect(report.mismatches.length).toBeGreaterThan(0);
    expect(failuresOf(report)).not.toEqual([]);
  });
});

it('reports a best level that a frame moved to another price', () => {
  const { lines, depth } = capture('moved', 'spot', false);
  const altered = alterBest(lines, depth.slice(20), (price, size) => [
    (Number(price) - 0.4).toFixed(8),
    size,
  ]);
  expect(verify(altered).mismatches.length).toBeGreaterThan(0);
});

it('goes on from an empty book after a gap that no snapshot follows', () => {
  const { lines, depth } = capture('resume', 'spot', true);
  lines.splice(depth[20]!, 1);
  const report = verify(lines);
  expect(report.compared).toBeGreaterThan(100);
  expect([report.synced, failuresOf(report)]).toEqual([true, []]);
});

it('fails when the file has points and too few could be compared', () => {
  const report = verify(capture('few', 'spot', true).lines);
  expect(failuresOf({ ...report, compared: 99 }).join()).toContain('points compared');
  expect(failuresOf({ ...report, compared: 99, joint: 99 })).toEqual([]);
});

type Alter = (price: string, size: string) => [string, string];

/** Alters the first bid of a frame that is the venue's best at that id. */
function alterBest(
  lines: readonly string[],
  depth: readonly number[],
  alter: Alter = (p) => [p, '77.00000000'],
): string[] {
  const tops = new Map<number, string>();
  for (const line of lines) {
    const ticker = /"u":(\d+),"s":"XY","b":"([\d.]+)"/.exec(line);
    if (ticker) tops.set(Number(ticker[1]), ticker[2]!);
  }
  const altered = [...lines];
  for (const index of depth) {
    const frame = JSON.parse(lines[index]!.slice(lines[index]!.indexOf(' ') + 1)) as {
      data: { u: number; b: [string, string][] };
    };
    const level = frame.data.b.findIndex(
      ([price, size]) => price === tops.get(frame.data.u) && Number(size) > 0,
    );
    if (level < 0) continue;
    frame.data.b[level] = alter(...frame.data.b[level]!);
    altered[index] = `0 ${JSON.stringify(frame)}`;
    return altered;
  }
  throw new Error('no frame changes the best bid');
}
