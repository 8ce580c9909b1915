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
  /** The engine whose key is refused. */
  let refused: string | undefined;
  const mend = (name: string): void => {
    if (refused !== name) return;
    refused = undefined;
    const host = world.hostOf(name);
    if (host) world.crash(100 + 900 * rng.next(), host);
  };
  return {
    second: () => {
      if (isWanted || refused !== undefined || !site.strikes()) return;
      isWanted = true;
      for (const socket of world.host().link.sockets) if (socket.stream === 'private') socket.cut();
    },
    frame: ({ stream, text, host }) => {
      if (stream !== 'private' || !(isWanted || refused !== undefined)) return undefined;
      const told = world.venue.reader.refusedLogin(text);
      if (told === undefined) return undefined;
      if (!isWanted) {
        refused = undefined; // The try of the engine's own came through.
        return undefined;
      }
      isWanted = false;
      refused = host;
      site.hit();
      const comesBack = world.now() + retryMs < faultsEndMs && rng.next() < 0.3;
      if (!comesBack) world.after(5_000 + 55_000 * rng.next(), () => mend(host));
      return [asIs(told)];
    },
    heal: () => {
      isWanted = false;
      if (refused !== undefined) mend(refused);
    },
  };
}

export const keyRows = [row('K4k', 'the login is refused for its key', refusedLogin, ['KEY_REJECTED'])];
