import type { VNode } from 'preact';
import type { FleetRow } from '../../api/types';
import { sentenceOf } from '../../format/sentence';
import { Actions } from '../../parts/actions';
import { Link } from '../../parts/link';
import { StateBadge } from '../../parts/state-badge';

interface Props {
  readonly row: FleetRow;
  readonly live: boolean;
}

export function Heading({ row, live }: Props): VNode {
  return (
    <header class="heading">
      <nav class="crumbs small" aria-label="Path">
        <Link to="/">Fleet</Link> <span aria-hidden="true">/</span> {row.symbol} on {row.venue}
        <span class="tag">{row.environment}</span>
      </nav>
      <div class="heading-line">
        <h1>{row.name}</h1>
        <StateBadge row={row} />
        <Actions row={row} live={live} />
      </div>
      <p class="sentence" data-testid="sentence">
        {sentenceOf(row)}
      </p>
    </header>
  );
}
