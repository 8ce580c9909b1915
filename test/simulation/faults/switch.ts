import { row } from './row';

/** A venue waits 30 s, and the last renewal may be 5 s old. */
const outageMs = { least: 31_000, more: 15_000 };
const mostOutages = 2;

/** Rows about the dead-man's switch of a venue. */
export const switchRows = [
  row('P9', 'dead for longer than the switch of the venue waits', (site) => {
    let left = mostOutages;
    return {
      second: () => {
        const { world, rng } = site;
        if (!world.plan.isDedicated || left === 0 || !site.strikes()) return;
        left -= 1;
        world.crash(outageMs.least + outageMs.more * rng.next());
        site.hit();
      },
    };
  }),
];
