import type { VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { rounded, signed, signOf } from '../../format/numbers';
import { effectiveState } from '../../format/states';

/** Figures over the fleet. Money of a simulation is never added to real money. */
export function Totals({ rows }: { readonly rows: readonly FleetRow[] }): VNode {
  const real = rows.filter((row) => row.environment.toLowerCase() !== 'sim');
  const counted = real.length > 0 ? real : rows;
  const quoting = counted.filter((row) => effectiveState(row) === 'quoting').length;
  const sum = (pick: (row: FleetRow) => number): number =>
    counted.reduce((total, row) => total + pick(row), 0);
  return (
    <dl class="totals">
      <Figure name="quoting both sides" value={`${quoting} / ${counted.length}`} />
      {assetsOf(counted).map(([asset, group]) => (
        <Money key={asset} asset={asset} rows={group} />
      ))}
      <Figure name="own quotes" value={String(sum((row) => row.quotes.length))} />
      <Figure
        name="fills"
        value={rounded(
          sum((row) => row.fillsCount),
          0,
        )}
      />
      <Figure name="reasons" value={String(sum((row) => row.reasons.length))} />
    </dl>
  );
}

function Money({ asset, rows }: { readonly asset: string; readonly rows: readonly FleetRow[] }): VNode {
  const total = (pick: (row: FleetRow) => string | null): number =>
    rows.reduce((sum, row) => sum + Number(pick(row) ?? 0), 0);
  const net = total((row) => row.pnl.netQuote);
  return (
    <>
      <Figure
        name={`equity ${asset}`}
        value={rounded(
          total((row) => row.pnl.equityQuote),
          2,
        )}
      />
      <Figure name={`net PnL ${asset}`} value={signed(net, 2)} sign={signOf(net)} />
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly sign?: 'up' | 'down' | 'flat';
}

function Figure({ name, value, sign = 'flat' }: FigureProps): VNode {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class={`num sign-${sign}`}>{value}</dd>
    </div>
  );
}

function assetsOf(rows: readonly FleetRow[]): readonly (readonly [string, readonly FleetRow[]])[] {
  const groups = new Map<string, FleetRow[]>();
  for (const row of rows) {
    const asset = row.symbol.split('/')[1] ?? 'quote';
    groups.set(asset, [...(groups.get(asset) ?? []), row]);
  }
  return [...groups];
}
