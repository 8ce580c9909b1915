import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stateOf } from './venue-state';
import type { StateJournal, StateRecord, VenueState } from './venue-state';

/** The kept state cannot be read or written; the message names the file. */
export class VenueStateError extends Error {}

export interface VenueJournal extends StateJournal {
  /** What was kept before this start. */
  readonly state: VenueState;
  close(): void;
}

const segmentBytes = 16 * 1_048_576;
const segmentName = /^journal-(\d+)\.ndjson$/;

/**
 * Opens the journal of a venue: files of one JSON record a line, each line handed to write(2) before its effect leaves
 * the process. What write(2) has taken survives kill -9 of the process, so nothing is synced to the disk; a crash of
 * the machine can lose the end. One process at a time may use the folder. Throws VenueStateError.
 */
export function openVenueJournal(folder: string): VenueJournal {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const numbers = segmentsOf(folder);
    const state = stateOf(numbers.flatMap((number) => read(pathOf(folder, number))));
    return new JournalStore(folder, state, numbers);
  } catch (error) {
    throw error instanceof VenueStateError ? error : new VenueStateError(`${folder}: ${String(error)}`);
  }
}

/** A new segment takes the place of the old ones as soon as the whole state has been copied into it. */
class JournalStore implements VenueJournal {
  private fd: number | undefined;
  private size = 0;
  private carried: Iterator<StateRecord> | undefined;

  constructor(
    private readonly folder: string,
    readonly state: VenueState,
    private segments: readonly number[],
  ) {}

  begin(whole: Iterable<StateRecord>): void {
    const number = this.nextNumber();
    const path = pathOf(this.folder, number);
    this.open(`${path}.new`, 'w');
    for (const piece of whole) this.write(lineOf(piece));
    renameSync(`${path}.new`, path);
    this.removeOthers(number);
  }

  append(record: StateRecord, whole: () => Iterable<StateRecord>): void {
    if (this.size > segmentBytes && !this.carried) this.rotate(whole());
    // A little of the state with each record: no moment has to write all of it.
    const piece = this.carried?.next();
    this.write(lineOf(record) + (piece && !piece.done ? lineOf(piece.value) : ''));
    if (!piece?.done) return;
    this.carried = undefined;
    this.removeOthers(this.segments.at(-1)!);
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private rotate(whole: Iterable<StateRecord>): void {
    const number = this.nextNumber();
    this.open(pathOf(this.folder, number), 'ax');
    this.segments = [...this.segments, number];
    this.carried = whole[Symbol.iterator]();
  }

  private nextNumber(): number {
    return (this.segments.at(-1) ?? 0) + 1;
  }

  private open(path: string, flags: 'w' | 'ax'): void {
    const fd = openSync(path, flags, 0o600);
    this.close();
    this.fd = fd;
    this.size = 0;
  }

  /** All or nothing: what a failed write left behind is cut off. Nothing is written once closed. */
  private write(text: string): void {
    const { fd } = this;
    if (fd === undefined) return;
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length;)
        done += writeSync(fd, bytes, done, bytes.length - done, this.size + done);
    } catch (error) {
      ftruncateSync(fd, this.size);
      throw error;
    }
    this.size += bytes.length;
  }

  private removeOthers(number: number): void {
    for (const other of this.segments)
      if (other !== number) rmSync(pathOf(this.folder, other), { force: true });
    this.segments = [number];
  }
}

const pathOf = (folder: string, number: number): string => join(folder, `journal-${number}.ndjson`);
const lineOf = (record: StateRecord): string => `${JSON.stringify(record)}\n`;

function segmentsOf(folder: string): readonly number[] {
  const numbers = readdirSync(folder).flatMap((name) => segmentName.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** A last line without its end was never acknowledged. */
function read(path: string): readonly StateRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as StateRecord;
    } catch {
      throw new VenueStateError(`${path}: line ${index + 1} cannot be read`);
    }
  });
}
