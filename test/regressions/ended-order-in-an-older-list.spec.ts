import type { OrderReport } from '../../src/domain/venue-event';
import type { OrderRow } from '../../src/modules/execution/store/types';
import { StrayOrders } from '../../src/modules/execution/trackers/stray-orders';

/**
 * After a restart a list of open orders may be ten seconds old and show orders that have ended since. Each such order
 * used to raise an alarm and a cancel per list and per reader, six of them within a second.
 */
const id = 'm7200013s63kc0000002b';
const report: OrderReport = {
  ...{ instrument: 'BTC/USDT', clientOrderId: id, venueOrderId: '1198', side: 'buy', price: '65000' },
  ...{ quantity: '0.01', cumFilled: '0', status: 'open', source: 'rest-list' },
};
const ended = (why: 'filled' | 'canceled' | 'expired' | 'absent' | 'denied' | 'rejected'): OrderRow =>
  ({ clientOrderId: id, ended: { why, at: 1 } }) as OrderRow;

function strays(record: () => Promise<OrderRow | undefined>) {
  const seen = { now: 0, cancels: 0, pages: 0 };
  const orders = new StrayOrders({
    now: () => seen.now,
    cancel: () => void (seen.cancels += 1),
    findOrder: record,
    adopt: () => Promise.resolve(undefined),
    page: () => void (seen.pages += 1),
  });
  const list = async (): Promise<void> => {
    orders.take(id, report);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { seen, list };
}

describe('an order of ours in a list, unknown to memory', () => {
  it.each(['filled', 'canceled', 'expired'] as const)('recorded as %s: cancelled, no alarm', async (why) => {
    const { seen, list } = strays(() => Promise.resolve(ended(why)));
    await list();
    expect(seen).toEqual({ now: 0, cancels: 1, pages: 0 });
  });

  it.each(['absent', 'denied', 'rejected', undefined] as const)('recorded as %s: an alarm', async (why) => {
    const { seen, list } = strays(() => Promise.resolve(why && ended(why)));
    await list();
    expect(seen).toEqual({ now: 0, cancels: 1, pages: 1 });
  });

  it('open on record: left by an engine that died, cancelled, no alarm', async () => {
    const { seen, list } = strays(() => Promise.resolve({ clientOrderId: id, ended: undefined } as OrderRow));
    await list();
    expect(seen).toEqual({ now: 0, cancels: 1, pages: 0 });
  });

  it('listed again and again: one cancel and one alarm in ten seconds', async () => {
    const { seen, list } = strays(() => Promise.resolve(undefined));
    for (let i = 0; i < 6; i += 1) await list();
    expect(seen).toEqual({ now: 0, cancels: 1, pages: 1 });
    seen.now = 10_000;
    await list();
    expect(seen).toEqual({ now: 10_000, cancels: 2, pages: 2 });
  });

  it('judged again with the next list when the record did not answer', async () => {
    let answers: Promise<undefined> = Promise.reject(new Error('no database'));
    const { seen, list } = strays(() => answers);
    await list();
    expect(seen.pages).toBe(0);
    answers = Promise.resolve(undefined);
    await list();
    expect(seen).toEqual({ now: 0, cancels: 2, pages: 1 });
  });
});
