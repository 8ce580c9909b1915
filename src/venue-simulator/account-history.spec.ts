import fc from 'fast-check';
import { AccountHistory } from './account-history';
import { createVenueCore } from './core';
import { defaultMarkets } from './default-markets';
import type { VenueOrder } from './venue-types';

const account = 'a';
const [market] = defaultMarkets;
const symbol = market!.symbol;

it('lists what was open at a moment as the venue showed it then', () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.nat(40), act: fc.constantFrom('place', 'cancel', 'amend'), pick: fc.nat() }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (drawn) => {
      let now = 1_000_000;
      const core = createVenueCore({ now: () => now, markets: [market!], makerFeeBps: 0, takerFeeBps: 0 });
      core.addAccount(account, { [market!.quote]: '1000000' });
      const history = new AccountHistory(core);
      history.follow(account);
      const seen = new Map<number, readonly VenueOrder[]>();
      for (const [i, { waitMs, act, pick }] of drawn.entries()) {
        seen.set(now, core.openOrders(account));
        now += waitMs;
        const open = core.openOrders(account);
        const target = open[pick % open.length];
        const [price, quantity] = [100 + i, 1_000_000];
        const terms = { side: 'buy', type: 'limit', timeInForce: 'GTC', stp: 'NONE' } as const;
        if (act === 'place' || !target)
          core.place({ account, symbol, clientOrderId: `c${i}`, ...terms, price, quantity });
        else if (act === 'cancel') core.cancel(target);
        else core.amend(target, { quantity: target.quantity - 1 });
        seen.set(now, core.openOrders(account));
      }
      for (const [asOf, rows] of seen) {
        const byId = (a: VenueOrder, b: VenueOrder): number => a.orderId - b.orderId;
        expect(history.openOrders(account, symbol, asOf).toSorted(byId)).toEqual(rows.toSorted(byId));
        expect(history.openOrders(account, 'NONE', asOf)).toEqual([]);
      }
    }),
  );
});
