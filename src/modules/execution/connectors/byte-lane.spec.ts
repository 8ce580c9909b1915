import type { LevelBatch, VenueEvent } from '../../../domain/venue-event';
import { ByteLane } from './byte-lane';
import type { MarketParser } from './dialect';

type Depth = Extract<VenueEvent, { type: 'depth' }>;

const stamp = { receivedAt: 5, generation: 2 };
const frame = Buffer.from('{"a":1}');
const levels = (ticks: readonly number[], lots: readonly number[], length = ticks.length): LevelBatch => ({
  ...{ ticks: Int32Array.from(ticks), lots: Float64Array.from(lots), length },
});
const truth: Depth = {
  ...{ type: 'depth', venue: 'binance', instrument: 'BTC/USDT', snapshot: false, ...stamp },
  ...{ firstId: 3, lastId: 5, prevId: undefined, venueTime: 9 },
  bids: levels([10, 9], [1, 2]),
  asks: levels([11], [3]),
};

let said: VenueEvent | undefined;
let judged: VenueEvent | undefined;
let decoded: number;
let judgements: number;
let differing: Buffer[];
let lane: ByteLane;

beforeEach(() => {
  [said, judged] = [truth, truth];
  [decoded, judgements] = [0, 0];
  differing = [];
  const judge: MarketParser = {
    frame: (json, given, emit) => {
      judgements += 1;
      expect([json, given]).toEqual([{ a: 1 }, stamp]);
      if (judged) emit(judged);
    },
  };
  const decoder = {
    event: () => {
      decoded += 1;
      return said;
    },
  };
  lane = new ByteLane({ decoder, judge, differs: (one) => void differing.push(one) });
});

it('judges the first frame and one in a thousand after it', () => {
  for (let i = 0; i < 2_002; i += 1) expect(lane.event(frame, stamp)).toBe(truth);
  expect([decoded, judgements, differing]).toEqual([2_002, 3, []]);
});

it('counts only the frames that it reads', () => {
  said = undefined;
  for (let i = 0; i < 5; i += 1) expect(lane.event(frame, stamp)).toBeUndefined();
  expect(judgements).toBe(0);
  said = truth;
  expect(lane.event(frame, stamp)).toBe(truth);
  expect(judgements).toBe(1);
});

it('takes levels behind the length of a side for nothing', () => {
  said = { ...truth, bids: levels([10, 9, 8], [1, 2, 7], 2) };
  expect(lane.event(frame, stamp)).toBe(said);
});

it.each<readonly [string, Partial<Depth>]>([
  ['venue', { venue: 'okx' }],
  ['instrument', { instrument: 'ETH/USDT' }],
  ['snapshot', { snapshot: true }],
  ['first id', { firstId: 4 }],
  ['last id', { lastId: 6 }],
  ['previous id', { prevId: 2 }],
  ['time', { venueTime: 8 }],
  ['price', { bids: levels([10, 8], [1, 2]) }],
  ['quantity', { asks: levels([11], [4]) }],
  ['number of levels', { bids: levels([10], [1]) }],
  ['order of levels', { bids: levels([9, 10], [2, 1]) }],
])('closes for good when the %s differs, and says so once', (_name, lie) => {
  said = { ...truth, ...lie };
  expect(lane.event(frame, stamp)).toBeUndefined();
  said = truth;
  for (let i = 0; i < 3; i += 1) expect(lane.event(frame, stamp)).toBeUndefined();
  expect([decoded, differing]).toEqual([1, [frame]]);
});

it.each<readonly [string, VenueEvent | undefined]>([
  ['nothing', undefined],
  ['another event', { type: 'offGrid', venue: 'binance', ...stamp, instrument: 'BTC/USDT', detail: '' }],
])('closes when JSON says %s', (_name, event) => {
  judged = event;
  expect(lane.event(frame, stamp)).toBeUndefined();
  expect(differing).toEqual([frame]);
});

it('closes when a frame it has read is no JSON', () => {
  const broken = Buffer.from('{');
  expect(lane.event(broken, stamp)).toBeUndefined();
  expect([judgements, differing]).toEqual([0, [broken]]);
});
