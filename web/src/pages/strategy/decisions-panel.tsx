import type { VNode } from 'preact';
import { type DecisionLine, decisionLine } from '../../format/decision';
import { clockTime } from '../../format/time';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';

/** The last decisions in words; each opens to everything it was made from. */
export function DecisionsPanel({ id }: { readonly id: string }): VNode {
  const polled = usePoll<unknown>(`/strategies/${encodeURIComponent(id)}/decisions?limit=10`, 2_000);
  const lines = rowsOf<unknown>(polled.data).map(decisionLine);
  return (
    <Panel title="Last decisions" error={polled.error} retry={polled.retry} class="panel-decisions">
      {lines.length === 0 && (
        <p class="muted none">{polled.data === undefined ? 'Reading …' : 'No decision yet.'}</p>
      )}
      <div class="decisions">
        {lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </div>
    </Panel>
  );
}

function Line({ line }: { readonly line: DecisionLine }): VNode {
  return (
    <details>
      <summary>
        <span class="num muted">{line.at === undefined ? '' : clockTime(line.at)}</span> {line.text}
      </summary>
      <pre tabIndex={0}>{line.full}</pre>
    </details>
  );
}
