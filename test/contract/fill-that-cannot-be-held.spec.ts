import { StoreSuite } from '../support/store-suite';
import { postgresBench } from '../support/store-bench';

/**
 * A trade the tables refuse (no time, no quantity, a price beyond every column) was tried again for ever, and behind it
 * waited every fill and every end of every account, with the database called down.
 */
it.each([
  ['no time', { venueTime: NaN }],
  ['no quantity', { quantity: '0' }],
  ['no price', { price: '' }],
  ['an endless price', { price: '9'.repeat(25) }],
])(
  'a trade with %s keeps no other from the books',
  async (_what, change) => {
    const suite = new StoreSuite();
    suite.bench = await postgresBench();
    try {
      await suite.fresh();
      const order = suite.order(suite.alpha);
      await suite.commit(order);
      const [good, bad] = [suite.fillOf(order), { ...suite.fillOf(order), ...change }];
      const cursor = { accountId: suite.account, instrument: 'BTC/USDT', lastTradeId: '7' };
      const results = await suite.store.recordFills([bad, good], [cursor]);
      expect(results.map(({ kind }) => kind)).toEqual(['conflict', 'booked']);
      expect((await suite.store.load(suite.account)).cursors).toEqual([cursor]);
      expect(await suite.unbalanced()).toEqual([]);
    } finally {
      await suite.bench.close();
    }
  },
  60_000,
);
