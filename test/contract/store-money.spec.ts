import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Transfer, TransferLine } from '../../src/modules/execution/store/types';
import { describeStores } from '../support/store-suite';

describeStores((s) => {
  describe('transfers', () => {
    const lines = (quantity: string): readonly TransferLine[] => [
      { holder: `strategy:${s.alpha}`, asset: 'USDT', quantity: `-${quantity}` },
      { holder: `unallocated:${s.account}`, asset: 'USDT', quantity },
    ];

    it('happen once per key', async () => {
      expect(await s.move('k', lines('10'))).toMatchObject({ kind: 'done', duplicate: false });
      expect(await s.move('k', lines('10.0'))).toMatchObject({ kind: 'done', duplicate: true });
      expect(await s.move('k', lines('11'))).toMatchObject({ kind: 'conflict' });
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '990', reserved: '0' });
    });

    it('leave a guarded holder what its orders hold', async () => {
      await s.commit(s.order(s.alpha));
      const guarded = [`strategy:${s.alpha}`];
      expect(await s.move('k', lines('899.91'), guarded)).toMatchObject({ kind: 'insufficient' });
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '100.1' });
      expect(await s.move('k', lines('899.9'), guarded)).toMatchObject({ kind: 'done', duplicate: false });
      expect(await s.move('more', lines('1'))).toMatchObject({ kind: 'done' });
    });

    it('add to what the fill, the fee and the end of an order move in the same moment', async () => {
      const [bid, held] = [s.order(s.alpha), s.order(s.alpha, { slotKey: 'bid-1' })];
      await s.commit(bid, held);
      const ended = { why: 'canceled', at: 1_764_000_000_000 } as const;
      await Promise.all([
        s.move('credit', [
          { holder: `unallocated:${s.account}`, asset: 'USDT', quantity: '-50' },
          { holder: `strategy:${s.alpha}`, asset: 'USDT', quantity: '50' },
        ]),
        s.book(s.fillOf(bid, { quantity: '0.4', fee: '0.001' })),
        s.store.endOrders([{ clientOrderId: bid.clientOrderId, ended }]),
        s.move('payout', lines('10'), [`strategy:${s.alpha}`]),
      ]);
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '100.1' });
      expect(await s.balance(`strategy:${s.alpha}`, 'BTC')).toEqual({ total: '1.399', reserved: '0' });
      expect(await s.unbalanced()).toEqual([]);
    });

    it('must balance', async () => {
      await expect(async () => s.move('k', lines('1').slice(1))).rejects.toThrow('LEDGER_UNBALANCED');
      expect(await s.balance(`unallocated:${s.account}`, 'USDT')).toEqual({ total: '-', reserved: '-' });
    });

    it('lie with every holder of the account, whether or not it has orders', async () => {
      const kinds = ['unallocated', 'suspense', 'unexplained'];
      const { holders } = await s.store.load(s.account);
      const strategies = [s.alpha, s.beta].map((id) => `strategy:${id}`).sort();
      expect(holders).toEqual([...kinds.map((kind) => `${kind}:${s.account}`), ...strategies]);
      const nobody = randomUUID();
      expect((await s.store.load(nobody)).holders).toEqual(kinds.map((kind) => `${kind}:${nobody}`));
    });
  });

  describe('reads back', () => {
    it('what the strategies of one account trade that run, or should, each once', async () => {
      const of = { accountId: s.account, owner: 'user-2' };
      await s.bench.addStrategy(randomUUID(), { ...of, number: 3, instrument: 'ADA/USDT' });
      await s.bench.addStrategy(randomUUID(), { ...of, number: 4, instrument: 'XRP/USDT', isAtRest: true });
      expect((await s.store.load(s.account)).instruments).toEqual(['ADA/USDT', 'BTC/USDT']);
      expect((await s.store.load(randomUUID())).instruments).toEqual([]);
    });

    it('when an account was opened, and when a difference of an asset was last posted', async () => {
      expect((await s.store.load(s.account)).settled).toEqual({ openedAt: undefined, unexplainedAt: {} });
      const post = (what: string, asset: string, kind: Transfer['kind'] = 'external') =>
        s.store.transfer({
          ...{ key: `external:${what}`, kind, guarded: [] },
          lines: [
            {
              holder: `${what.split(':')[0] === 'opening' ? 'unallocated' : 'unexplained'}:${s.account}`,
              asset,
              quantity: '1',
            },
            { holder: `external:${s.account}`, asset, quantity: '-1' },
          ],
        });
      const times = [await s.store.now()];
      await setTimeout(5);
      for (const [what, asset] of [
        [`opening:${s.account}`, 'USDT'],
        ['unexplained:1', 'BTC'],
        ['unexplained:2', 'ETH'],
        ['unexplained:3', 'BTC'],
      ] as const) {
        await post(what, asset);
        await setTimeout(5);
        times.push(await s.store.now());
        await setTimeout(5);
      }
      await post('corrected:1', 'ETH', 'adjustment'); // By a person, whatever the account has then.
      await post('corrected:2', 'SOL', 'adjustment');
      const { openedAt, unexplainedAt } = (await s.store.load(s.account)).settled;
      const nth = (at: number | undefined): number =>
        times.findIndex((time) => at !== undefined && at <= time);
      expect([openedAt, unexplainedAt['ETH'], unexplainedAt['BTC']].map(nth)).toEqual([1, 3, 4]);
      expect(Object.keys(unexplainedAt).toSorted()).toEqual(['BTC', 'ETH']);
      expect((await s.store.load(randomUUID())).settled).toEqual({ openedAt: undefined, unexplainedAt: {} });
    });

    it('the unended orders of one account', async () => {
      const [bid, ask] = [s.order(s.alpha), s.order(s.alpha, { side: 'sell', slotKey: 'ask-0' })];
      await s.commit(bid, ask);
      await s.end(ask, 'rejected', 'POST_ONLY');
      const loaded = await s.store.load(s.account);
      expect(loaded.orders.map((row) => row.clientOrderId)).toEqual([bid.clientOrderId]);
      expect((await s.store.load(randomUUID())).orders).toEqual([]);
    });

    it('an order by the id its venue gave it; the first id stays', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      const { instrument } = bid;
      const by = { venue: 'binance', accountId: s.account, instrument, venueOrderId: '42' } as const;
      expect(await s.store.findOrder(by)).toBeUndefined();
      await s.store.recordAcks([{ clientOrderId: bid.clientOrderId, venueOrderId: '42' }]);
      await s.store.recordAcks([{ clientOrderId: bid.clientOrderId, venueOrderId: '43' }]);
      expect(await s.store.findOrder(by)).toMatchObject({
        clientOrderId: bid.clientOrderId,
        venueOrderId: '42',
      });
      expect(await s.store.findOrder({ ...by, accountId: randomUUID() })).toBeUndefined();
      expect(await s.store.findOrder({ ...by, instrument: 'ETH/USDT' })).toBeUndefined(); // Ids are counted per market.
    });
  });
});
