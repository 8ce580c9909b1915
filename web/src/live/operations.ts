import { ApiError, get, post } from '../api/client';
import { type Operation, readOperation } from '../api/operation';
import { cell } from './cell';

export type Command = 'start' | 'pause' | 'resume' | 'stop';

/** A command the person gave on this page, and how far it has come. */
export interface Pending {
  readonly command: Command;
  readonly operation: Operation | undefined;
  readonly error: string | undefined;
}

/** The last command per strategy; stays until the next one or until it is dismissed. */
export const pending = cell<ReadonlyMap<string, Pending>>(new Map());

const pollMs = 500;
const longestPolls = 240;

function note(id: string, next: Pending | undefined): void {
  const map = new Map(pending.get());
  if (next === undefined) map.delete(id);
  else map.set(id, next);
  pending.set(map);
}

export const dismiss = (id: string): void => note(id, undefined);

export const isRunning = (entry: Pending | undefined): boolean =>
  entry !== undefined && entry.error === undefined && !(entry.operation?.finished ?? false);

/** Sends the command once, then follows its operation until it ends. Never sends it a second time by itself. */
export async function command(id: string, name: Command): Promise<void> {
  const address = `/strategies/${encodeURIComponent(id)}`;
  note(id, { command: name, operation: undefined, error: undefined });
  try {
    await post(`${address}/${name}`);
  } catch (error) {
    note(id, { command: name, operation: undefined, error: wordsOf(error) });
    return;
  }
  await follow(id, name, address);
}

async function follow(id: string, name: Command, address: string): Promise<void> {
  for (let polls = 0; polls < longestPolls; polls += 1) {
    const operation = await read(`${address}/operation`);
    const current = pending.get().get(id);
    if (current?.command !== name) return; // Dismissed, or another command took its place.
    if (operation) note(id, { command: name, operation, error: undefined });
    if (operation?.finished) return;
    await pause(pollMs);
  }
  note(id, {
    command: name,
    operation: undefined,
    error: 'No end after 2 minutes; the engine keeps trying.',
  });
}

/** A failed read says nothing about the command: the next poll asks again. */
async function read(address: string): Promise<Operation | undefined> {
  try {
    return readOperation(await get<unknown>(address));
  } catch {
    return undefined;
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => window.setTimeout(done, ms));

export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something unexpected happened on this page.';
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
