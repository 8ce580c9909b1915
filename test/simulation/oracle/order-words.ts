import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { Findings } from './findings';

const over: ReadonlySet<string> = new Set(['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'DENIED', 'ABSENT']);
const notYet: ReadonlySet<string> = new Set(['INTENT', 'PENDING_CREATE', 'UNKNOWN', 'DENIED', 'ABSENT']);
const shown: ReadonlySet<string> = new Set(['OPEN', 'PARTIALLY_FILLED', 'LOST']);

/** Whether the table of transitions allows this step. */
export function isAllowed(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === 'CANCELED' || from === 'EXPIRED') return to === 'FILLED';
  if (over.has(from)) return false;
  if (from === 'PARTIALLY_FILLED' && (to === 'OPEN' || to === 'REJECTED')) return false;
  if (shown.has(from)) return !notYet.has(to);
  return to !== 'INTENT';
}

/** An order of an earlier boot comes with what is durable of it, and no line says what that is. */
const firstWord = (clientOrderId: string, worker: string): string =>
  worker.endsWith(clientOrderId.slice(8, 14)) ? 'INTENT' : 'EARLIER';

/** I15: the word for each order moves only as the table says. */
export class OrderWords {
  readonly cells = new Map<string, number>();
  private readonly words = new Map<string, string>();
  private histories = 0;
  /** Orders whose lines of an earlier history came after it was lost, and in which history that was seen. */
  private readonly belated = new Map<string, number>();

  constructor(private readonly findings: Findings) {}

  /** The last word the log of a host has for an order. */
  of(host: string, clientOrderId: string): string | undefined {
    return this.words.get(`${host}|${clientOrderId}`);
  }

  /** Ends that another history of the database does not know are learned again: what is on record then says no line. */
  setBack(): void {
    this.histories += 1;
    for (const key of this.words.keys()) this.words.set(key, 'EARLIER');
  }

  /** The log is written behind the orders: once in each history the last word of an order may be of the one before. */
  private begun(key: string, from: string | undefined, to: string): boolean {
    if (from === undefined || isAllowed(from, to) || (this.belated.get(key) ?? 0) >= this.histories)
      return false;
    this.belated.set(key, this.histories);
    return true;
  }

  logged(lines: readonly OrderLogLine[], host: string): void {
    for (const { clientOrderId, kind, status, detail, worker } of lines) {
      const key = `${host}|${clientOrderId}`;
      const last = this.words.get(key);
      const from = this.begun(key, last, status) ? 'EARLIER' : (last ?? firstWord(clientOrderId, worker));
      if (last !== status) this.words.set(key, status);
      const cell = `${from}|${kind}|${status}`;
      this.cells.set(cell, (this.cells.get(cell) ?? 0) + 1);
      const says = (): string => `${clientOrderId} ${from} -> ${status} on ${kind} ${detail}`;
      this.findings.check('I15', isAllowed(from, status), says, clientOrderId);
    }
  }
}
