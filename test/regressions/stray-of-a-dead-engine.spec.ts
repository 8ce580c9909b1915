import type { OrderReport } from '../../src/domain/venue-event';
import { StrayOrders } from '../../src/modules/execution/trackers/stray-orders';

/**
 * Simulation big-361: a database set back had lost an order of an engine that had died. The next engine saw it in a list
 * while the lease of the dead one still ran, left it alone and put it aside for ten seconds; meanwhile it took the lease,
 * read the list again and placed orders beside one that it counted for nothing.
 */
it('looks again, at the next list, at an order that another engine might have wanted', async () => {
  let now = 0;
  let adoptions = 0;
  const cancelled: number[] = [];
  const strays = new StrayOrders({
    now: () => now,
    cancel: () => void cancelled.push(now),
    findOrder: () => Promise.resolve(undefined),
    adopt: () => {
      adoptions += 1;
      return Promise.resolve(now < 4_000 ? ('elsewhere' as const) : undefined);
    },
    page: () => undefined,
  });
  const see = async (): Promise<void> => {
    strays.take('m1', { venueOrderId: '7' } as OrderReport);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await see();
  now = 5_000;
  await see();
  expect([adoptions, cancelled]).toEqual([2, [0, 5_000]]);
  now = 6_000;
  await see();
  expect([adoptions, cancelled]).toEqual([2, [0, 5_000]]);
});
