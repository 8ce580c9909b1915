import type { LevelBatch, VenueEvent } from '../../../domain/venue-event';
import type { FrameDecoder, FrameStamp, MarketParser } from './dialect';
import { parseVenueJson } from './venue-json';

const judgedEvery = 1_000;

export interface ByteLaneParts {
  readonly decoder: FrameDecoder;
  /** Of its own, level buffers included: it reads a frame while the decoder's event of the same frame is compared. */
  readonly judge: MarketParser;
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

  /** The event of a frame; undefined for one that has to be read as JSON. */
  event(frame: Buffer, stamp: FrameStamp): VenueEvent | undefined {
    if (!this.isOpen) return undefined;
    const event = this.parts.decoder.event(frame, stamp);
    if (!event) return undefined;
    this.frames += 1;
    if (this.frames % judgedEvery !== 1 || this.isRight(event, frame, stamp)) return event;
    this.isOpen = false;
    this.parts.differs(frame);
    return undefined;
  }

  private isRight(event: VenueEvent, frame: Buffer, stamp: FrameStamp): boolean {
    let judged: VenueEvent | undefined;
    try {
      this.parts.judge.frame(parseVenueJson(frame.toString('utf8')), stamp, (seen) => void (judged = seen));
    } catch {
      return false;
    }
    return judged !== undefined && isSame(event, judged);
  }
}

/** Whether two events say the same in every number. */
export function isSame(a: VenueEvent, b: VenueEvent): boolean {
  if (a.type !== 'depth' || b.type !== 'depth') return false;
  return (
    a.venue === b.venue &&
    a.instrument === b.instrument &&
    a.snapshot === b.snapshot &&
    a.venueTime === b.venueTime &&
    isSameRange(a, b) &&
    areSameLevels(a.bids, b.bids) &&
    areSameLevels(a.asks, b.asks)
  );
}

type Range = Pick<Extract<VenueEvent, { type: 'depth' }>, 'firstId' | 'lastId' | 'prevId'>;

const isSameRange = (a: Range, b: Range): boolean =>
  a.firstId === b.firstId && a.lastId === b.lastId && a.prevId === b.prevId;

function areSameLevels(a: LevelBatch, b: LevelBatch): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1)
    if (a.ticks[i] !== b.ticks[i] || a.lots[i] !== b.lots[i]) return false;
  return true;
}
