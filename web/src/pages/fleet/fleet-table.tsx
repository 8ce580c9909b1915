import type { VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { FleetRowView } from './fleet-row';

interface Props {
  readonly rows: readonly FleetRow[];
  readonly live: boolean;
}

const columns: readonly (readonly [label: string, kind: string])[] = [
  ['Strategy', 'text'],
  ['State', 'text'],
  ['Why', 'text'],
  ['Bid · own', 'num'],
  ['Mid · own spread', 'num'],
  ['Ask · own', 'num'],
  ['Inventory', 'text'],
  ['Net PnL · fills', 'num'],
  ['Mid, live', 'sparkline'],
  ['Actions', 'do'],
];

export function FleetTable({ rows, live }: Props): VNode {
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label="Fleet table">
      <table class="fleet" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(([label, kind]) => (
              <th key={label} scope="col" role="columnheader" class={kind}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <FleetRowView key={row.id} row={row} live={live} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
