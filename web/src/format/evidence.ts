import type { OrderRow } from '../api/types';
import { duration } from './time';

const channels: readonly (readonly [start: string, words: string])[] = [
  ['ws', 'stream'],
  ['stream', 'stream'],
  ['rest', 'REST'],
  ['reply', 'reply'],
];

/** How recently, and by which channel, the venue last showed an order. Our own steps confirm nothing. */
export function evidenceWords(evidence: OrderRow['evidence']): string {
  if (!evidence || evidence.source === 'local') return 'not confirmed yet';
  const source = evidence.source.toLowerCase();
  const channel = channels.find(([start]) => source.startsWith(start))?.[1] ?? evidence.source;
  return `confirmed ${duration(evidence.ageMs)} ago by ${channel}`;
}
