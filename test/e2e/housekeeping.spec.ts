import type { DataSource } from 'typeorm';
import { LedgerRepository } from '../../src/modules/market-making/ledger/ledger.repository';
import { testDatabase } from '../support/test-database';

let database: DataSource;
beforeAll(async () => {
  database = await testDatabase();
}, 30_000);
afterAll(() => database?.destroy());

it('keeps the log of orders for 400 days', async () => {
  for (const days of [0, 399, 401]) {
    await database.query(
      `insert into order_events (client_order_id, kind, status, source, detail, at)
       values ($1, 'seen', 'OPEN', 'reply', '', clock_timestamp() - $2 * interval '1 day')`,
      [`m${days}`, days],
    );
  }
  await new LedgerRepository(database).deleteOldOrderEvents();
  const rows = await database.query<{ client_order_id: string }[]>(
    'select client_order_id from order_events order by id',
  );
  expect(rows.map((row) => row.client_order_id)).toEqual(['m0', 'm399']);
});
