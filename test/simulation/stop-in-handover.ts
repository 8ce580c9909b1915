import { faultRows } from './faults/index';
import { isSpoken } from './faults/spoken';
import { planOf } from './seed-plan';
import { World } from './world';

const minutes = 3;
const rows = faultRows.map(({ id }) => id).filter((id) => isSpoken(id, 'binance'));

/** How long before everything is told to stop an engine begins to hand over, and how long after its end one boots again. */
const moments = [
  [10, 100],
  [300, 4_000],
  [629, 2_000],
  [2_500, 100],
  [6_000, 1_000],
] as const;

/**
 * Worlds without a fault but one: everything is told to stop while an engine hands over. No row strikes that late, for a
 * stop is judged as if the faults were over. The last line names what was broken.
 */
export function main(): Promise<void> {
  const ended: string[] = [];
  const broken = moments.flatMap(([beforeMs, downMs], i) => {
    const plan = planOf({ seed: `stop-${i}@P8`, minutes, rows, venue: 'binance', focus: 'P8' });
    const world = new World({ ...plan, rates: new Map() }, { isSigningWithCcxt: false });
    world.after(world.phases.stop - beforeMs, () => {
      if (world.handOver(world.host(), downMs)) ended.push(`${beforeMs}`);
    });
    world.run();
    return world.findings.violations.map(({ invariant, detail }) => `${beforeMs} ${invariant} ${detail}`);
  });
  process.stdout.write(`${JSON.stringify({ handovers: ended.length, broken })}\n`);
  return Promise.resolve();
}
