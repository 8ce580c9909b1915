import { demoAccount } from '../../../src/venue-simulator/venue-simulator';
import { ownOpen } from '../../support/kill-drill/drill';
import type { Scene } from '../../support/kill-drill/drill';
import { apart, holdsApart, repeatedIds } from '../../support/kill-drill/judge';
import type { LightEngine } from '../engine/light-engine';
import { sharedSlots } from '../../support/kill-drill/together';
import { levels } from '../world';
import type { World } from '../world';
import type { FindingKind } from './findings';

export type Words = readonly (readonly [FindingKind, string])[];

/** What must agree once it is quiet: venue, record and, while it runs, the engine's own view. Empty when it does. */
export async function quietTruth(
  scene: Scene,
  world: World,
  engine: LightEngine | undefined,
): Promise<Words> {
  const found = await apart(scene, world.account.id);
  return [
    ...of('orphans', found.orders),
    ...of('lostFills', found.lostFills),
    ...of('doubledFills', found.doubledFills),
    ...of('unexplained', found.unexplained),
    ...of('ledger', await holdsApart(scene)),
    ...of('orphans', engine ? await viewApart(scene, engine) : []),
  ];
}

/** What must hold at any moment, asked over everything since the beginning. */
export async function standingTruth(scene: Scene, world: World): Promise<Words> {
  const { record, burnt } = world;
  const sent = scene.venue.creates().filter(({ clientOrderId }) => burnt.has(clientOrderId));
  const planted = record.planted.length;
  const alive = record.alive();
  return [
    ...of('duplicates', repeatedIds(scene)),
    ...of('foreign', record.touched),
    ...of('foreign', alive === planted ? [] : [`${planted - alive} of ${planted} planted orders are gone`]),
    ...of('exposure', exposure(record.mostOnOneSide)),
    ...of('exposure', await sharedSlots(scene, record.together)),
    ...of('intents', await unrecorded(scene, world)),
    ...of(
      'intents',
      sent.map(({ clientOrderId }) => `${clientOrderId} was sent, its commit was never answered`),
    ),
    ...of('epochs', await fallenEpochs(world)),
    ...of('ledger', await brokenRows(scene)),
  ];
}

export const of = (kind: FindingKind, words: readonly string[]): Words =>
  words.map((each) => [kind, each] as const);

/** A level has two slots: for a quote, and for the one that replaces it without a gap. */
const exposure = (most: number): readonly string[] =>
  most > 2 * levels ? [`${most} orders on one side of one market, ${levels} levels of two slots`] : [];

/** Ids and remaining quantities: what the engine believes against what rests. */
async function viewApart(scene: Scene, engine: LightEngine): Promise<readonly string[]> {
  const before = restingOf(scene);
  const known = await engine.knownOrders();
  const after = restingOf(scene);
  if (!Array.isArray(known)) return ['the engine does not say what it knows'];
  const view = new Map(known.map(({ clientOrderId, left }) => [clientOrderId, Number(left)]));
  const steady = [...before].filter(([id, left]) => after.get(id) === left);
  return [
    ...steady
      .filter(([id, left]) => Math.abs((view.get(id) ?? -1) - left) > 1e-9)
      .map(([id, left]) => `${id} rests with ${left}, the engine believes ${view.get(id) ?? 'nothing'}`),
    ...[...view.keys()]
      .filter((id) => !before.has(id) && !after.has(id))
      .map((id) => `the engine believes in ${id}, the venue shows nothing`),
  ];
}

const restingOf = ({ venue, ...scene }: Scene): ReadonlyMap<string, number> =>
  new Map(
    ownOpen({ venue, ...scene }).map((order) => {
      const lot = Number(venue.core.markets.find(({ symbol }) => symbol === order.symbol)!.lotSize);
      return [order.clientOrderId, Number(((order.quantity - order.filled) * lot).toFixed(8))] as const;
    }),
  );

/** Own orders on the wire that no row explains, nor one that was lost with the history of the database. */
async function unrecorded({ database, venue }: Scene, { history }: World): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }[]>(
    `select client_order_id as id from client_orders where slot_key not like 'adopted-%'`,
  );
  const known = new Set([...rows.map((row) => row.id), ...history.lost.keys()]);
  return venue
    .creates()
    .filter(({ account, clientOrderId }) => account === demoAccount.apiKey && !known.has(clientOrderId))
    .map(({ clientOrderId }) => `${clientOrderId} was sent without a committed intent`);
}

/** In the order in which the venue accepted them, the epochs of a strategy never fall within one history. */
async function fallenEpochs(world: World): Promise<readonly string[]> {
  const { record, history } = world;
  const epochs = new Map([...(await world.epochs()), ...history.lost]);
  const newest = new Map<number, number>();
  return record.accepted.flatMap(({ clientOrderId, strategyNumber, at }, index) => {
    if (history.begins.includes(index)) newest.clear();
    const epoch = epochs.get(clientOrderId) ?? 0;
    const before = newest.get(strategyNumber) ?? 0;
    newest.set(strategyNumber, Math.max(before, epoch));
    return epoch < before ? [`${clientOrderId} of epoch ${epoch} accepted at ${at} after ${before}`] : [];
  });
}

async function brokenRows({ database }: Scene): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }[]>(`
    select concat_ws(' ', 'does not balance:', key, asset, sum(quantity)) as line from postings
      group by key, asset having sum(quantity) <> 0
    union all
    select concat_ws(' ', 'filled beyond its size:', client_order_id) from client_orders
      where booked_filled > quantity
    union all
    select concat_ws(' ', 'fills and order differ:', o.client_order_id, o.booked_filled, f.filled)
      from client_orders o join (select client_order_id, sum(quantity) as filled from fills group by 1) f
      using (client_order_id) where f.filled <> o.booked_filled`);
  return rows.map((row) => row.line);
}
