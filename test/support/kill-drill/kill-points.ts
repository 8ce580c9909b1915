import type { HoldPoint, Verdict } from '../../../src/venue-simulator/faults';
import { demoAccount } from '../../../src/venue-simulator/venue-simulator';
import type { VenueOrder } from '../../../src/venue-simulator/venue-types';
import { eventually, ownOpen, symbols, takeFrom, venueTrades } from './drill';
import type { Scene } from './drill';

export const killPoints = ['committed', 'sent', 'executed', 'filled', 'cancel-sent', 'cancel-done'] as const;
/** A fill that reached the engine and whose record the database does not hear of. */
export type KillPoint = (typeof killPoints)[number] | 'unbooked';

const withinMs = 30_000;
const rowWithinMs = 5_000;
const cancelTries = 40;
const recordTries = 5;
const createTries = 5;

/** Brings the world to the point, proves from outside that it is there, and leaves it held. */
export function reach(drill: Scene, point: KillPoint): Promise<void> {
  const reached: Readonly<Record<KillPoint, () => Promise<void>>> = {
    committed: () => committedUnsent(drill),
    sent: () => sentUnanswered(drill),
    executed: () => executedUnanswered(drill),
    filled: () => filledUnreported(drill),
    unbooked: () => filledUnbooked(drill),
    'cancel-sent': () => cancelUnanswered(drill, 'cancel-received'),
    'cancel-done': () => cancelUnanswered(drill, 'cancel-executed'),
  };
  return reached[point]();
}

/** After the kill: what the venue had kept goes on or is lost, and the next commit passes again. */
export function letGo({ venue, proxy }: Scene, verdict: Verdict): void {
  proxy.disarm();
  for (const point of ['create-received', 'create-executed', 'cancel-received', 'cancel-executed'] as const) {
    venue.faults.holdNext(point, 0);
  }
  venue.faults.holdNext('fill-reported', 0);
  venue.faults.release('all', verdict);
}

async function committedUnsent(drill: Scene): Promise<void> {
  const { proxy, venue, database } = drill;
  proxy.holdNextCommit();
  const ids = await eventually(drill, 'a commit is held', () => some(proxy.heldIds()), withinMs);
  const isStored = async (): Promise<boolean> => {
    const rows = await database.query<unknown[]>(
      'select 1 from client_orders where client_order_id = any ($1) and ended_why is null',
      [ids],
    );
    return rows.length === new Set(ids).size;
  };
  await eventually(drill, 'the held intents are committed', isStored, rowWithinMs);
  const sent = venue.creates().filter((create) => ids.includes(create.clientOrderId));
  if (sent.length > 0) throw new Error(`sent before the commit was answered: ${JSON.stringify(sent)}`);
}

async function sentUnanswered(drill: Scene): Promise<void> {
  const id = await heldAt(drill, 'create-received');
  if (!drill.venue.creates().some((create) => create.clientOrderId === id)) {
    throw new Error(`${id} is held and was not logged`);
  }
  if (orderAtVenue(drill, id)) throw new Error(`${id} exists already`);
  await assertUnended(drill, id);
}

/** A create that the venue has refused, because the market came to meet it, goes on its way: another is waited for. */
async function executedUnanswered(drill: Scene): Promise<void> {
  for (let tries = 0; tries < createTries; tries += 1) {
    const id = await heldAt(drill, 'create-executed');
    if (orderAtVenue(drill, id)) return assertUnended(drill, id);
    drill.venue.faults.release('all', 'continue');
  }
  throw new Error(`no create was executed in ${createTries} tries`);
}

/** A trade that the engine has found by its own reading goes on its way, and another is waited for. */
async function filledUnreported(drill: Scene): Promise<void> {
  const { venue, runtime, database } = drill;
  for (let tries = 0; tries < recordTries; tries += 1) {
    venue.faults.holdNext('fill-reported', 1);
    // While nobody hears the account there is no report to hold: then another trade is made.
    const traded = (): boolean => {
      if (venue.faults.held().length > 0) return true;
      const [order] = ownOpen(drill);
      if (order) takeFrom(drill, order, 0.5);
      return venue.faults.held().length > 0;
    };
    await eventually(drill, 'a trade whose report is held', traded, withinMs);
    const id = heldIdOf(drill);
    const trade = venueTrades(drill).findLast(({ clientOrderId }) => clientOrderId === id)!;
    await runtime.sleep(30); // Time enough to book it, had it been reported.
    const booked = await database.query<unknown[]>(
      'select 1 from fills where trade_id = $1 and client_order_id = $2',
      [String(trade.tradeId), id],
    );
    if (booked.length === 0) return;
    venue.faults.release('all', 'continue');
  }
  throw new Error(`every trade was booked without its report in ${recordTries} tries`);
}

/** A held record that was of no fill, or whose connection was given up, goes on its way and another is waited for. */
async function filledUnbooked(drill: Scene): Promise<void> {
  const { venue, proxy } = drill;
  for (let tries = 0; tries < recordTries; tries += 1) {
    proxy.holdNext('fills', 'request');
    const known = venueTrades(drill).length;
    const traded = (): boolean => {
      const [order] = ownOpen(drill);
      if (venueTrades(drill).length === known && order) takeFrom(drill, order, 0.5);
      return venueTrades(drill).length > known && proxy.isHolding;
    };
    await eventually(drill, 'a fill whose record is held', traded, withinMs);
    if (venue.faults.held().length > 0) throw new Error('its report is held as well');
    await drill.runtime.sleep(30); // Time enough to book it, had it not been held.
    if (await isOneUnbooked(drill)) return;
    proxy.release();
  }
  throw new Error(`every fill was booked in ${recordTries} tries`);
}

async function isOneUnbooked(drill: Scene): Promise<boolean> {
  const rows = await drill.database.query<{ id: string }[]>('select trade_id as id from fills');
  const booked = new Set(rows.map((row) => row.id));
  return venueTrades(drill).some(({ tradeId }) => !booked.has(String(tradeId)));
}

/** A cancel of an order that never arrived or is over already goes on its way; one that matters is waited for. */
async function cancelUnanswered(drill: Scene, point: HoldPoint): Promise<void> {
  const wanted = point === 'cancel-received' ? ['NEW', 'PARTIALLY_FILLED'] : ['CANCELED'];
  for (let tries = 0; tries < cancelTries; tries += 1) {
    const id = await heldAt(drill, point);
    if (wanted.includes(orderAtVenue(drill, id)?.status ?? 'UNKNOWN')) return;
    drill.venue.faults.release('all', 'continue');
  }
  throw new Error(`no cancel of a live order among ${cancelTries} at ${point}`);
}

async function heldAt(drill: Scene, point: HoldPoint): Promise<string> {
  drill.venue.faults.holdNext(point, 1);
  await eventually(drill, `held at ${point}`, () => drill.venue.faults.held().length > 0, withinMs);
  return heldIdOf(drill);
}

const heldIdOf = ({ venue }: Scene): string => venue.faults.held()[0]!.clientOrderId;
const some = <T>(items: readonly T[]): readonly T[] | undefined => (items.length > 0 ? items : undefined);

function orderAtVenue({ venue }: Scene, clientOrderId: string): VenueOrder | undefined {
  return symbols
    .map((symbol) => venue.core.order({ account: demoAccount.apiKey, symbol, clientOrderId }))
    .find((order) => order !== undefined);
}

async function assertUnended({ database }: Scene, id: string): Promise<void> {
  const rows = await database.query<unknown[]>(
    'select 1 from client_orders where client_order_id = $1 and ended_why is null',
    [id],
  );
  if (rows.length !== 1) throw new Error(`${id} has no open row`);
}
