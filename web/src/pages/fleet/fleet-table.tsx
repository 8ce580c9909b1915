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
  ['Bid', 'num'],
  ['Mid', 'num'],
  ['Ask', 'num'],
  ['Own quotes', 'text'],
  ['Spread bps', 'num'],
  ['Inventory', 'text'],
  ['Fills', 'num'],
  ['Net PnL', 'num'],
  ['Mid, live', 'text'],
  ['Actions', 'text'],
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
