import type { ComponentChildren, VNode } from 'preact';

export interface Column<T> {
  readonly title: string;
  readonly numeric?: boolean;
  readonly show: (row: T) => ComponentChildren;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** What to say when there is no row. */
  readonly empty: string;
}

export function Table<T>({ label, columns, rows, keyOf, empty }: Props<T>): VNode {
  if (rows.length === 0) return <p class="muted none">{empty}</p>;
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={`${label} table`}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, numeric }) => (
              <th key={title} scope="col" class={numeric ? 'num' : 'text'}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, numeric, show }) => (
                <td key={title} class={numeric ? 'num' : 'text'}>
                  {show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
