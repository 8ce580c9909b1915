import type { VNode } from 'preact';
import { outcomeOf } from '../format/operation';
import { dismiss, isRunning, type Pending } from '../live/operations';

interface Props {
  readonly id: string;
  readonly entry: Pending;
}

/** How a command is going, in one line. */
export function OperationNote({ id, entry }: Props): VNode {
  const text = entry.error ?? (entry.operation ? outcomeOf(entry.operation) : 'sent to the engine');
  const tone = toneOf(entry);
  return (
    <span class={`note note-${tone}`} role="status">
      <span aria-hidden="true">{marks[tone]}</span> {text}
      {!isRunning(entry) && (
        <button
          type="button"
          class="quiet small"
          aria-label="Dismiss this result"
          onClick={() => dismiss(id)}
        >
          ×
        </button>
      )}
    </span>
  );
}

const marks = { busy: '◐', good: '✓', danger: '■' } as const;

export function toneOf(entry: Pending): 'busy' | 'good' | 'danger' {
  if (isRunning(entry)) return 'busy';
  if (entry.error !== undefined) return 'danger';
  return entry.operation?.state === 'succeeded' || entry.operation?.state === 'superseded'
    ? 'good'
    : 'danger';
}
