import type { VNode } from 'preact';
import type { FleetRow } from '../api/types';
import { effectiveState, lookOf } from '../format/states';

/** State by shape and word; colour only repeats it. Shows what is wanted while it differs. */
export function StateBadge({ row }: { readonly row: FleetRow }): VNode {
  const look = lookOf(effectiveState(row));
  const differs = row.desiredState.toLowerCase() !== row.state.toLowerCase() && row.state !== 'quoting';
  return (
    <span class={`state tone-${look.tone}`} data-state={row.state}>
      <span aria-hidden="true" class="state-mark">
        {look.mark}
      </span>
      {look.word}
      {differs && <span class="wanted"> → {row.desiredState}</span>}
    </span>
  );
}
