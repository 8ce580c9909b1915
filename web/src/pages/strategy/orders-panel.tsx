import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { OrderRow } from '../../api/types';
import { grouped } from '../../format/numbers';
import { evidenceWords } from '../../format/evidence';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';
import { SideWord } from '../../parts/side';
import { type Column, Table } from '../../parts/table';
import { OrderHistory } from './order-history';

const columnsOf = (open: (clientOrderId: string) => void): readonly Column<OrderRow>[] => [
  { title: 'Side', show: (order) => <SideWord side={order.side} /> },
  { title: 'Slot', show: (order) => order.slotKey },
  { title: 'Price', numeric: true, show: (order) => grouped(order.price) },
  { title: 'Quantity', numeric: true, show: (order) => grouped(order.quantity) },
  { title: 'Filled', numeric: true, show: (order) => grouped(order.bookedFilled) },
  { title: 'Status', show: (order) => <Status order={order} /> },
  { title: 'Evidence', show: (order) => evidenceWords(order.evidence) },
  {
    title: 'Client order id',
    show: ({ clientOrderId }) => (
      <button
        type="button"
        class="quiet id"
        title="Show the history of this order"
        onClick={() => open(clientOrderId)}
      >
        <code>{clientOrderId}</code>
      </button>
    ),
  },
];

function Status({ order }: { readonly order: OrderRow }): VNode {
  const doubt = order.status === 'UNKNOWN' || order.status === 'LOST';
  return (
    <span>
      <span class={doubt ? 'tone-danger' : ''}>
        {doubt && '■ '}
        {order.status}
      </span>
      {order.command !== 'NONE' && (
        <span class="tone-busy"> ◐ {order.command.replace(/_/g, ' ').toLowerCase()}</span>
      )}
    </span>
  );
}

const rank = (order: OrderRow): number => (order.side === 'sell' || order.side === 'ask' ? 1 : -1);

/** Like a ladder: sells above buys, the higher price first. */
const asLadder = (orders: readonly OrderRow[]): readonly OrderRow[] =>
  [...orders].sort((a, b) => rank(b) - rank(a) || Number(b.price) - Number(a.price));

/** The own orders that may be at the venue; each opens to its history. */
export function OrdersPanel({ id }: { readonly id: string }): VNode {
  const polled = usePoll<unknown>(`/strategies/${encodeURIComponent(id)}/orders`, 1_000);
  const [chosen, choose] = useState<string | undefined>();
  const columns = useMemo(() => columnsOf(choose), []);
  const orders = rowsOf<OrderRow>(polled.data);
  return (
    <>
      <Panel
        title="Own orders"
        count={orders.length}
        error={polled.error}
        retry={polled.retry}
        class="panel-orders"
      >
        <Table
          label="Own orders"
          columns={columns}
          rows={asLadder(orders)}
          keyOf={(order) => order.clientOrderId}
          empty={polled.data === undefined ? 'Reading …' : 'No own order is open.'}
        />
      </Panel>
      {chosen !== undefined && (
        <OrderHistory key={chosen} clientOrderId={chosen} close={() => choose(undefined)} />
      )}
    </>
  );
}
