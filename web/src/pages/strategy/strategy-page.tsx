import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useCell } from '../../live/cell';
import { fleet, fresh } from '../../live/fleet';
import { pending } from '../../live/operations';
import { Link } from '../../parts/link';
import { DecisionsPanel } from './decisions-panel';
import { Figures } from './figures';
import { FillsPanel } from './fills-panel';
import { Heading } from './heading';
import { OperationPanel } from './operation-panel';
import { OrdersPanel } from './orders-panel';
import { PricePanel } from './price-panel';
import { ReasonsPanel } from './reasons-panel';

export function StrategyPage({ id }: { readonly id: string }): VNode {
  const frame = useCell(fleet);
  const { level } = useCell(fresh);
  const entry = useCell(pending).get(id);
  const row = frame?.rows.find((candidate) => candidate.id === id);
  const name = row?.name;
  useEffect(() => {
    document.title = name === undefined ? 'Market Making Engine' : `${name} · Market Making Engine`;
    return () => {
      document.title = 'Market Making Engine';
    };
  }, [name]);
  if (!frame) return <p class="empty">Waiting for the first data from the engine …</p>;
  if (!row) {
    return (
      <p class="empty">
        The engine shows no strategy with the id {id}. <Link to="/">Back to the fleet</Link>
      </p>
    );
  }
  return (
    <div class={`strategy fresh-${level}`}>
      <Heading row={row} live={level === 'active'} />
      {entry && <OperationPanel id={id} entry={entry} />}
      <Figures row={row} />
      <div class="grid">
        <div class="stack">
          <PricePanel id={id} row={row} />
          <OrdersPanel id={id} />
          <FillsPanel id={id} symbol={row.symbol} />
        </div>
        <div class="stack">
          <ReasonsPanel row={row} />
          <DecisionsPanel id={id} />
        </div>
      </div>
    </div>
  );
}
