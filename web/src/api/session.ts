import { cell } from '../live/cell';

const key = 'mm.session';

/** The access token: in memory, and in this tab's session storage so that a reload stays signed in. */
export const session = cell<string | undefined>(sessionStorage.getItem(key) ?? undefined);

export function openSession(token: string): void {
  sessionStorage.setItem(key, token);
  session.set(token);
}

/** Signing out forgets everything that was cached under the old identity. */
export function closeSession(): void {
  sessionStorage.clear();
  session.set(undefined);
}
