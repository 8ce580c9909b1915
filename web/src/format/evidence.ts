import type { OrderRow } from '../api/types';
import { duration } from './time';

const channels: readonly (readonly [start: string, words: string])[] = [
  ['ws', 'stream'],
  ['stream', 'stream'],
  ['rest', 'REST'],
  ['reply', 'reply'],
  ['human', 'a person'],
];

/** By which channel something was learned, in a word for people. */
export function channelOf(source: string): string {
  const start = source.toLowerCase();
  return channels.find(([prefix]) => start.startsWith(prefix))?.[1] ?? source;
}

/** How recently, and by which channel, the venue last showed an order. Our own steps confirm nothing. */
export function evidenceWords(evidence: OrderRow['evidence']): string {
  if (!evidence || evidence.source === 'local') return 'local, not yet confirmed';
  return `confirmed ${duration(evidence.ageMs)} ago by ${channelOf(evidence.source)}`;
}
