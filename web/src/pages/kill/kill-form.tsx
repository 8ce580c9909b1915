import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import { useCell } from '../../live/cell';
import { fleet } from '../../live/fleet';
import { wordsOf } from '../../live/operations';
import { rowsOf, usePoll } from '../../live/poll';

interface Scope {
  readonly label: string;
  /** What a person types to mean it. */
  readonly typed: string;
  readonly body: { readonly scope: string; readonly scopeId?: string };
}

interface Account {
  readonly id: string;
  readonly name: string;
}

const everything: Scope = { label: 'Everything', typed: 'global', body: { scope: 'global' } };

function useScopes(): readonly Scope[] {
  const accounts = rowsOf<Account>(usePoll<unknown>('/accounts', 10_000).data);
  const rows = useCell(fleet)?.rows ?? [];
  return [
    everything,
    ...accounts.map(({ id, name }) => ({
      label: `Account ${name}`,
      typed: name,
      body: { scope: 'account', scopeId: id },
    })),
    ...rows.map(({ id, name }) => ({
      label: `Strategy ${name}`,
      typed: name,
      body: { scope: 'strategy', scopeId: id },
    })),
  ];
}

/** The scope chosen, its name typed, a reason: then one press. */
export function KillForm({ onKilled }: { readonly onKilled: () => void }): VNode {
  const scopes = useScopes();
  const [label, setLabel] = useState(everything.label);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const scope = scopes.find((one) => one.label === label) ?? everything;
  const isMeant = typed.trim() === scope.typed && reason.trim().length >= 3;

  const kill = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await post('/kill-switch', { ...scope.body, reason: reason.trim() });
      setTyped('');
      onKilled();
    } catch (caught) {
      setError(wordsOf(caught));
    }
    setBusy(false);
  };

  return (
    <form
      class="kill-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isMeant && !busy) void kill();
      }}
    >
      <label>
        Stop
        <select value={label} onChange={(event) => setLabel(event.currentTarget.value)}>
          {scopes.map((one) => (
            <option key={one.label} value={one.label}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Reason
        <input value={reason} maxLength={200} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <label>
        <span>
          Type <code>{scope.typed}</code> to confirm
        </span>
        <input
          value={typed}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="kill-button" disabled={!isMeant || busy}>
        {busy ? 'Killing …' : 'Kill'}
      </button>
      <p role="alert" class="error-text">
        {error}
      </p>
    </form>
  );
}
