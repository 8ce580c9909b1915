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
  const { accessToken } = await post<LoginAnswer>('/auth/login', { token });
  openSession(accessToken);
}

/** The token of a one-time link, removed from the address before anything else happens. */
export function takeLinkToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('t') ?? undefined;
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}
