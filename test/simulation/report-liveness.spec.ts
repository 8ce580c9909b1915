import { meetsFloors } from './report-liveness';
import type { SeedResult } from './run-seed';

const sides = {
  samples: 1_000,
  twoSided: 990,
  quietSamples: 180,
  quietTwoSided: 180,
  barred: 0,
  quietBarred: 0,
};
const meets = (of: {
  readonly mode?: SeedResult['mode'];
  readonly excuse?: string;
  readonly fills?: number;
  readonly sides?: Partial<typeof sides>;
}): boolean => {
  const { mode = 'swarm', excuse, fills = 200 } = of;
  const counts = { fills } as SeedResult['counts'];
  return meetsFloors({ mode, excuse, counts, minutes: 10, sides: { ...sides, ...of.sides } } as SeedResult);
};

it.each([
  ['both sides after the faults', {}, true],
  ['a side too short after them', { sides: { quietTwoSided: 161 } }, false],
  ['a halt that a person lifted, and both sides after it', { excuse: 'K6 PERSON' }, true],
  ['a halt that stands', { excuse: 'limits LOSS_LIMIT', sides: { quietTwoSided: 0 } }, false],
  ['a halt, and nothing measured after it', { excuse: 'K6 PERSON', sides: { quietSamples: 9 } }, false],
  ['no halt, and nothing to measure', { sides: { quietSamples: 9, quietTwoSided: 0 } }, true],
  ['no fault and both sides', { mode: 'calm' }, true],
  ['no fault and few fills', { mode: 'calm', fills: 99 }, false],
  ['no fault and a side too short', { mode: 'calm', sides: { twoSided: 940 } }, false],
] as const)('%s', (_name, of, isMet) => expect(meets(of)).toBe(isMet));
