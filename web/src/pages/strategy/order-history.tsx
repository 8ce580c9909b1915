import type { VNode } from 'preact';
import type { OrderEventRow } from '../../api/types';
import { channelOf } from '../../format/evidence';
import { exactTime } from '../../format/time';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';
import { type Column, Table } from '../../parts/table';

/** `index`: two lines may be alike in everything else. */
type Line = OrderEventRow & { readonly index: number };

const columns: readonly Column<Line>[] = [
  { title: 'Time', show: (event) => <span class="num">{exactTime(event.at)}</span> },
  { title: 'What', show: (event) => event.kind.replace(/_/g, ' ') },
  { title: 'State after it', show: (event) => event.status },
  { title: 'Learned by', show: (event) => channelOf(event.source) },
  { title: 'Detail', show: (event) => event.detail },
  { title: 'Worker', show: (event) => (event.worker === null ? '–' : <code>{event.worker}</code>) },
];

interface Props {
  readonly clientOrderId: string;
  readonly close: () => void;
}

/** Everything that is known of one order, oldest first; it stays open when the order has ended. */
export function OrderHistory({ clientOrderId, close }: Props): VNode {
  const polled = usePoll<unknown>(`/orders/${encodeURIComponent(clientOrderId)}/events`, 2_000);
  const events = rowsOf<OrderEventRow>(polled.data).map((event, index) => ({ ...event, index }));
  return (
    <Panel
      title={`History of ${clientOrderId}`}
      count={events.length}
      error={polled.error}
      retry={polled.retry}
      class="panel-history"
    >
      <button type="button" class="quiet close" onClick={close}>
        Close
      </button>
      <Table
        label={`History of ${clientOrderId}`}
        columns={columns}
        rows={events}
        keyOf={({ index }) => String(index)}
        empty={polled.data === undefined ? 'Reading …' : 'Nothing is known of this order.'}
      />
    </Panel>
  );
}
