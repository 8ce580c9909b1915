import type { DataSource } from 'typeorm';
import { encodeClientOrderId } from '../../src/domain/ids';

/** An order on record that the venue has once shown and knows nothing of: 0.01 BTC bought at 60,000. */
export async function insertLostOrder(
  database: DataSource,
  of: { readonly strategyId: string; readonly accountId: string; readonly strategyNumber: number },
  counter: number,
): Promise<string> {
  const [found] = await database.query<{ id: string }[]>('select id from installation');
  const { strategyNumber } = of;
  const id = encodeClientOrderId({ installation: found!.id, strategyNumber, nonce: 'bcdfgh', counter });
  await database.query(
    `insert into client_orders (client_order_id, strategy_id, account_id, venue, instrument, slot_key, side, type,
       time_in_force, price, quantity, hold_asset, hold_rate, epoch, committed_at, deadline_at, venue_order_id)
     values ($1, $2, $3, 'binance', 'BTC/USDT', $4, 'buy', 'limit', 'postOnly', 60000, 0.01, 'USDT', 60060, 1,
       clock_timestamp() - interval '10 min', clock_timestamp() - interval '10 min', $5)`,
    [id, of.strategyId, of.accountId, `lost-${counter}`, String(9_000_000 + counter)],
  );
  await database.query(
    `update balances set reserved = reserved + 600.6 where holder = $1 and asset = 'USDT'`,
    [`strategy:${of.strategyId}`],
  );
  return id;
}
