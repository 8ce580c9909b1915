import type { InstrumentId } from '../../../domain/instrument';

/** The numbers of one frame as the venue gives them: `previous` names the state it follows. */
export interface ChainFrame {
  readonly isSnapshot: boolean;
  readonly previous: number;
  readonly last: number;
}

/** What a book is told: first, if it is set, a number that follows nothing; then a range that follows, or a first state. */
export interface ChainStep {
  readonly gapAt?: number;
  readonly range?: { readonly snapshot: boolean; readonly firstId: number; readonly lastId: number };
}

interface Link {
  /** The venue's number of the newest state; undefined while the chain is broken or has not begun. */
  raw: number | undefined;
  /** Ours of the same; grows with every frame, through resets and new subscriptions. */
  shown: number;
  /** What is added to the venue's number to get ours. */
  offset: number;
  hasBegun: boolean;
}

const nothing: ChainStep = {};

/**
 * Books whose first state comes by the stream, checked link by link before a level is read. A venue may begin to count
 * anew, repeat a number to say that it lives, or send a whole book unasked; a local book wants numbers that only grow
 * and touch. So each book has numbers of its own here, equal to the venue's until it first steps back.
 */
export class BookChains {
  private readonly links = new Map<InstrumentId, Link>();

  /** `mayStepBack`: whether a number below the last is a legal reset where the link holds, or an old frame. */
  constructor(private readonly mayStepBack: boolean) {}

  begin(instrument: InstrumentId): void {
    const { shown, offset } = this.linkOf(instrument);
    this.links.set(instrument, { raw: undefined, shown, offset, hasBegun: false });
  }

  hasBegun(instrument: InstrumentId): boolean {
    return this.linkOf(instrument).hasBegun;
  }

  numberOf(instrument: InstrumentId, last: number): number {
    return last + this.linkOf(instrument).offset;
  }

  step(instrument: InstrumentId, frame: ChainFrame): ChainStep {
    const link = this.linkOf(instrument);
    if (frame.isSnapshot) return first(link, frame.last);
    if (link.raw === undefined || this.isOld(link.raw, frame)) return nothing;
    if (frame.previous !== link.raw) return broken(link);
    return next(link, frame);
  }

  private isOld(raw: number, { previous, last }: ChainFrame): boolean {
    if (last === raw) return previous !== last;
    return !this.mayStepBack && last < raw;
  }

  private linkOf(instrument: InstrumentId): Link {
    const known = this.links.get(instrument);
    if (known) return known;
    const made = { raw: undefined, shown: 0, offset: 0, hasBegun: false };
    this.links.set(instrument, made);
    return made;
  }
}

/** It replaces whatever was told before, also to a book that is still in step: nothing of that may be joined to it. */
function first(link: Link, last: number): ChainStep {
  const gap = link.shown === 0 ? nothing : broken(link);
  if (last + link.offset <= link.shown) link.offset = link.shown + 1 - last;
  link.raw = last;
  link.shown = last + link.offset;
  link.hasBegun = true;
  return { ...gap, range: { snapshot: true, firstId: link.shown, lastId: link.shown } };
}

/** A frame that repeats the number, or steps back, has one number of ours. */
function next(link: Link, { previous, last }: ChainFrame): ChainStep {
  const grows = last > previous;
  const firstId = grows ? previous + link.offset + 1 : link.shown + 1;
  if (!grows) link.offset = firstId - last;
  link.raw = last;
  link.shown = last + link.offset;
  return { range: { snapshot: false, firstId, lastId: link.shown } };
}

/** Whatever follows is dropped until the subscription has begun anew. */
function broken(link: Link): ChainStep {
  link.raw = undefined;
  link.shown += 2;
  return { gapAt: link.shown };
}
