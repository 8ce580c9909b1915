import type { Faults } from './faults';

/** The way of one depth stream to its clients, where frames are lost, sent twice or overtaken when that is set. */
export class FramePath<Frame> {
  private late: Frame | undefined;

  constructor(
    private readonly faults: Faults,
    private readonly symbol: string,
  ) {}

  /** What leaves now that this frame has been made. */
  pass(frame: Frame): readonly Frame[] {
    const { faults, symbol, late } = this;
    this.late = undefined;
    if (faults.takeSkip(symbol)) return late === undefined ? [] : [late];
    if (late !== undefined) return [frame, late];
    if (faults.takeSwap(symbol)) {
      this.late = frame;
      return [];
    }
    return faults.takeRepeat(symbol) ? [frame, frame] : [frame];
  }
}
