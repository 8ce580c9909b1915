import type { LevelBatch } from '../../../domain/venue-event';
import { ByteLane } from './byte-lane';
import { DecimalGrid } from './decimal-grid';
import type { DepthFrame } from './dialect';

const frame = Buffer.from('{"a":1}');
const levels = (ticks: readonly number[], lots: readonly number[], length = ticks.length): LevelBatch => ({
  ...{ ticks: Int32Array.from(ticks), lots: Float64Array.from(lots), length },
});
const grids = { price: new DecimalGrid('1'), quantity: new DecimalGrid('1') };
const truth: DepthFrame = {
  symbol: { instrument: 'BTC/USDT', grids },
  ...{ isSnapshot: false, previous: 2, last: 5, prevId: undefined, venueTime: 9, problem: undefined },
  bids: levels([10, 9], [1, 2]),
  asks: levels([11], [3]),
};

let said: DepthFrame | undefined;
let judged: DepthFrame | undefined;
let decoded: number;
let judgements: number;
let differing: Buffer[];
let lane: ByteLane;

beforeEach(() => {
  [said, judged] = [truth, truth];
  [decoded, judgements] = [0, 0];
  differing = [];
  const judge = {
    depthOf: (json: unknown) => {
      judgements += 1;
      expect(json).toEqual({ a: 1 });
      return judged;
    },
  };
  const decoder = {
    depth: () => {
      decoded += 1;
      return said;
    },
  };
  lane = new ByteLane({ decoder, judge, differs: (one) => void differing.push(one) });
});

it('judges the first frame and one in a thousand after it', () => {
  for (let i = 0; i < 2_002; i += 1) expect(lane.depth(frame)).toBe(truth);
  expect([decoded, judgements, differing]).toEqual([2_002, 3, []]);
});

it('counts only the frames that it reads', () => {
  said = undefined;
  for (let i = 0; i < 5; i += 1) expect(lane.depth(frame)).toBeUndefined();
  expect(judgements).toBe(0);
  said = truth;
  expect(lane.depth(frame)).toBe(truth);
  expect(judgements).toBe(1);
});

it('takes levels behind the length of a side for nothing', () => {
  said = { ...truth, bids: levels([10, 9, 8], [1, 2, 7], 2) };
  expect(lane.depth(frame)).toBe(said);
});

it.each<readonly [string, Partial<DepthFrame>]>([
  ['instrument', { symbol: { instrument: 'ETH/USDT', grids } }],
  ['snapshot', { isSnapshot: true }],
  ['state it follows', { previous: 3 }],
  ['last id', { last: 6 }],
  ['previous id', { prevId: 2 }],
  ['time', { venueTime: 8 }],
  ['problem', { problem: '' }],
  ['price', { bids: levels([10, 8], [1, 2]) }],
  ['quantity', { asks: levels([11], [4]) }],
  ['number of levels', { bids: levels([10], [1]) }],
  ['order of levels', { bids: levels([9, 10], [2, 1]) }],
])('closes for good when the %s differs, and says so once', (_name, lie) => {
  said = { ...truth, ...lie };
  expect(lane.depth(frame)).toBeUndefined();
  said = truth;
  for (let i = 0; i < 3; i += 1) expect(lane.depth(frame)).toBeUndefined();
  expect([decoded, differing]).toEqual([1, [frame]]);
});

it('closes when JSON says nothing', () => {
  judged = undefined;
  expect(lane.depth(frame)).toBeUndefined();
  expect(differing).toEqual([frame]);
});

it('closes when a frame it has read is no JSON', () => {
  const broken = Buffer.from('{');
  expect(lane.depth(broken)).toBeUndefined();
  expect([judgements, differing]).toEqual([0, [broken]]);
});
