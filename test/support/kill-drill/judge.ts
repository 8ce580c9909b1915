import BigNumber from 'bignumber.js';
import { demoAccount } from '../../../src/venue-simulator/venue-simulator';
import { isOwn, ownOpen, venueTrades } from './drill';
import type { Scene } from './drill';

/** In what the durable record and the venue disagree, each in words. */
export interface Apart {
  /** Open at the venue and not in the record, or the other way round. */
  readonly orders: readonly string[];
  readonly lostFills: readonly string[];
  readonly doubledFills: readonly string[];
  readonly unexplained: readonly string[];
}

/** Everything in which the durable record and the venue disagree now, in words; empty when they agree. */
export async function disagreements(drill: Scene, accountId: string): Promise<readonly string[]> {
  return Object.values(await apart(drill, accountId)).flat();
}

/** The same, by kind. */
export async function apart(drill: Scene, accountId: string): Promise<Apart> {
  const [orders, fills, money, posted] = await Promise.all([
    ordersApart(drill),
    fillsApart(drill),
    moneyApart(drill, accountId),
    unexplained(drill),
  ]);
  return { orders, ...fills, unexplained: [...money, ...posted] };
}

/** The venue is looked at before and after the record: what is the same both times was there in between. */
async function ordersApart(drill: Scene): Promise<readonly string[]> {
  const before = idsAtVenue(drill);
  const rows = await drill.database.query<{ id: string }[]>(
    'select client_order_id as id from client_orders where ended_why is null',
  );
  const after = idsAtVenue(drill);
  const recorded = new Set(rows.map((row) => row.id));
  const unrecorded = [...before].filter((id) => after.has(id) && !recorded.has(id));
  const unheard = [...recorded].filter((id) => !before.has(id) || !after.has(id));
  return [
    ...unrecorded.map((id) => `${id} is open at the venue and not in the record`),
    ...unheard.map((id) => `${id} is open in the record and not at the venue`),
  ];
}

/** As (trade, order, side, price, quantity, fee): equal lists are equal counts as well. */
async function fillsApart(drill: Scene): Promise<Pick<Apart, 'lostFills' | 'doubledFills'>> {
  const rows = await drill.database.query<{ line: string }[]>(
    `select concat_ws(' ', replace(instrument, '/', ''), trade_id, client_order_id, side, trim_scale(quantity),
       trim_scale(fee), fee_asset) as line from fills`,
  );
  const booked = rows.map((row) => row.line).sort();
  const traded = venueTrades(drill).map((trade) => {
    const market = drill.venue.core.markets.find(({ symbol }) => symbol === trade.symbol)!;
    const quantity = new BigNumber(market.lotSize).times(trade.quantity).toFixed();
    const { symbol, tradeId, clientOrderId, side, fee, feeAsset } = trade;
    return [symbol, tradeId, clientOrderId, side, quantity, fee, feeAsset].join(' ');
  });
  return {
    lostFills: missing(traded, booked).map((line) => `not booked: ${line}`),
    doubledFills: missing(booked, traded).map((line) => `booked and not traded, or twice: ${line}`),
  };
}

async function moneyApart({ database, venue }: Scene, accountId: string): Promise<readonly string[]> {
  const rows = await database.query<{ asset: string; total: string }[]>(
    `select asset, trim_scale(sum(total))::text as total from balances
     where holder in ('unallocated:' || $1, 'suspense:' || $1, 'unexplained:' || $1) or holder like 'strategy:%'
     group by asset`,
    [accountId],
  );
  const booked = new Map(rows.map((row) => [row.asset, row.total]));
  return venue.core.balances(demoAccount.apiKey).flatMap(({ asset, free, locked }) => {
    const shown = new BigNumber(free).plus(locked);
    return shown.eq(booked.get(asset) ?? 0)
      ? []
      : [`${asset}: the venue has ${shown.toFixed()}, the books ${booked.get(asset) ?? 'nothing'}`];
  });
}

async function unexplained({ database }: Scene): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }[]>(
    `select concat_ws(' ', kind, key, asset, trim_scale(quantity)) as line from postings
     where holder like 'unexplained:%' or key like 'external:binance:%'`,
  );
  return rows.map((row) => `posted from outside: ${row.line}`);
}

/** What the funds of unended orders should hold, against what is held; in words. */
export async function holdsApart({ database }: Scene): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }[]>(
    `select concat_ws(' ', b.holder, b.asset, trim_scale(b.reserved), trim_scale(coalesce(h.held, 0))) as line
     from balances b left join (
       select 'strategy:' || strategy_id as holder, hold_asset as asset,
         sum(held(hold_rate, quantity - booked_filled)) as held
       from client_orders where ended_why is null group by 1, 2) h using (holder, asset)
     where b.reserved <> coalesce(h.held, 0)`,
  );
  return rows.map((row) => `held funds differ: ${row.line}`);
}

/** Client ids of the product that arrived more than once. */
export function repeatedIds(scene: Scene): readonly string[] {
  const { venue } = scene;
  const ids = venue.creates().map((create) => create.clientOrderId);
  const repeated = ids.filter((id, index) => isOwn(scene, id) && ids.indexOf(id) !== index);
  return [...repeated, ...venue.duplicateCreates().map((create) => create.clientOrderId)];
}

const idsAtVenue = (drill: Scene): ReadonlySet<string> =>
  new Set(ownOpen(drill).map((order) => order.clientOrderId));

/** Lines of `these` that `those` lack, counted. */
function missing(these: readonly string[], those: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of those) left.set(line, (left.get(line) ?? 0) + 1);
  return these.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
