/** Seconds of strategies by what was quoted in them. */
export interface SideSeconds {
  readonly samples: number;
  readonly twoSided: number;
  readonly quietSamples: number;
  readonly quietTwoSided: number;
  readonly barred: number;
  readonly quietBarred: number;
}

/** What a run must show of work done; an hour below them counts for nothing. */
export const floors = {
  calm: { twoSided: 0.95, quiet: 0.95, fillsPerHour: 600 },
  faulty: { quiet: 0.9, medianTwoSided: 0.6, p10TwoSided: 0.25, meanFillsPerHour: 400 },
  tradesToJudge: 50,
  judgedShare: 0.8,
  eventsPerHour: 50_000,
} as const;

/** A strategy may be barred by its own limits for so much of a seed; beyond it the seconds count as not quoted. */
const mostBarred = 0.2;

const excessOf = ({ samples, barred }: SideSeconds): number =>
  Math.max(0, barred - mostBarred * (samples + barred));

export const twoSidedShare = (sides: SideSeconds): number =>
  sides.twoSided / Math.max(1, sides.samples + excessOf(sides));

/** Beside long excuses, fewer seconds than this are those of a fill on its way: they say nothing of a share. */
const fewestMeasured = 10;

const quietMeasured = (sides: SideSeconds): number =>
  sides.quietSamples + Math.min(sides.quietBarred, excessOf(sides));

export const isMeasured = (sides: SideSeconds): boolean => quietMeasured(sides) >= fewestMeasured;

/** After the faults and the time to resume. One when nothing of it was measured. */
export const quietShare = (sides: SideSeconds): number =>
  isMeasured(sides) ? sides.quietTwoSided / quietMeasured(sides) : 1;
