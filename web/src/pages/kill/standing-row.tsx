import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { remove } from '../../api/client';
import type { StandingHalt } from '../../api/kill';
import { killSentence, readKill } from '../../api/kill';
import { wordsOf } from '../../live/operations';
import { usePoll } from '../../live/poll';

interface Props {
  readonly halt: StandingHalt;
  readonly onLifted: () => void;
}

/** One halt: who set it and why, its proof when it is a kill, and its end with a reason. */
export function StandingRow({ halt, onLifted }: Props): VNode {
  const { scopeKey, state, since, actor, reason, isSaved } = halt;
  const isKill = state === 'HALTED' && actor !== 'engine';
  return (
    <section class="standing" aria-label={`Halt of ${scopeKey}`}>
      <p>
        <strong>{scopeKey}</strong> <code>{state}</code> since{' '}
        <time>{since.slice(0, 19).replace('T', ' ')} UTC</time> by {actor}: {reason}
        {!isSaved && <strong class="tone-warn"> not saved yet: the database does not answer</strong>}
      </p>
      {isKill && <Proof scopeKey={scopeKey} />}
      <Release scopeKey={scopeKey} onLifted={onLifted} />
    </section>
  );
}

function Proof({ scopeKey }: { readonly scopeKey: string }): VNode {
  const { data } = usePoll<unknown>(`/kill-switch/${encodeURIComponent(scopeKey)}/operation`, 1_000);
  const kill = readKill(data);
  if (!kill) return <p class="muted">The proof is being read …</p>;
  const tone = kill.state === 'succeeded' ? 'good' : kill.state === 'timed_out' ? 'danger' : 'busy';
  return (
    <div class={`operation operation-${tone}`} role="status" data-testid="kill-proof">
      <p class="operation-line">{killSentence(kill)}</p>
      <dl class="steps">
        <Step name="confirmed" at={kill.confirmedAt} />
        <Step name="swept" at={kill.sweptAt} />
        <div>
          <dt>remaining orders</dt>
          <dd class="num">
            {kill.remaining.length}
            {kill.remaining.map((id) => (
              <code key={id}>{id}</code>
            ))}
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Step({ name, at }: { readonly name: string; readonly at: string | undefined }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{at === undefined ? 'not yet' : <time>{at.slice(11, 19)} UTC</time>}</dd>
    </div>
  );
}

function Release({
  scopeKey,
  onLifted,
}: {
  readonly scopeKey: string;
  readonly onLifted: () => void;
}): VNode {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | undefined>();
  const lift = async (): Promise<void> => {
    try {
      await remove(`/kill-switch/${encodeURIComponent(scopeKey)}`, { reason: reason.trim() });
      onLifted();
    } catch (caught) {
      setError(wordsOf(caught));
    }
  };
  return (
    <form
      class="release"
      onSubmit={(event) => {
        event.preventDefault();
        void lift();
      }}
    >
      <label>
        Reason to release
        <input value={reason} maxLength={200} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={reason.trim().length < 3} aria-label={`Release ${scopeKey}`}>
        Release
      </button>
      <span class="muted small">Strategies stay paused until each is resumed by name.</span>
      <p role="alert" class="error-text">
        {error}
      </p>
    </form>
  );
}
