import type { ComponentChildren, VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { decimalsOf, grouped, none, padded, rounded, signed, signOf } from '../../format/numbers';
import { useCell } from '../../live/cell';
import { historyOf } from '../../live/fleet';
import { pending } from '../../live/operations';
import { ownSpreadBps } from '../../live/own-quotes';
import { strategyPath } from '../../live/route';
import { Actions } from '../../parts/actions';
import { LeanBar } from '../../parts/lean-bar';
import { Link } from '../../parts/link';
import { OperationNote } from '../../parts/operation-note';
import { Spark } from '../../parts/spark';
import { StateBadge } from '../../parts/state-badge';
import { OwnQuotes } from './own-quotes-cell';

interface Props {
  readonly row: FleetRow;
  readonly live: boolean;
}

export function FleetRowView({ row, live }: Props): VNode {
  const places = Math.max(decimalsOf(row.bid), decimalsOf(row.ask));
  const [base, quote] = row.symbol.split('/');
  return (
    <tr role="row" data-strategy={row.name}>
      <Cell label="Strategy" kind="who">
        <Link to={strategyPath(row.id)} class="name">
          {row.name}
        </Link>
        <span class="sub">
          {row.symbol} · {row.venue} · {row.environment}
        </span>
      </Cell>
      <Cell label="State" kind="what">
        <StateBadge row={row} />
      </Cell>
      <WhyCell row={row} />
      <Cell label="Bid" kind="num bid">{padded(row.bid, places)}</Cell>
      <Cell label="Mid" kind="num mid">{padded(row.mid, places)}</Cell>
      <Cell label="Ask" kind="num ask">{padded(row.ask, places)}</Cell>
      <Cell label="Own quotes" kind="own">
        <OwnQuotes quotes={row.quotes} places={places} />
      </Cell>
      <Cell label="Spread bps" kind="num">{rounded(ownSpreadBps(row), 1)}</Cell>
      <Cell label="Inventory" kind="inventory">
        <LeanBar lean={row.inventory.lean} />
        <span class="sub num">
          {grouped(row.inventory.base)} {base} · {rounded(row.inventory.quote, 2)} {quote}
        </span>
      </Cell>
      <Cell label="Fills" kind="num">{rounded(row.fillsCount, 0)}</Cell>
      <Cell label="Net PnL" kind={`num sign-${signOf(row.pnl.netQuote)}`}>
        {signed(row.pnl.netQuote, 2)}
        <span class="sub">{row.pnl.netQuote === null ? none : quote}</span>
      </Cell>
      <Cell label="Mid, live" kind="sparkline">
        <Spark points={historyOf(row.id)} />
      </Cell>
      <Cell label="Actions" kind="do">
        <Actions row={row} live={live} />
      </Cell>
    </tr>
  );
}

function WhyCell({ row }: { readonly row: FleetRow }): VNode {
  const entry = useCell(pending).get(row.id);
  const reason = row.reasons[0];
  const more = row.reasons.length - 1;
  return (
    <Cell label="Why" kind="why">
      {entry && <OperationNote id={row.id} entry={entry} />}
      {reason ? (
        <span class="reason" title={`${reason.text} ${reason.fix}`}>
          <code>{reason.code}</code> {reason.side !== 'both' && <span class={`side-${reason.side}`}>{reason.side}</span>}
          {more > 0 && <span class="muted"> +{more}</span>}
          <span class="sub clip">{reason.text}</span>
        </span>
      ) : (
        <span class="muted">{entry ? '' : (row.stateReason ?? none)}</span>
      )}
    </Cell>
  );
}

interface CellProps {
  readonly label: string;
  readonly kind: string;
  readonly children: ComponentChildren;
}

/** A table cell that carries its column's name, so that a phone can show the row as a card. */
function Cell({ label, kind, children }: CellProps): VNode {
  return (
    <td role="cell" class={kind} data-label={label}>
      {children}
    </td>
  );
}
