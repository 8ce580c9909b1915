import { cell } from '../live/cell';
import { post } from './client';
import { openSession } from './session';

interface LoginAnswer {
  readonly accessToken: string;
}

export async function logInWithPassword(username: string, password: string): Promise<void> {
  const { accessToken } = await post<LoginAnswer>('/auth/login', { username, password });
  openSession(accessToken);
}

/** The one-time link printed at start: exchanged once, then gone from the address bar and the history. */
export async function logInWithLink(token: string): Promise<void> {
  linkToken.set(undefined);
  const { accessToken } = await post<LoginAnswer>('/auth/login', { token });
  openSession(accessToken);
}

/** The token of a one-time link that was opened and not used yet. */
export const linkToken = cell<string | undefined>(undefined);

/** Takes tokens out of the address, now and when a link is opened in this tab, before anything else happens. */
export function followLinks(): void {
  const take = (): void => {
    const token = new URLSearchParams(location.hash.slice(1)).get('t');
    if (token === null) return;
    history.replaceState(null, '', location.pathname + location.search);
    linkToken.set(token);
  };
  window.addEventListener('hashchange', take);
  take();
}
