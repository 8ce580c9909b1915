import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { linkToken, logInWithLink, logInWithPassword } from '../api/login';
import { useCell } from '../live/cell';
import { wordsOf } from '../live/operations';

export function LoginPage(): VNode {
  const token = useCell(linkToken);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();

  const attempt = async (logIn: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await logIn();
    } catch (caught) {
      setError(wordsOf(caught));
      setBusy(false);
    }
  };

  useEffect(() => {
    if (token !== undefined) void attempt(() => logInWithLink(token));
  }, [token]);

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    void attempt(() => logInWithPassword(text('username'), text('password')));
  };

  return (
    <main class="login">
      <form class="login-card" onSubmit={onSubmit}>
        <img src="/favicon.svg" alt="" width="36" height="36" />
        <h1>Market Making Engine</h1>
        <p class="muted">Sign in to the trading desk.</p>
        <label>
          User
          <input name="username" value="admin" autocomplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required autofocus />
        </label>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        <p role="alert" class="error-text">
          {error}
        </p>
        <p class="muted small">
          The one-time link in the engine's start message signs you in without a password.
        </p>
      </form>
    </main>
  );
}
