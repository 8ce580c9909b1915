import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { FleetRow, Series } from '../../api/types';
import { useCell } from '../../live/cell';
import { fleet } from '../../live/fleet';
import { wordsOf } from '../../live/operations';
import { Panel } from '../../parts/panel';
import { type PriceChart, createPriceChart } from './price-chart';
import { createPriceData, type PriceData } from './price-data';

interface Props {
  readonly id: string;
  readonly row: FleetRow;
}

const refreshMs = 5_000;

/** Mid, own bid and ask, and fills. Starts from the service's series, then grows with every frame of the stream. */
export function PricePanel({ id, row }: Props): VNode {
  const host = useRef<HTMLDivElement>(null);
  const [data] = useState<PriceData>(createPriceData);
  const [error, setError] = useState<string | undefined>();
  const chart = useRef<PriceChart | undefined>(undefined);
  const frame = useCell(fleet);

  useEffect(() => {
    if (!host.current) return undefined;
    const made = createPriceChart(host.current, data);
    chart.current = made;
    return () => made.close();
  }, [data]);

  useEffect(() => {
    const read = (): void => {
      get<Series>(`/strategies/${encodeURIComponent(id)}/series`).then(
        (series) => {
          data.take(series);
          setError(undefined);
          chart.current?.draw();
        },
        (caught: unknown) => setError(wordsOf(caught)),
      );
    };
    read();
    const timer = window.setInterval(() => !document.hidden && read(), refreshMs); // Fills come with the series.
    return () => window.clearInterval(timer);
  }, [id, data]);

  useEffect(() => {
    if (!frame) return;
    data.append(frame.atMs, row);
    if (!document.hidden) chart.current?.draw();
  }, [frame]);

  return (
    <Panel title="Price" error={error} class="panel-price">
      <ul class="legend small" aria-label="Legend">
        <li class="key-mid">mid</li>
        <li class="key-bid">own bid</li>
        <li class="key-ask">own ask</li>
        <li class="side-bid">▲ buy fill</li>
        <li class="side-ask">▼ sell fill</li>
      </ul>
      <div
        ref={host}
        class="chart"
        role="img"
        aria-label={`Price chart of ${row.symbol} with own quotes and fills`}
      />
    </Panel>
  );
}
