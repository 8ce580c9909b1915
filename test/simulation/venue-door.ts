import type { WireAnswer } from '../../src/venue-simulator/dialect.server';
import type { DoorLine, DoorPeer, InProcessDoor } from '../../src/venue-simulator/in-process.door';
import type { VenueRules } from './venue-rules';
import type { SeenRequest } from './wire';

type Row = Readonly<Record<string, unknown>>;

/** The doors of the venue, and what the venue may do to everybody: change its rules, ban, count anew. */
export class VenueDoor {
  /** Every request is refused until then, in milliseconds of virtual time. */
  bannedUntil = 0;
  /** What is taken off the sequence numbers of the books: larger than it was says that they have begun again. */
  idsBack = 0;

  constructor(
    private readonly door: InProcessDoor,
    readonly rules: VenueRules,
    private readonly now: () => number,
  ) {}

  answer(request: SeenRequest): Promise<WireAnswer> {
    const { kind, params, raw } = request;
    const leftMs = this.bannedUntil - this.now();
    if (leftMs > 0) return Promise.resolve(banned(leftMs));
    const refusal = kind === 'create' ? this.rules.refusal(params) : undefined;
    if (refusal) return Promise.resolve({ status: 400, headers: {}, body: refusal });
    return kind === 'rules' || kind === 'depth' ? this.retold(request) : this.door.answer(raw);
  }

  /** With the rules of the moment, or with the numbers its books have now. */
  private async retold({ kind, raw }: SeenRequest): Promise<WireAnswer> {
    const answer = await this.door.answer(raw);
    if (answer?.status !== 200) return answer;
    const body = answer.body as Row;
    if (kind === 'rules' && 'symbols' in body) return { ...answer, body: this.rules.published(body) };
    if (kind !== 'depth' || this.idsBack === 0) return answer;
    return { ...answer, body: { ...body, lastUpdateId: Number(body['lastUpdateId']) - this.idsBack } };
  }

  connect(path: string, peer: DoorPeer): DoorLine {
    const onFrame = (text: string): void => {
      const shown = this.idsBack > 0 && text.includes('"depthUpdate"') ? this.counted(text) : text;
      peer.onFrame(shown);
    };
    return this.door.connect(path, { onFrame, onClosed: () => peer.onClosed() });
  }

  private counted(text: string): string {
    const json = JSON.parse(text) as Row;
    const frame = (json['data'] ?? json) as Row;
    const moved = { ...frame, U: Number(frame['U']) - this.idsBack, u: Number(frame['u']) - this.idsBack };
    return JSON.stringify(json['data'] ? { ...json, data: moved } : moved);
  }
}

const banned = (leftMs: number): WireAnswer => ({
  status: 418,
  headers: { 'Retry-After': String(Math.ceil(leftMs / 1_000)) },
  body: { code: -1003, msg: 'Way too much request weight used; IP banned.' },
});
