import { decodeClientOrderId } from '../../../src/domain/ids';
import { eventually, ownOpen } from '../../support/kill-drill/drill';
import { of } from '../judge/truth';
import type { Bench } from './bench';
import { killAndRestart, quotesOfThisBoot, stateMs } from './bench';

/** A kill is confirmed by then; the boot of the engine that does it is counted too. */
const killMs = 20_000;

/** Killed between the first cancels of a stop and their answers. */
export async function heldStop(bench: Bench): Promise<void> {
  const { world, engine, scene } = bench;
  const { venue, database } = world;
  await quotesOfThisBoot(bench);
  venue.faults.holdNext('cancel-received', 3);
  engine.askToStop();
  await eventually(scene, 'a stop with held cancels', () => venue.faults.held().length >= 2, stateMs);
  if (!engine.isAlive) throw new Error('the engine has ended before its cancels were answered');
  const rows = await database.query<unknown[]>('select 1 from engines where stopped_at is null');
  if (rows.length === 0) throw new Error('the boot counts as ended before its cancels were answered');
  await killAndRestart(bench);
}

/** Killed between a durable kill and the answers to its cancels; the next boot has to finish it. */
export async function heldKill(bench: Bench): Promise<void> {
  const { world, engine, scene, found } = bench;
  const { strategyId, number } = world.sessions[world.rng.int(world.sessions.length)]!;
  const scope = ['global', `account:${world.account.id}`, `strategy:${strategyId}`][world.rng.int(3)]!;
  const isIn = (id: string): boolean =>
    !scope.startsWith('strategy:') || decodeClientOrderId(id)?.strategyNumber === number;
  await quotesOfThisBoot(bench);
  world.venue.faults.holdNext('cancel-received', 2);
  void engine.ask({ ask: 'kill', scopeKey: scope });
  const committed = await eventually(scene, `${scope} halted`, () => committedAtHalt(bench), stateMs);
  const isHeld = (): boolean => world.venue.faults.held().length > 0;
  await eventually(scene, `cancels of ${scope} held`, isHeld, stateMs);
  await killAndRestart(bench);
  const left = () => ownOpen(scene).filter((order) => isIn(order.clientOrderId));
  world.venue.faults.delayQueries(0);
  await eventually(scene, `nothing left in ${scope}`, () => left().length === 0, killMs);
  await world.runtime.sleep(500);
  const late = [...(await committedNow(bench))].filter((id) => isIn(id) && !committed.has(id));
  const words = late.map((id) => `${id} was committed under ${scope}`);
  found(of('halts', [...words, ...left().map((order) => `${order.clientOrderId} rests under ${scope}`)]));
  await world.database.query(`select lift_halts($1, 'chaos', 'the drill is over')`, [scope]);
}

/** The intents that were durable when the halt became visible; undefined while it is not. One statement: one moment. */
async function committedAtHalt({ world }: Bench): Promise<ReadonlySet<string> | undefined> {
  const rows = await world.database.query<{ ids: string[] }[]>(
    `select (select coalesce(array_agg(client_order_id), '{}') from client_orders) as ids
     from halts where lifted_at is null`,
  );
  return rows[0] && new Set(rows[0].ids);
}

async function committedNow({ world }: Bench): Promise<ReadonlySet<string>> {
  const rows = await world.database.query<{ id: string }[]>(
    `select client_order_id as id from client_orders where slot_key not like 'adopted-%'`,
  );
  return new Set(rows.map(({ id }) => id));
}
