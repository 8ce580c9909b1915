import type { Build } from '../../../src/modules/execution/store/types';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** Well inside the time a lease goes on without a renewal, so that the owner beside it is an owner throughout. */
const lifeMs = 8_000;

/** A process of another build begins beside the one that trades: it is refused, says so and creates nothing. */
const otherBuild =
  (invariant: string, build: Build) =>
  (site: FaultSite): FaultHooks => {
    const { world, rng } = site;
    let isOn = false;
    return {
      second: () => {
        const owner = world.host();
        if (isOn || owner.runtime.isDead || !owner.engine?.leases.holdsAny() || !site.strikes()) return;
        isOn = true;
        const guest = world.bootBeside(build);
        const until = world.now() + lifeMs + 4_000 * rng.next();
        let isOwned = true;
        const look = (): void => {
          isOwned &&= !owner.runtime.isDead && (owner.engine?.leases.holdsAny() ?? false);
          if (world.now() < until && isOwned) return world.after(250, look);
          isOn = false;
          const isRefused = guest.said.some(
            ({ code, severity }) => code === 'LEASE_NOT_HELD' && severity === 'page',
          );
          const holds = guest.engine?.leases.holdsAny() ?? false;
          if (isOwned)
            world.check(
              invariant,
              !holds,
              () => `build ${build.id}, schema ${build.schemaVersion}, trades beside another`,
            );
          if (isRefused) site.hit();
          guest.kill();
        };
        look();
      },
    };
  };

const loops = 3;

/** Dies soon after each of its boots, until the breaker of boots has spoken. */
function crashLoop(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  let isOn = false;
  const look = (left: number): void => {
    const host = world.host();
    if (left > 0 && site.isOn()) {
      world.crash(100 + 400 * rng.next(), host);
      return world.after(700 + 600 * rng.next(), () => look(left - 1));
    }
    world.after(5_000, () => {
      isOn = false;
      if (world.host().said.some(({ code, detail }) => code === 'HALT' && detail.includes('BOOT_BREAKER')))
        site.hit();
    });
  };
  return {
    second: () => {
      if (isOn || world.allHosts().length > 1 || !site.strikes()) return;
      isOn = true;
      look(loops);
    },
  };
}

/** Rows of deploys that go wrong. */
export const rolloutRows = [
  row('P6', 'an older build on one host', otherBuild('I16', { id: '0.9.0', schemaVersion: 1 })),
  row('B6', 'a binary of an older schema', otherBuild('I13', { id: '1.0.0', schemaVersion: 0 })),
  row('P7', 'it dies after each of its boots', crashLoop),
];
