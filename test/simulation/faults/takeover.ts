import type { Host } from '../host';
import { end } from './held';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** Longer than a lease lives, with the drain after it. */
const outMs = (site: FaultSite): number => 20_000 + 20_000 * site.rng.next();

/** Something keeps the owner from its leases; it counts when the other engine has taken them by the end. */
const ousted =
  (keep: (site: FaultSite, owner: Host, ms: number) => void) =>
  (site: FaultSite): FaultHooks => {
    const { world } = site;
    let isOn = false;
    return {
      second: () => {
        if (isOn || !world.hasStandby() || !site.strikes()) return;
        isOn = true;
        const owner = world.host();
        const ms = outMs(site);
        keep(site, owner, ms);
        world.after(ms, () => {
          isOn = false;
          if (world.host() !== owner) site.hit();
        });
      },
    };
  };

/** The commit of the owner stands in its transaction, and the renewals behind it, until the other has the lease. */
function commitOverTakeover(site: FaultSite): FaultHooks {
  const { world } = site;
  let owner: Host | undefined;
  /** Both calls are open at this moment, if the take is not refused as one of a lease that still lives. */
  const beside = (one: Host): void => {
    owner = undefined;
    world.after(20, () => {
      if (world.host() !== one && !one.runtime.isDead) end(site, one, () => undefined);
      else owner ??= one;
    });
  };
  return {
    store: (name, fate, _args, caller) => {
      if (name === 'takeLease' && owner && caller !== owner && !owner.runtime.isDead) return beside(owner);
      if (name !== 'commitIntents' || owner || !world.hasStandby() || !site.strikes()) return;
      const one = caller;
      owner = one;
      fate.delayMs += outMs(site);
      world.after(fate.delayMs, () => void (owner = owner === one ? undefined : owner));
    },
  };
}

/** Rows that need a second engine: a seed that is focused on one of them has it. */
export const takeoverRows = [
  row(
    'P4',
    'the owner cannot reach the database, and another engine takes over',
    ousted((site, owner, ms) => {
      owner.store.setApart(true);
      site.world.after(ms, () => owner.store.setApart(false));
    }),
  ),
  row(
    'P4k',
    'the owner is dead for longer than its lease',
    ousted((site, owner, ms) => site.world.crash(ms, owner)),
  ),
  row(
    'P5b',
    'the owner stands still for longer than its lease, and wakes',
    ousted((_site, owner, ms) => owner.standStill(ms)),
  ),
  row('H6', 'a takeover in the middle of a commit', commitOverTakeover),
];
