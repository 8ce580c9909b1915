import type { Ms } from '../../domain/units';

export interface CreateEntry {
  readonly account: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly at: Ms;
}

/** Every create that arrived, in order, whether it was carried out or not. A client id that comes twice is a fault of the client. */
export class CreateLog {
  private readonly entries: CreateEntry[] = [];
  private readonly seen = new Set<string>();
  private readonly repeated: CreateEntry[] = [];

  add(entry: CreateEntry): void {
    this.entries.push(entry);
    const key = `${entry.account}/${entry.clientOrderId}`;
    if (this.seen.has(key)) this.repeated.push(entry);
    this.seen.add(key);
  }

  creates(): readonly CreateEntry[] {
    return this.entries;
  }

  duplicates(): readonly CreateEntry[] {
    return this.repeated;
  }
}
