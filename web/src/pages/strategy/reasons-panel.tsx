import type { VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { duration } from '../../format/time';
import { useCell } from '../../live/cell';
import { fleet } from '../../live/fleet';
import { Panel } from '../../parts/panel';

/** Why a side is not quoted as wanted, since when, and what to do about it. */
export function ReasonsPanel({ row }: { readonly row: FleetRow }): VNode {
  const atMs = useCell(fleet)?.atMs ?? 0;
  return (
    <Panel title="Reasons" count={row.reasons.length} class="panel-reasons">
      {row.reasons.length === 0 && <p class="muted none">Nothing holds a quote back.</p>}
      <ul class="reasons">
        {row.reasons.map((reason, index) => (
          // Two slots of a side may be held back for the same reason.
          <li key={`${reason.code} ${reason.side} ${index}`}>
            <p>
              <code>{reason.code}</code>{' '}
              <span class={reason.side === 'both' ? 'muted' : `side-${reason.side}`}>
                {reason.side === 'both' ? 'both sides' : reason.side}
              </span>{' '}
              <span class="muted">for {duration(sinceOf(reason.sinceMs, atMs))}</span>
            </p>
            <p>{reason.text}</p>
            {reason.fix && (
              <p class="fix">
                <span class="fix-word">Fix</span> {reason.fix}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const epochLikeMs = 1e11;

/** `sinceMs` is an instant; a small figure is already a length of time. */
const sinceOf = (sinceMs: number, atMs: number): number => (sinceMs > epochLikeMs ? atMs - sinceMs : sinceMs);
