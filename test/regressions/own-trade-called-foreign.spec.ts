import type { FillReport } from '../../src/domain/venue-event';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../src/modules/execution/store/types';
import { AccountBooks } from '../../src/modules/execution/trackers/account-books';
import { ClientOrderTracker } from '../../src/modules/execution/trackers/client-order-tracker.service';
import { Holdings } from '../../src/modules/execution/trackers/holdings';
import { StrayFills } from '../../src/modules/execution/trackers/stray-fills';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';

const accountId = 'a1';
const rules = instrumentOf();
/** A row of the trade list: it names the venue's order alone. */
const trade: FillReport = {
  ...{ instrument: rules.id, tradeId: '1', venueOrderId: '99', side: 'buy', price: '99.9', quantity: '0.5' },
  ...{ liquidity: 'maker', venueTime: 1, source: 'rest-trades' },
};

/** A store whose record has one order that was sent and never answered. */
class StoreWithUnanswered extends MemoryStore {
  override load(): ReturnType<MemoryStore['load']> {
    const unanswered = { instrument: rules.id, venueOrderId: undefined, ended: undefined } as OrderRow;
    return super.load(accountId).then((loaded) => ({ ...loaded, orders: [unanswered] }));
  }
}

async function externalPostings(store: MemoryStore): Promise<number> {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const holdings = new Holdings(() => runtime.monotonic(), 40_000);
  const boot = { ownerId: 'o', nonce: 'bcdfgh', installation: 'bcd' };
  const orders = new ClientOrderTracker(runtime, store, holdings, boot, { notify: () => undefined });
  const books = new AccountBooks({
    isBystander: () => false,
    follows: () => true,
    ...{ accountId, store, holdings, notify: () => undefined, uuid: () => runtime.uuid() },
    missing: () => undefined,
  });
  const adopt = (): Promise<undefined> => Promise.resolve(undefined);
  const owners = { isForeign: (): boolean => false };
  const strays = new StrayFills({ venue: 'binance', accountId, store, orders, books, owners, adopt });
  holdings.belongs(`unallocated:${accountId}`, accountId);
  holdings.update([{ holder: `unallocated:${accountId}`, asset: 'USDT', total: '100', reserved: '0' }]); // Opened.
  strays.take(trade, rules);
  await strays.resolve();
  await runtime.advance(10);
  return store.postings().length;
}

/**
 * Found by the simulation: the venue executed a create after its engine had died. The next engine had not loaded the
 * order, whose lease had not run out, so its trade was posted as somebody else's, and then once more as our own.
 */
it('waits with a trade while the record has an order whose venue id is not known', async () => {
  const now = (): number => 1;
  expect(await externalPostings(new StoreWithUnanswered({ now }))).toBe(0);
  expect(await externalPostings(new MemoryStore({ now }))).toBeGreaterThan(0);
});
