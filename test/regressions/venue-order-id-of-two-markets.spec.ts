import type { Instrument } from '../../src/domain/instrument';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../src/modules/execution/store/types';
import { ClientOrderTracker } from '../../src/modules/execution/trackers/client-order-tracker.service';
import { Holdings } from '../../src/modules/execution/trackers/holdings';
import { instrumentOf } from '../support/decisions';

/**
 * A venue counts its order ids per market. A trade read after a restart names its order by that id alone; it was booked
 * to the order of another market with the same id, and the one that had traded stayed open in the books.
 */
const account = 'account';
const bitcoin = instrumentOf();
const ether = instrumentOf({ id: 'ETH/USDT', venueSymbol: 'ETHUSDT', base: 'ETH' });
const runtime = createRealRuntime();
afterAll(() => runtime.close());

const rowOf = (market: Instrument, clientOrderId: string): OrderRow => ({
  ...{ clientOrderId, strategyId: market.base, accountId: account, venue: 'binance', instrument: market.id },
  ...{ slotKey: 'bid:0', side: 'buy', type: 'limit', timeInForce: 'postOnly', price: '100', quantity: '1' },
  ...{ epoch: 1, committedAt: 1_000, deadlineAt: 2_000, bookedFilled: '0' },
  ...{ venueOrderId: '36', ended: undefined },
});

it.each([
  [bitcoin, ether],
  [ether, bitcoin],
])('books a trade to the order of its own market', async (traded, other) => {
  const store = new MemoryStore({ now: () => 5_000 });
  const holdings = new Holdings(() => 0, 40_000);
  const boot = { ownerId: 'o', nonce: 'bbbbbb', installation: 'bbb' };
  const orders = new ClientOrderTracker(runtime, store, holdings, boot, { notify: () => undefined });
  orders.load(rowOf(traded, 'own'), traded, 5_000);
  orders.load(rowOf(other, 'other'), other, 5_000);
  const isKnown = orders.onFill('binance', account, {
    ...{
      instrument: traded.id,
      tradeId: '1',
      venueOrderId: '36',
      side: 'buy',
      price: '100',
      quantity: '0.4',
    },
    ...{ fee: '0', feeAsset: traded.base, liquidity: 'maker', venueTime: 4_000, source: 'rest-trades' },
  });
  expect(isKnown).toBe(true);
  await orders.idle();
  expect([orders.get('own')?.bookedFilled, orders.get('other')?.bookedFilled]).toEqual([400, 0]);
});
