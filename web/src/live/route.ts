import { cell } from './cell';

/** The address of the page, and the only way to change it without loading it again. */
export const path = cell(location.pathname);

export function go(to: string): void {
  history.pushState(null, '', to);
  path.set(location.pathname);
  window.scrollTo(0, 0);
}

export function followHistory(): void {
  window.addEventListener('popstate', () => path.set(location.pathname));
}

export const venuesPath = '/venues';

export const killPath = '/kill-switch';

export const strategyPath = (id: string): string => `/strategies/${encodeURIComponent(id)}`;

/** The strategy an address names; undefined for any other page. */
export function strategyIdOf(pathname: string): string | undefined {
  const match = /^\/strategies\/([^/]+)\/?$/.exec(pathname);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}
