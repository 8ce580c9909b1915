import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Account, Check, Probed } from '../../api/accounts';
import { patch, post, remove } from '../../api/client';
import { clockTime, duration } from '../../format/time';
import { wordsOf } from '../../live/operations';
import { CheckList } from './check-list';

interface Props {
  readonly account: Account;
  /** The venue cancels what is open there when no engine tells it that it works, where the account is ours alone. */
  readonly hasSwitch: boolean;
  readonly onChanged: () => void;
}

const looks = {
  ok: { mark: '●', word: 'ok', tone: 'good' },
  connecting: { mark: '◌', word: 'connecting', tone: 'warn' },
  idle: { mark: '○', word: 'not used since the engine started', tone: 'muted' },
  degraded: { mark: '▲', word: 'degraded', tone: 'warn' },
} as const;

/** One account: its key by its end, what is wrong and since when, and what can be done. */
export function AccountRow({ account, hasSwitch, onChanged }: Props): VNode {
  const [checks, setChecks] = useState<readonly Check[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const look = looks[account.status];

  const act = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await what();
      onChanged();
    } catch (caught) {
      setError(wordsOf(caught));
    }
    setBusy(false);
  };
  const probe = async (): Promise<void> => {
    setChecks((await post<Probed>(`/accounts/${account.id}/probe`)).checks);
  };
  const declare = async (): Promise<void> => {
    const isMeant =
      account.dedicated ||
      window.confirm(
        `Does nobody else have orders on ${account.name}? The venue may then cancel all of them.`,
      );
    if (isMeant) await patch(`/accounts/${account.id}`, { dedicated: !account.dedicated });
  };
  const forget = (): Promise<void> => {
    const isMeant = window.confirm(`Remove ${account.name} and erase its key?`);
    return isMeant ? remove(`/accounts/${account.id}`, {}) : Promise.resolve();
  };

  return (
    <article class="account" aria-label={`Account ${account.name}`}>
      <div class="account-head">
        <strong>{account.name}</strong>
        <span class="muted">{account.environment}</span>
        <span class="muted num">key {account.keyHint}</span>
        <span class={`tone-${look.tone}`}>
          <span aria-hidden="true">{look.mark}</span> {look.word}
        </span>
        <span class="actions">
          <button type="button" class="action" disabled={busy} onClick={() => void act(probe)}>
            Probe
          </button>
          {(hasSwitch || account.dedicated) && (
            <button type="button" class="action" disabled={busy} onClick={() => void act(declare)}>
              {account.dedicated ? 'Share' : 'Dedicate'}
            </button>
          )}
          <button type="button" class="action" disabled={busy} onClick={() => void act(forget)}>
            Remove
          </button>
        </span>
      </div>
      <DeadMan account={account} hasSwitch={hasSwitch} />
      <Problems account={account} />
      <CheckList checks={checks} />
      <p role="alert" class="error-text">
        {error}
      </p>
    </article>
  );
}

const switchLooks = {
  armed: { mark: '●', tone: 'good' },
  late: { mark: '▲', tone: 'warn' },
  off: { mark: '○', tone: 'muted' },
} as const;

/** Whose the account is, and what the venue does when the engine stops. */
function DeadMan({ account: { dedicated, deadMan }, hasSwitch }: Omit<Props, 'onChanged'>): VNode {
  const { mark, tone } = switchLooks[deadMan.state];
  return (
    <p class="dead-man">
      {(hasSwitch || dedicated) && (
        <span class="muted">
          {dedicated ? 'Dedicated to this installation. ' : 'Others may have orders here. '}
        </span>
      )}
      <span class={`tone-${tone}`}>
        <span aria-hidden="true">{mark}</span> Dead-man&rsquo;s switch: {deadMan.text}
      </span>
    </p>
  );
}

function Problems({ account }: { readonly account: Account }): VNode | null {
  if (account.problems.length === 0) return null;
  return (
    <ul class="problems">
      {account.problems.map(({ code, symbols, text, fix, sinceMs }) => (
        <li key={`${code} ${symbols.join(' ')}`}>
          <code>{code}</code> {symbols.length > 0 && <strong>{symbols.join(', ')} </strong>}
          {text} <span class="muted">{fix}</span>{' '}
          <span class="num since">
            since {clockTime(sinceMs)} ({duration(Date.now() - sinceMs)})
          </span>
        </li>
      ))}
    </ul>
  );
}
