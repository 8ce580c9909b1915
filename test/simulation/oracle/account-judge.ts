import type { RequestKind, SeenRequest, WireAnswer } from '../wire';
import type { Ear } from './ears';
import type { Findings } from './findings';

const first: readonly RequestKind[] = ['openOrders', 'balances'];
/** Trades are asked for once an instrument is watched. */
const asked: readonly RequestKind[] = [...first, 'trades'];

interface Stream {
  readonly missing: Set<RequestKind>;
  /** Requests that left since it was opened. */
  readonly requests: Set<number>;
}

/** I5: a private stream has no replay, so the account answers anew after each opening before a create leaves. */
export class AccountJudge implements Ear {
  private readonly streams = new Map<string, Stream>();
  private readonly traders = new Set<string>();

  constructor(private readonly findings: Findings) {}

  /** One that is opened beside another has missed nothing: the account is asked, and nothing waits for its answer. */
  connected(stream: 'public' | 'private', isOpen: boolean, host: string, others: number): void {
    if (stream === 'private' && isOpen && others === 0)
      this.streams.set(host, {
        missing: new Set(this.traders.has(host) ? asked : first),
        requests: new Set(),
      });
  }

  left({ kind, host, id, clientOrderId }: SeenRequest): void {
    const stream = this.streams.get(host);
    if (asked.includes(kind)) stream?.requests.add(id);
    if (kind !== 'create') return;
    this.traders.add(host);
    const missing = [...(stream?.missing ?? asked)];
    const says = (): string => `${clientOrderId} left before ${missing.join()} since the stream was opened`;
    this.findings.check('I5', missing.length === 0, says, clientOrderId);
  }

  answered({ kind, host, id }: SeenRequest, answer: WireAnswer | undefined): void {
    const stream = this.streams.get(host);
    if (answer?.status === 200 && stream?.requests.has(id)) stream.missing.delete(kind);
  }
}
