/** Where a market frame stands in its sequence: it leads from one state to the next one. */
export interface FramePlace {
  /** The sequence: the book or the trades of a symbol. */
  readonly lane: string;
  readonly from: number;
  readonly to: number;
  /** A whole state, which follows nothing. */
  readonly isFirst?: boolean;
}

interface Lane<T> {
  /** Where the sequence stands, by what was passed on. */
  at: number | undefined;
  readonly held: { readonly place: FramePlace; readonly frame: T }[];
  hasJoined: boolean;
}

/** A minute of a busy book; what is older will not be joined any more. */
const mostHeld = 600;

/**
 * Passes the frames of two connections on as one sequence. Until a lane has joined, the old connection speaks and the
 * frames of the new one are held; it joins where a held frame leads to, or on from, the state that was passed on last.
 * From there the new one alone is heard: no frame twice, none left out.
 */
export class FeedHandover<T> {
  private readonly lanes = new Map<string, Lane<T>>();
  private mayJoin = false;

  constructor(private readonly pass: (frame: T) => void) {}

  /** The new connection has every stream: lanes may join from now on. */
  begin(): void {
    this.mayJoin = true;
    for (const lane of this.lanes.values()) this.join(lane);
  }

  old(place: FramePlace, frame: T): void {
    const lane = this.laneOf(place);
    if (lane.hasJoined) return;
    this.pass(frame);
    lane.at = place.to;
    this.join(lane);
  }

  fresh(place: FramePlace, frame: T): void {
    const lane = this.laneOf(place);
    if (lane.hasJoined) return this.pass(frame);
    lane.held.push({ place, frame });
    if (lane.held.length > mostHeld) lane.held.shift();
    this.join(lane);
  }

  get hasBegun(): boolean {
    return this.mayJoin;
  }

  /** Whether every lane that has moved has joined. A whole state alone says that its lane has not moved. */
  get isComplete(): boolean {
    return [...this.lanes.values()].every(
      ({ hasJoined, at, held }) =>
        hasJoined || (at === undefined && held.every(({ place }) => place.isFirst)),
    );
  }

  /** The lanes that have found no place to join; what is held of them is passed on as it is. */
  finish(prepare: (lane: string) => void): void {
    for (const [name, lane] of this.lanes) {
      if (lane.hasJoined) continue;
      lane.hasJoined = true;
      const hasMoved = lane.held.some(({ place }) => !place.isFirst);
      if (!hasMoved) continue;
      prepare(name);
      this.release(lane, 0);
    }
  }

  private join(lane: Lane<T>): void {
    if (!this.mayJoin || lane.at === undefined) return;
    const { at, held } = lane;
    const reached = held.findLastIndex(({ place }) => place.to === at);
    const onward = held.findIndex(({ place }) => !place.isFirst && place.from === at);
    if (reached < 0 && onward < 0) return;
    lane.hasJoined = true;
    this.release(lane, reached < 0 ? onward : reached + 1);
  }

  private release(lane: Lane<T>, from: number): void {
    for (const { frame } of lane.held.splice(0).slice(from)) this.pass(frame);
  }

  private laneOf({ lane: name }: FramePlace): Lane<T> {
    const known = this.lanes.get(name);
    if (known) return known;
    const made: Lane<T> = { at: undefined, held: [], hasJoined: false };
    this.lanes.set(name, made);
    return made;
  }
}
