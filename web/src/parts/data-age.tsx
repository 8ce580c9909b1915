import type { VNode } from 'preact';
import { duration } from '../format/time';
import { useCell } from '../live/cell';
import { ageMs, fresh, link } from '../live/fleet';

const marks = { waiting: '◌', active: '●', dim: '◐', stale: '▲', offline: '■' } as const;
const words = { waiting: 'waiting', active: '', dim: 'slow', stale: 'stale', offline: 'offline' } as const;

/** Age of what is on screen, as a number, a word and a shape. */
export function DataAge(): VNode {
  const age = useCell(ageMs);
  const { level } = useCell(fresh);
  const connection = useCell(link);
  const text = age === undefined ? 'waiting for data' : `data ${duration(age)} old`;
  return (
    <span class={`age age-${level}`}>
      <span aria-hidden="true">{marks[level]}</span> <span class="age-text">{text}</span>
      {words[level] && age !== undefined && <strong> {words[level]}</strong>}
      {connection === 'lost' && <span> reconnecting</span>}
    </span>
  );
}
