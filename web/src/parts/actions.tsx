import type { VNode } from 'preact';
import type { FleetRow } from '../api/types';
import { useCell } from '../live/cell';
import { type Command, command, isRunning, pending } from '../live/operations';

interface Props {
  readonly row: FleetRow;
  readonly live: boolean;
  /** One button that starts or pauses, whichever is possible, beside stop. */
  readonly compact?: boolean;
}

const labels: Readonly<Record<Command, string>> = {
  start: 'Start',
  resume: 'Resume',
  pause: 'Pause',
  stop: 'Stop',
};

/** Start or resume, pause, stop. What the engine does not allow is disabled and says why. */
export function Actions({ row, live, compact = false }: Props): VNode {
  const entry = useCell(pending).get(row.id);
  const first: Command = row.allowed.includes('resume') ? 'resume' : 'start';
  const toggle: Command = row.allowed.includes(first) ? first : 'pause';
  const commands: readonly Command[] = compact ? [toggle, 'stop'] : [first, 'pause', 'stop'];
  return (
    <span class="actions">
      {commands.map((name) => (
        <ActionButton
          key={name}
          name={name}
          row={row}
          blocked={blockerOf(row, name, live, isRunning(entry))}
        />
      ))}
    </span>
  );
}

interface ButtonProps {
  readonly name: Command;
  readonly row: FleetRow;
  readonly blocked: string | undefined;
}

function ActionButton({ name, row, blocked }: ButtonProps): VNode {
  return (
    <button
      type="button"
      class={`action action-${name}`}
      disabled={blocked !== undefined}
      title={blocked ?? `${labels[name]} ${row.name}`}
      aria-label={`${labels[name]} ${row.name}`}
      onClick={() => void command(row.id, name)}
    >
      {labels[name]}
    </button>
  );
}

/** Why a button may not be pressed; undefined when it may. A stop is never withheld for old data or a running command. */
function blockerOf(row: FleetRow, name: Command, live: boolean, busy: boolean): string | undefined {
  if (!row.allowed.includes(name)) return `Not possible while ${row.state}`;
  if (name === 'stop') return undefined;
  if (busy) return 'A command is still being carried out';
  return live ? undefined : 'The data on this page is too old to act on';
}
