import type { StoreCall } from '../store-adapter';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** The connection breaks during the call: committed or not, nobody can tell. */
const cutOn =
  (calls: readonly StoreCall[]) =>
  (site: FaultSite): FaultHooks => ({
    store: (name, fate) => {
      if (!calls.includes(name) || !site.strikes()) return;
      fate.isCut = true;
      fate.effects.push(() => site.hit());
    },
  });

function outage(site: FaultSite): FaultHooks {
  let isDown = false;
  return {
    second: () => {
      if (isDown || !site.strikes()) return;
      isDown = true;
      site.world.setDatabaseDown(true);
      site.hit();
      site.world.after(500 + 20_000 * site.rng.next() ** 2, () => {
        if (!isDown) return;
        isDown = false;
        site.world.setDatabaseDown(false);
      });
    },
    heal: () => void (isDown = false),
  };
}

/** For some seconds every commit takes longer than a tick: the ticks that fall due meanwhile are left out. */
function slowerThanTicks(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  let isSlow = false;
  return {
    second: () => {
      if (isSlow || !site.strikes()) return;
      isSlow = true;
      world.after(2_000 + 10_000 * rng.next(), () => (isSlow = false));
    },
    store: (name, fate) => {
      if (!isSlow || name !== 'commitIntents') return;
      fate.delayMs += world.plan.tickMs * (1.2 + 3 * rng.next());
      fate.effects.push(() => site.hit());
    },
    heal: () => void (isSlow = false),
  };
}

/** What was committed and booked since the copy is lost, while its orders rest and its trades have happened. */
function restored(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  let isOn = false;
  return {
    second: () => {
      if (isOn || !site.strikes()) return;
      isOn = true;
      world.copyDatabase();
      const created = world.arrivals();
      world.after(2_000 + 20_000 * rng.next(), () => {
        const isNews = world.arrivals() > created;
        if (!isNews || !site.isOn()) return void (isOn = false);
        world.setDatabaseDown(true);
        world.restoreDatabase();
        if (rng.next() < 0.5) world.crash(100 + 4_900 * rng.next());
        site.hit();
        world.after(200 + 3_000 * rng.next(), () => world.setDatabaseDown(false));
        world.after(restedMs, () => void (isOn = false));
      });
    },
  };
}

/** Between two restores the account is asked, and what lost its row is cancelled. */
const restedMs = 40_000;

export const databaseRows = [
  row('B1', 'a commit of unknown outcome', cutOn(['commitIntents'])),
  row(
    'B1b',
    'another write of unknown outcome',
    cutOn(['endOrders', 'recordAcks', 'recordFee', 'transfer', 'renewLeases']),
  ),
  row('B2', 'the database is down', outage),
  row('B4', 'slow transactions', (site) => ({
    store: (_name, fate) => {
      if (!site.strikes()) return;
      fate.delayMs += 4_000 * site.rng.next() ** 2;
      fate.effects.push(() => site.hit());
    },
  })),
  row('C4', 'commits that last longer than a tick', slowerThanTicks),
  row('B3', 'the database is set back to an older copy', restored),
  row('B5', 'fills of unknown outcome, booked again', cutOn(['recordFills'])),
];
