import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

const downMs = (site: FaultSite): number => 100 + 4_900 * site.rng.next();
const crash = (site: FaultSite): void => site.world.crash(downMs(site));

/** Every second, perhaps. */
const now =
  (act: (site: FaultSite) => void) =>
  (site: FaultSite): FaultHooks => ({
    second: () => {
      if (!site.strikes()) return;
      act(site);
      site.hit();
    },
  });

const dayMs = 86_400_000;

/** The plan begins the run shortly before midnight; it counts when the clock of the engine passes it. */
function midnight(site: FaultSite): FaultHooks {
  let day: number | undefined;
  return {
    second: () => {
      const { runtime } = site.world.host();
      const today = Math.floor(runtime.now() / dayMs);
      if (day !== undefined && today > day && !runtime.isDead) site.hit();
      day = today;
    },
  };
}

/**
 * The venue's clock is ahead for a while. By more than a request can be on its way: else one that was signed by the
 * clock that was ahead could be taken for fresh long after it was given up, and nobody could prove it absent.
 */
function venueAhead(site: FaultSite): FaultHooks {
  const { clock } = site.world.venue;
  const back = (): void => void (clock.aheadMs = 0);
  return {
    second: () => {
      if (clock.aheadMs !== 0 || !site.strikes()) return;
      clock.aheadMs = 20_000 + 8_000 * site.rng.next();
      site.world.after(5_000 + 25_000 * site.rng.next(), back);
    },
    request: ({ kind }, fate) => {
      if (clock.aheadMs !== 0 && kind === 'create') fate.effects.push(() => site.hit());
    },
    heal: back,
  };
}

export const processRows = [
  row('P2', 'killed at any moment', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      site.world.after(1_000 * site.rng.next(), () => crash(site));
      site.hit();
    },
  })),
  row('P3', 'stopped in the middle of a tick', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      site.world.after(1_000 * site.rng.next(), () => site.world.terminate(downMs(site)));
      site.hit();
    },
  })),
  row(
    'P5',
    'the process stands still',
    now((site) => site.world.freeze(100 + 30_000 * site.rng.next() ** 3)),
  ),
  row('C1', 'the wall clock is off', (site) => {
    let moved = 0;
    return {
      second: () => {
        if (!site.strikes()) return;
        const by = Math.round((site.rng.next() - 0.5) * 60_000);
        moved += by;
        site.world.stepWall(by);
        site.hit();
      },
      heal: () => site.world.stepWall(-moved),
    };
  }),
  row(
    'C2',
    'the wall clock steps by an hour',
    now((site) => site.world.stepWall(site.rng.next() < 0.5 ? 3_600_000 : -3_600_000)),
  ),
  row('C6', 'the clock of the venue is ahead', venueAhead),
  row('C5', 'the run crosses midnight, UTC', midnight, ['LOSS_LIMIT', 'DRAWDOWN_LIMIT', 'CRASH_GUARD']),
  row('C3', 'a stall between signature and write', (site) => ({
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.writeMs = 50 + 3_000 * site.rng.next() ** 2;
      site.hit();
    },
  })),
];
