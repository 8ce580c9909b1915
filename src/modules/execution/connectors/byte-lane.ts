import type { LevelBatch } from '../../../domain/venue-event';
import type { DepthFrame, FrameDecoder, MarketParser } from './dialect';
import { parseVenueJson } from './venue-json';

const judgedEvery = 1_000;

export interface ByteLaneParts {
  readonly decoder: FrameDecoder;
  /** Of its own, level buffers included: it reads a frame while what the decoder made of the same frame is compared. */
  readonly judge: Pick<MarketParser, 'depthOf'>;
  /** The lane has been closed. */
  differs(frame: Buffer): void;
}

/**
 * The fast way of the most frequent frames. It is an accelerator and never a source of truth: the first frame, and one
 * in a thousand after it, is read as JSON as well; should the two ever differ, the lane closes for good.
 */
export class ByteLane {
  private frames = 0;
  private isOpen = true;

  constructor(private readonly parts: ByteLaneParts) {}

  /** What a frame says; undefined for one that has to be read as JSON. */
  depth(frame: Buffer): DepthFrame | undefined {
    if (!this.isOpen) return undefined;
    const depth = this.parts.decoder.depth(frame);
    if (!depth) return undefined;
    this.frames += 1;
    if (this.frames % judgedEvery !== 1 || this.isRight(depth, frame)) return depth;
    this.isOpen = false;
    this.parts.differs(frame);
    return undefined;
  }

  private isRight(depth: DepthFrame, frame: Buffer): boolean {
    try {
      const judged = this.parts.judge.depthOf?.(parseVenueJson(frame.toString('utf8')));
      return judged !== undefined && isSame(depth, judged);
    } catch {
      return false;
    }
  }
}

/** Whether two readings of a frame say the same in every number. */
export const isSame = (a: DepthFrame, b: DepthFrame): boolean =>
  a.symbol.instrument === b.symbol.instrument &&
  a.isSnapshot === b.isSnapshot &&
  a.previous === b.previous &&
  a.last === b.last &&
  a.prevId === b.prevId &&
  a.venueTime === b.venueTime &&
  a.problem === b.problem &&
  areSameLevels(a.bids, b.bids) &&
  areSameLevels(a.asks, b.asks);

function areSameLevels(a: LevelBatch, b: LevelBatch): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1)
    if (a.ticks[i] !== b.ticks[i] || a.lots[i] !== b.lots[i]) return false;
  return true;
}
