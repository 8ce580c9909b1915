import type { ComponentChildren, VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { decimalsOf, grouped, padded, rounded, signed, signOf } from '../../format/numbers';
import { bestOwn, ownSpreadBps } from '../../live/own-quotes';
import { LeanBar } from '../../parts/lean-bar';

/** The market, our quotes against it, inventory and result: one line of figures. */
export function Figures({ row }: { readonly row: FleetRow }): VNode {
  const places = Math.max(decimalsOf(row.bid), decimalsOf(row.ask));
  const own = bestOwn(row.quotes);
  const [base = '', quote = ''] = row.symbol.split('/');
  return (
    <dl class="totals">
      <Figure name={`market bid | mid | ask ${quote}`}>
        {padded(row.bid, places)} <span class="muted">|</span> {padded(row.mid, places)}{' '}
        <span class="muted">|</span> {padded(row.ask, places)}
      </Figure>
      <Figure name="own bid | ask">
        <span class="side-bid">{padded(own.bid?.price, places)}</span> <span class="muted">|</span>{' '}
        <span class="side-ask">{padded(own.ask?.price, places)}</span>
      </Figure>
      <Figure name="own spread bps">{rounded(ownSpreadBps(row), 1)}</Figure>
      <Figure name="inventory">
        {grouped(row.inventory.base)} {base} <span class="muted">|</span> {rounded(row.inventory.quote, 2)}{' '}
        {quote}
      </Figure>
      <Figure name="lean in band">
        <LeanBar lean={row.inventory.lean} />
      </Figure>
      <Figure name="fills">{rounded(row.fillsCount, 0)}</Figure>
      <Figure name={`equity ${quote}`}>{rounded(row.pnl.equityQuote, 2)}</Figure>
      <Figure name={`net PnL ${quote}`}>
        <span class={`sign-${signOf(row.pnl.netQuote)}`}>{signed(row.pnl.netQuote, 4)}</span>
      </Figure>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}
