import { fillKeyOf } from '../../src/domain/fill';
import { describeStores, withoutFee } from '../support/store-suite';

describeStores((s) => {
  describe('books fills', () => {
    it('moves money, lowers what is held and advances the cursor', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      const cursor = { accountId: s.account, instrument: 'BTC/USDT', lastTradeId: '77' };
      const results = await s.store.recordFills([s.fillOf(bid)], [cursor]);
      expect(results).toMatchObject([{ kind: 'booked', bookedFilled: '0.4' }]);
      expect(results[0]?.kind === 'booked' && results[0].balances).toEqual([
        { holder: `strategy:${s.alpha}`, asset: 'BTC', total: '1.4', reserved: '0' },
        { holder: `strategy:${s.alpha}`, asset: 'USDT', total: '960', reserved: '60.06' },
      ]);
      expect(await s.balance('market:binance', 'USDT')).toEqual({ total: '40', reserved: '0' });
      expect(await s.read(bid)).toMatchObject({
        bookedFilled: '0.4',
        venueOrderId: `v-${bid.clientOrderId}`,
      });
      expect((await s.store.load(s.account)).cursors).toEqual([cursor]);
    });

    it('books once, whatever is said again, and calls a different payload a conflict', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      const fill = s.fillOf(bid);
      const results = await s.book(fill, fill, { ...fill, quantity: '0.5' });
      expect(results).toMatchObject([
        { kind: 'booked', bookedFilled: '0.4' },
        { kind: 'duplicate', bookedFilled: '0.4' },
        { kind: 'conflict' },
      ]);
      const moved = { holder: `strategy:${s.alpha}`, asset: 'USDT', total: '960' };
      for (const result of results.slice(0, 2))
        expect(result).toMatchObject({ balances: expect.arrayContaining([expect.objectContaining(moved)]) });
      expect(await s.book({ ...fill, quantity: '0.400', price: '100.0' })).toMatchObject([
        { kind: 'duplicate' },
      ]);
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '960', reserved: '60.06' });
    });

    it('ends the order with the fill that completes it', async () => {
      const ask = s.order(s.alpha, { side: 'sell', slotKey: 'ask-0', quantity: 5_000 });
      await s.commit(ask);
      expect(await s.balance(`strategy:${s.alpha}`, 'BTC')).toEqual({ total: '1', reserved: '0.5' });
      await s.book(s.fillOf(ask, { quantity: '0.2' }), s.fillOf(ask, { quantity: '0.3' }));
      expect(await s.read(ask)).toMatchObject({
        bookedFilled: '0.5',
        ended: { why: 'filled', at: 1_764_000_000_123 },
      });
      expect(await s.balance(`strategy:${s.alpha}`, 'BTC')).toEqual({ total: '0.5', reserved: '0' });
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1050', reserved: '0' });
    });

    it('books a late fill of an ended order and leaves what others hold', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid, s.order(s.alpha, { slotKey: 'bid-1' }));
      await s.end(bid, 'canceled');
      expect(await s.book(s.fillOf(bid))).toMatchObject([{ kind: 'booked', bookedFilled: '0.4' }]);
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '960', reserved: '100.1' });
      expect(await s.read(bid)).toMatchObject({ ended: { why: 'canceled' }, bookedFilled: '0.4' });
    });

    it('books beyond the quantity and into a negative balance: a fill is never refused', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      await s.book(s.fillOf(bid, { quantity: '11' }));
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '-100', reserved: '0' });
      expect(await s.read(bid)).toMatchObject({ bookedFilled: '11', ended: { why: 'filled' } });
    });

    it('books a fill whose order has no row', async () => {
      const lost = s.order(s.alpha);
      expect(await s.book(s.fillOf(lost), s.fillOf(lost, { quantity: '0.1' }))).toMatchObject([
        { kind: 'booked' },
        { kind: 'booked', bookedFilled: '0.5' },
      ]);
      expect(await s.balance(`strategy:${s.alpha}`, 'BTC')).toEqual({ total: '1.5', reserved: '0' });
    });

    it('frees exactly what it held when rates do not divide', async () => {
      const bid = s.order(s.alpha, { holdRate: '33.333333333333333333', quantity: 3_333 });
      await s.commit(bid);
      await s.book(s.fillOf(bid, { quantity: '0.1111', price: '33.33' }));
      await s.end(bid, 'canceled');
      expect((await s.balance(`strategy:${s.alpha}`, 'USDT')).reserved).toBe('0');
    });
  });

  describe('posts fees', () => {
    it.each([
      ['base', 'BTC', '0.001', 'strategy', { BTC: '1.399', USDT: '960' }],
      ['quote', 'USDT', '0.04', 'strategy', { BTC: '1.4', USDT: '959.96' }],
      ['quote, as a rebate', 'USDT', '-0.04', 'strategy', { BTC: '1.4', USDT: '960.04' }],
      ['a third asset', 'BNB', '0.002', 'unallocated', { BTC: '1.4', USDT: '960' }],
    ] as const)('in %s', async (_name, feeAsset, fee, payer, expected) => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      const [result] = await s.book(s.fillOf(bid, { fee, feeAsset }));
      for (const [asset, total] of Object.entries(expected)) {
        expect((await s.balance(`strategy:${s.alpha}`, asset)).total).toBe(total);
      }
      expect((await s.balance('venue-fees:binance', feeAsset)).total).toBe(fee);
      if (payer === 'unallocated') {
        const paid = { holder: `unallocated:${s.account}`, asset: 'BNB', total: '-0.002', reserved: '0' };
        expect(result).toMatchObject({ balances: expect.arrayContaining([paid]) });
      }
    });

    it('later when they come later, once', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      const fill = s.fillOf(bid, { fee: '0.001', feeAsset: 'BTC' });
      await s.book(withoutFee(fill));
      expect((await s.store.load(s.account)).pendingFees).toEqual([withoutFee(fill)].map((f) => ({ ...f })));
      expect(await s.store.recordFee(withoutFee(fill))).toMatchObject({ kind: 'conflict' });
      expect(await s.store.recordFee(fill)).toMatchObject({ kind: 'booked', bookedFilled: '0.4' });
      expect(await s.store.recordFee(fill)).toMatchObject({ kind: 'duplicate', bookedFilled: '0.4' });
      expect(await s.store.recordFee({ ...fill, fee: '0.002' })).toMatchObject({ kind: 'conflict' });
      expect(await s.store.recordFee({ ...fill, tradeId: 'never' })).toMatchObject({ kind: 'conflict' });
      expect((await s.balance(`strategy:${s.alpha}`, 'BTC')).total).toBe('1.399');
      expect((await s.store.load(s.account)).pendingFees).toEqual([]);
      const keys = (await s.bench.postings()).filter((line) => line.key === `fee:${fillKeyOf(fill)}`);
      expect(keys).toHaveLength(2);
    });
  });
});
