import type { VNode } from 'preact';
import type { StandingHalt } from '../../api/kill';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';
import { KillForm } from './kill-form';
import { StandingRow } from './standing-row';

/** Stop everything, an account or a strategy; what stands, how far it is proved, and how it ends. */
export function KillPage(): VNode {
  const { data, error, retry } = usePoll<unknown>('/kill-switch', 1_000);
  const standing = rowsOf<StandingHalt>(data);
  return (
    <div class="kill-page">
      <h1>Kill switch</h1>
      <p class="muted">
        From the first moment on nothing is created in the scope. Own orders are cancelled until the venue has
        shown none twice, more than 10 s apart. Orders of others on the account are not touched.
      </p>
      <KillForm onKilled={retry} />
      <Panel title="Standing halts" count={standing.length} error={error} retry={retry}>
        {standing.length === 0 ? (
          <p class="muted">Nothing is halted.</p>
        ) : (
          standing.map((halt) => (
            <StandingRow key={`${halt.scopeKey} ${halt.state}`} halt={halt} onLifted={retry} />
          ))
        )}
      </Panel>
    </div>
  );
}
