import { eventually, forceFills, ownOpen } from '../../support/kill-drill/drill';
import { letGo } from '../../support/kill-drill/kill-points';
import { of } from '../judge/truth';
import type { Bench } from './bench';
import { createsOf, endLeases, forgetDeaths, restart, stateMs } from './bench';

/** Statements of a boot, in their order; the answer of one of them is withheld. */
const bootStatements = ['register', 'standing', 'load', 'take-lease'] as const;
/** So many boots within ten minutes that ended without a word keep the next one from trading. */
const deaths = 3;
/** An order that the last boot sent may still be unproven: its cancel is repeated until it is. */
const pulledMs = 30_000;
const silentMs = 1_500;

/** Held at one of its first statements: the database knows the boot, the venue has no order of it. */
export async function heldBoot(bench: Bench): Promise<void> {
  const { world, engine, proxy, scene } = bench;
  await engine.kill();
  await endLeases(bench);
  await forgetDeaths(bench);
  const statement = bootStatements[world.rng.int(bootStatements.length)]!;
  proxy.holdNext(statement, 'answer');
  engine.spawn();
  const nonceOf = async (): Promise<string | undefined> => {
    const rows = await world.database.query<{ nonce: string }[]>(
      'select nonce from engines where stopped_at is null',
    );
    return proxy.isHolding ? rows[0]?.nonce : undefined;
  };
  const nonce = await eventually(scene, `held at ${statement}`, nonceOf, stateMs);
  await forceFills(scene, 1, 200);
  await engine.kill();
  if (createsOf(world, nonce).length > 0) throw new Error(`${nonce} has sent orders already`);
  letGo(scene, 'drop');
  await restart(bench);
}

/** The boot after three deaths cancels what they left, creates nothing, and pages; a person lets it trade again. */
export async function bootBreaker(bench: Bench): Promise<void> {
  const { world, engine, scene, found } = bench;
  for (let death = 1; death <= deaths; death += 1) {
    await world.runtime.sleep(world.rng.int(500));
    await engine.kill();
    await endLeases(bench);
    await engine.start();
  }
  const scope = `engine:${engine.engineId}`;
  const isHalted = async (): Promise<boolean> => {
    const sql = `select 1 from halts where scope_key = $1 and level = 'CANCEL_ONLY' and lifted_at is null`;
    return (await world.database.query<unknown[]>(sql, [scope])).length === 1;
  };
  await eventually(scene, `${scope} is CANCEL_ONLY`, isHalted, stateMs);
  const isPaged = (): boolean => /HALT: .*"page".*BOOT_BREAKER/.test(engine.output());
  await eventually(scene, 'a page about the deaths', isPaged, stateMs);
  await eventually(scene, 'nothing of ours rests', () => ownOpen(scene).length === 0, pulledMs);
  await world.runtime.sleep(silentMs);
  const sent = createsOf(world, engine.nonce).map(({ clientOrderId }) => clientOrderId);
  found(
    of(
      'halts',
      sent.map((id) => `${id} was sent by a boot after ${deaths} deaths`),
    ),
  );
  await world.database.query(`select lift_halts($1, 'chaos', 'a person has looked')`, [scope]);
}
