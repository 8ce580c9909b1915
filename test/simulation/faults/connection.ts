import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** Every request is refused for a while, as after many that came inside a Retry-After. */
function ban(site: FaultSite): FaultHooks {
  const { door } = site.world.venue;
  return {
    second: () => {
      if (!site.strikes() || door.bannedUntil > site.world.now()) return;
      door.bannedUntil = site.world.now() + 3_000 + 25_000 * site.rng.next() ** 2;
      site.world.note('T8', `banned until ${Math.round(door.bannedUntil)}`);
    },
    request: (_request, fate) => {
      fate.rewrite ??= (answer) => {
        if (answer.status === 418) site.hit();
        return answer;
      };
    },
    heal: () => void (door.bannedUntil = 0),
  };
}

/** The venue ends a connection as planned: with a notice and then the cut, or at the end of its day. */
function plannedEnd(site: FaultSite): FaultHooks {
  return {
    second: () => {
      if (!site.strikes()) return;
      const isTold = site.rng.next() < 0.7;
      const which = (['public', 'private'] as const)[site.rng.int(2)]!;
      const notice = isTold ? site.world.venue.reader.noticeOf(which) : undefined;
      for (const socket of [...site.world.host().link.sockets]) {
        if (socket.stream !== which) continue;
        site.world.note('T10', `${which} ends ${isTold ? 'with notice' : 'without'}`);
        if (notice !== undefined) socket.inject(notice);
        site.world.after(isTold ? 200 + 3_000 * site.rng.next() : 0, () => {
          if (socket.isConnected) socket.cut();
        });
        site.hit();
      }
    },
  };
}

/** The loop stands still; what arrives meanwhile is heard at once when it goes on. */
function stall(site: FaultSite): FaultHooks {
  return {
    second: () => {
      if (!site.strikes()) return;
      const host = site.world.host();
      const ms = 260 + 3_000 * site.rng.next() ** 3;
      site.world.freeze(ms);
      site.world.after(ms + 1, () => {
        if (!host.runtime.isDead) site.hit();
      });
    },
  };
}

export const connectionRows = [
  row('T8', 'the venue bans our address', ban, ['RATE_LIMITED']),
  row('T10', 'a connection ends as planned', plannedEnd),
  row('T12', 'the loop lags', stall),
];
