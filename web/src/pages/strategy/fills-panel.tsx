import type { VNode } from 'preact';
import type { FillRow } from '../../api/types';
import { grouped } from '../../format/numbers';
import { clockTime } from '../../format/time';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';
import { SideWord } from '../../parts/side';
import { type Column, Table } from '../../parts/table';

/** A fee the venue has not told is named as such, never estimated. */
const feeOf = (fill: FillRow): string =>
  fill.fee === null || fill.fee === undefined
    ? 'fee pending'
    : `${grouped(fill.fee)} ${fill.feeAsset ?? ''}`.trim();

const columns: readonly Column<FillRow>[] = [
  { title: 'Time', show: (fill) => <span class="num">{clockTime(fill.at)}</span> },
  { title: 'Side', show: (fill) => <SideWord side={fill.side} /> },
  { title: 'Price', numeric: true, show: (fill) => grouped(fill.price) },
  { title: 'Quantity', numeric: true, show: (fill) => grouped(fill.quantity) },
  { title: 'Fee', numeric: true, show: feeOf },
  { title: 'Role', show: (fill) => fill.liquidity ?? '–' },
  { title: 'Trade id', show: (fill) => <code>{fill.tradeId}</code> },
];

interface Props {
  readonly id: string;
  readonly symbol: string;
}

export function FillsPanel({ id, symbol }: Props): VNode {
  const polled = usePoll<unknown>(`/strategies/${encodeURIComponent(id)}/fills`, 2_000);
  const fills = rowsOf<FillRow>(polled.data);
  return (
    <Panel
      title={`Fills ${symbol}`}
      count={fills.length}
      error={polled.error}
      retry={polled.retry}
      class="panel-fills"
    >
      <Table
        label="Fills"
        columns={columns}
        rows={fills.slice(0, 50)}
        keyOf={(fill) => `${fill.tradeId} ${fill.side}`}
        empty={polled.data === undefined ? 'Reading …' : 'No fill yet.'}
      />
    </Panel>
  );
}
