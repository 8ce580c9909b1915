import type { VNode } from 'preact';
import { useCell } from '../../live/cell';
import { fleet, fresh } from '../../live/fleet';
import { FleetTable } from './fleet-table';
import { Totals } from './totals';
import { worstFirst } from './worst-first';

export function FleetPage(): VNode {
  const frame = useCell(fleet);
  const { level } = useCell(fresh);
  if (!frame) return <p class="empty">Waiting for the first data from the engine …</p>;
  if (frame.rows.length === 0) {
    return (
      <section class="empty">
        <h1>No strategy yet</h1>
        <p>Create one with POST /api/v1/strategies; it appears here at once.</p>
      </section>
    );
  }
  return (
    <div class={`fresh-${level}`}>
      <h1 class="hidden">Fleet</h1>
      <Totals rows={frame.rows} />
      <FleetTable rows={worstFirst(frame.rows)} live={level === 'active'} />
      <p class="muted small foot">
        Worst first: order in doubt, danger, not quoting, restricted, then loss. Spread is own ask minus own
        bid over mid. Inventory: 0 is the target, +100 % the top of the band.
      </p>
    </div>
  );
}
