import { asIs } from './depth-text';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** The engine dials a refused key again by itself after this; faults end this long after the start. */
const retryMs = 300_000;
const faultsEndMs = 420_000;

/**
 * The private stream is cut, and the login that follows is refused for its key. A person restarts the
 * engine, or its own next try comes first.
 */
function refusedLogin(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  let isWanted = false;
  let isRefused = false;
  const mend = (name: string): void => {
    const host = world.hostOf(name);
    isRefused = false;
    if (host) world.crash(100 + 900 * rng.next(), host);
  };
  return {
    second: () => {
      if (isWanted || isRefused || !site.strikes()) return;
      isWanted = true;
      for (const socket of world.host().link.sockets) if (socket.stream === 'private') socket.cut();
    },
    frame: ({ stream, text, host }) => {
      if (stream !== 'private' || !(isWanted || isRefused)) return undefined;
      const told = world.venue.reader.refusedLogin(text);
      if (told === undefined) return undefined;
      if (!isWanted) {
        isRefused = false; // The try of the engine's own came through.
        return undefined;
      }
      isWanted = false;
      isRefused = true;
      site.hit();
      const comesBack = world.now() + retryMs < faultsEndMs && rng.next() < 0.3;
      if (!comesBack) world.after(5_000 + 55_000 * rng.next(), () => mend(host));
      return [asIs(told)];
    },
    heal: () => {
      isWanted = false;
    },
  };
}

export const keyRows = [row('K4k', 'the login is refused for its key', refusedLogin, ['KEY_REJECTED'])];
