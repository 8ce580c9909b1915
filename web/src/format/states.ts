import type { FleetRow } from '../api/types';

export type Tone = 'good' | 'busy' | 'warn' | 'danger' | 'idle';

interface StateLook {
  readonly word: string;
  readonly mark: string;
  readonly tone: Tone;
}

const looks: Readonly<Record<string, StateLook>> = {
  running: { word: 'running', mark: '●', tone: 'good' },
  quoting: { word: 'quoting', mark: '●', tone: 'good' },
  starting: { word: 'starting', mark: '◐', tone: 'busy' },
  opening: { word: 'opening', mark: '◐', tone: 'busy' },
  closing: { word: 'closing', mark: '◐', tone: 'busy' },
  recovering: { word: 'recovering', mark: '◐', tone: 'busy' },
  pausing: { word: 'pausing', mark: '◐', tone: 'busy' },
  stopping: { word: 'stopping', mark: '◐', tone: 'busy' },
  paused: { word: 'paused', mark: 'Ⅱ', tone: 'idle' },
  closed: { word: 'closed', mark: '○', tone: 'idle' },
  stopped: { word: 'stopped', mark: '○', tone: 'idle' },
  blocked: { word: 'blocked', mark: '▲', tone: 'warn' },
  partial: { word: 'one side', mark: '◑', tone: 'warn' },
  halted: { word: 'halted', mark: '■', tone: 'danger' },
  error: { word: 'error', mark: '■', tone: 'danger' },
  failed: { word: 'failed', mark: '■', tone: 'danger' },
  quarantined: { word: 'quarantined', mark: '■', tone: 'danger' },
};

/** What it is really doing: a running strategy that rests nothing is blocked, whatever it is called. */
export function effectiveState(row: FleetRow): string {
  const state = row.state.toLowerCase();
  if (state !== 'running' && state !== 'quoting') return state;
  const sides = new Set(row.quotes.map((quote) => quote.side));
  if (sides.size === 2) return 'quoting';
  if (sides.size === 1) return 'partial';
  return row.reasons.length > 0 ? 'blocked' : 'running';
}

/** Word, shape and tone of a state; a state this page does not know keeps its own word. */
export const lookOf = (state: string): StateLook =>
  looks[state] ?? { word: state.replace(/_/g, ' '), mark: '◇', tone: 'idle' };
