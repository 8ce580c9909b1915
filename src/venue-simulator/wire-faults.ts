/** An answer that stands between a venue and its client: a proxy's page, half a body, or none at all. */
export interface SetAnswer {
  /** Which requests: all whose method and address hold these. */
  readonly method: string;
  readonly path: string;
  /** The venue carries the request out all the same. */
  readonly isExecuted: boolean;
  /** None closes the connection instead of answering. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * `given` sends `text`; the others send the venue's own answer: its first `half` as if that were all, `cut` in the
   * middle, or `stalled` there.
   */
  readonly body: 'given' | 'half' | 'cut' | 'stalled';
  readonly text: string;
}

/** What a socket of the venue can be made to do without closing. */
export interface Mutable {
  /** What it would send is lost. */
  mute(): void;
  /** It hears nothing either: no ping is answered. */
  hang(): void;
}

/** What is done to frames of the venue as they leave. */
export interface FrameChange {
  /** Those whose socket has this in its address, and which hold the text. */
  readonly path: string;
  readonly holds: string;
  /** How many of them; all without it. */
  readonly count?: number;
  /** What leaves in place of the frame. */
  readonly change: (text: string) => readonly string[];
}

/**
 * What becomes of a client that dials: its connection is `refused`, or taken and left to `hang` before the sockets
 * speak, or opened and then `mute`, or opened and `cut` at once.
 */
export const dialFates = ['refused', 'hang', 'mute', 'cut'] as const;
export type DialFate = (typeof dialFates)[number];

const mostAsked = 10_000;

/** Everything that can go wrong between any venue and its clients, whatever protocol they speak. */
export class WireFaults {
  /** How far the venue's clock is ahead of the machine's. */
  aheadMs = 0;
  private readonly answers: { left: number; readonly set: SetAnswer }[] = [];
  private readonly sockets = new Map<Mutable, string>();
  private changes: { left: number; readonly set: FrameChange }[] = [];
  private readonly dials: { left: number; readonly path: string; readonly fate: DialFate }[] = [];
  private readonly asked: string[] = [];
  private readonly opened = new Map<string, number>();

  answerNext(count: number, set: SetAnswer): void {
    this.answers.push({ left: count, set });
  }

  /** What was set for this request, once. */
  take(method: string, url: string): SetAnswer | undefined {
    const found = this.answers.find(
      ({ left, set }) => left > 0 && method.includes(set.method) && url.includes(set.path),
    );
    if (found) found.left -= 1;
    return found?.set;
  }

  opens(socket: Mutable, path: string): void {
    this.sockets.set(socket, path);
    this.opened.set(path, (this.opened.get(path) ?? 0) + 1);
  }

  closes(socket: Mutable): void {
    this.sockets.delete(socket);
  }

  /** A frame of a client; those that begin or end a stream are kept. */
  hears(text: string): void {
    if (/"(op|event|method)":\s*"(un)?subscribe"/i.test(text) && this.asked.length < mostAsked)
      this.asked.push(text);
  }

  /** The frames that began and ended streams, as they came, in any dialect. */
  subscriptions(): readonly string[] {
    return this.asked;
  }

  /** How many sockets are open at each address, and how many were opened there since the start. */
  counts(): Readonly<Record<string, { readonly open: number; readonly opened: number }>> {
    const open = (path: string): number => [...this.sockets.values()].filter((one) => one === path).length;
    return Object.fromEntries([...this.opened].map(([path, opened]) => [path, { open: open(path), opened }]));
  }

  /** The sockets whose address holds the text stay open and say nothing more. */
  silence(path: string, how: keyof Mutable): number {
    const chosen = [...this.sockets].filter(([, address]) => address.includes(path));
    for (const [socket] of chosen) socket[how]();
    return chosen.length;
  }

  changeFrames(set: FrameChange): void {
    this.changes.push({ left: set.count ?? Infinity, set });
  }

  /** Whether frames leave as the venue made them. */
  get isPlain(): boolean {
    return this.changes.length === 0;
  }

  /** What leaves for this frame. */
  leaving(path: string, text: string): readonly string[] {
    const found = this.changes.find(
      ({ left, set }) => left > 0 && path.includes(set.path) && text.includes(set.holds),
    );
    if (!found) return [text];
    found.left -= 1;
    return found.set.change(text);
  }

  /** What becomes of the next clients that dial an address which holds the text. */
  spoilDials(path: string, fate: DialFate, count: number): void {
    this.dials.push({ left: count, path, fate });
  }

  takeDial(url: string): DialFate | undefined {
    const found = this.dials.find(({ left, path }) => left > 0 && url.includes(path));
    if (found) found.left -= 1;
    return found?.fate;
  }

  clear(): void {
    this.answers.length = 0;
    this.changes = [];
    this.dials.length = 0;
    this.aheadMs = 0;
  }
}
