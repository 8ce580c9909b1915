import { session } from '../api/session';
import type { FleetFrame, FleetRow, SeriesPoint } from '../api/types';
import { cell } from './cell';
import { type Fresh, nextFresh } from './freshness';
import { bestOwn } from './own-quotes';
import { type Link, openStream } from './stream';

/** The last frame of the stream; undefined until the first one arrived. */
export const fleet = cell<FleetFrame | undefined>(undefined);
export const link = cell<Link>('connecting');
export const fresh = cell<Fresh>({ level: 'waiting', goodSince: undefined });
/** Age of the last frame in milliseconds, updated four times a second. */
export const ageMs = cell<number | undefined>(undefined);

const historyLimit = 600;
const history = new Map<string, SeriesPoint[]>();
let arrivedAt: number | undefined;

/** What this page has seen of a strategy since it was opened, oldest first; at most ten minutes. */
export const historyOf = (id: string): readonly SeriesPoint[] => history.get(id) ?? [];

export const rowOf = (id: string): FleetRow | undefined => fleet.get()?.rows.find((row) => row.id === id);

function remember(frame: FleetFrame): void {
  for (const row of frame.rows) {
    const points = history.get(row.id) ?? [];
    const own = bestOwn(row.quotes);
    points.push({ t: frame.atMs, mid: row.mid, bid: own.bid?.price ?? null, ask: own.ask?.price ?? null });
    if (points.length > historyLimit) points.shift();
    history.set(row.id, points);
  }
}

function watchAge(): void {
  const now = performance.now();
  if (arrivedAt !== undefined) ageMs.set(Math.round((now - arrivedAt) / 100) * 100);
  const before = fresh.get();
  const after = nextFresh(before, now, arrivedAt);
  if (after.level !== before.level || after.goodSince !== before.goodSince) fresh.set(after);
}

function forget(): void {
  history.clear();
  arrivedAt = undefined;
  fleet.set(undefined);
  ageMs.set(undefined);
  fresh.set({ level: 'waiting', goodSince: undefined });
}

/** Follows the session: a stream while signed in, nothing remembered after. */
export function followSession(): void {
  let close: (() => void) | undefined;
  let clock: number | undefined;
  const follow = (token: string | undefined): void => {
    close?.();
    window.clearInterval(clock);
    forget();
    if (token === undefined) return;
    close = openStream({
      onLink: (next) => link.set(next),
      onFrame: (frame) => {
        arrivedAt = performance.now();
        remember(frame);
        fleet.set(frame);
        watchAge();
      },
    });
    clock = window.setInterval(watchAge, 250);
  };
  session.watch(follow);
  follow(session.get());
}
