import type { ComponentChildren, VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { decimalsOf, grouped, none, padded, rounded, shortened, signed, signOf } from '../../format/numbers';
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
import { OwnSide } from './own-side';

interface Props {
  readonly row: FleetRow;
  readonly live: boolean;
}

export function FleetRowView({ row, live }: Props): VNode {
  const [base, quote] = row.symbol.split('/');
  return (
    <tr role="row" data-strategy={row.name}>
      <Cell label="Strategy" kind="who">
        <Link to={strategyPath(row.id)} class="name" title={row.name}>
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
      <MarketCells row={row} />
      <Cell label="Inventory" kind="inventory">
        <LeanBar lean={row.inventory.lean} />
        <span class="sub num" title={`${grouped(row.inventory.base)} ${base}`}>
          {shortened(row.inventory.base, 5)} {base} · {rounded(row.inventory.quote, 0)} {quote}
        </span>
      </Cell>
      <Cell label="Net PnL · fills" kind="num">
        <span class={`sign-${signOf(row.pnl.netQuote)}`}>{signed(row.pnl.netQuote, 2)}</span>
        <span class="sub">
          {quote} · {rounded(row.fillsCount, 0)} fills
        </span>
      </Cell>
      <Cell label="Mid, live" kind="sparkline">
        <Spark points={historyOf(row.id)} />
      </Cell>
      <Cell label="Actions" kind="do">
        <Actions row={row} live={live} compact />
      </Cell>
    </tr>
  );
}

/** The market's best prices, and below each our own. */
function MarketCells({ row }: { readonly row: FleetRow }): VNode {
  const places = Math.max(decimalsOf(row.bid), decimalsOf(row.ask));
  const spread = ownSpreadBps(row);
  return (
    <>
      <Cell label="Bid · own" kind="num bid">
        {padded(row.bid, places)}
        <OwnSide side="bid" quotes={row.quotes} places={places} />
      </Cell>
      <Cell label="Mid · own spread" kind="num mid">
        {padded(row.mid, places)}
        <span class="sub">{spread === undefined ? none : `${rounded(spread, 1)} bps`}</span>
      </Cell>
      <Cell label="Ask · own" kind="num ask">
        {padded(row.ask, places)}
        <OwnSide side="ask" quotes={row.quotes} places={places} />
      </Cell>
    </>
  );
}

function WhyCell({ row }: { readonly row: FleetRow }): VNode {
  const entry = useCell(pending).get(row.id);
  const reason = row.reasons[0];
  const more = row.reasons.length - 1;
  return (
    <Cell label="Why" kind={entry || reason || row.stateReason ? 'why' : 'why nothing'}>
      {entry && <OperationNote id={row.id} entry={entry} />}
      {reason ? (
        <span class="reason" title={`${reason.text} ${reason.fix}`}>
          <code>{reason.code}</code>{' '}
          {reason.side !== 'both' && <span class={`side-${reason.side}`}>{reason.side}</span>}
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
