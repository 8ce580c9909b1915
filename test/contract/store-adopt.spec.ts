import type { Adoption } from '../../src/modules/execution/store/types';
import { describeStores } from '../support/store-suite';

describeStores((s) => {
  let made = 0;
  const adoption = (part: Partial<Adoption> = {}): Adoption => {
    made += 1;
    return {
      ...{ clientOrderId: `m0009${String(made).padStart(17, '0')}`, strategyNumber: 1, ownerId: 'engine-1' },
      ...{ accountId: s.account, venue: 'binance', instrument: 'BTC/USDT', side: 'buy' },
      ...{ price: '100.00', quantity: '11', venueOrderId: `v${made}`, holdAsset: 'USDT', holdRate: '100.1' },
      ...part,
    };
  };

  describe('adopts orders of ours that lost their row', () => {
    it('in slots of their own, with their funds held even below zero free', async () => {
      const first = adoption();
      const adopted = await s.store.adopt(first);
      expect(adopted).toMatchObject({
        kind: 'adopted',
        row: {
          ...{ clientOrderId: first.clientOrderId, strategyId: s.alpha, slotKey: 'adopted-1', epoch: 0 },
          ...{ price: '100', quantity: '11', bookedFilled: '0', venueOrderId: first.venueOrderId },
        },
      });
      expect(await s.store.adopt(adoption())).toMatchObject({ row: { slotKey: 'adopted-2' } });
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '2202.2' });
      expect((await s.store.load(s.account)).orders).toHaveLength(2);
    });

    it('with the fills that are booked already', async () => {
      const lost = adoption({ quantity: '1' });
      const of = s.order(s.alpha, { clientOrderId: lost.clientOrderId });
      await s.book(s.fillOf(of, { quantity: '0.4' }));
      expect(await s.store.adopt(lost)).toMatchObject({ kind: 'adopted', row: { bookedFilled: '0.4' } });
      expect((await s.balance(`strategy:${s.alpha}`, 'USDT')).reserved).toBe('60.06');
      const [late] = await s.book(s.fillOf(of, { quantity: '0.6' }));
      expect(late).toMatchObject({ kind: 'booked', bookedFilled: '1' });
      expect((await s.balance(`strategy:${s.alpha}`, 'USDT')).reserved).toBe('0');
    });

    it('and frees them when they end', async () => {
      const lost = adoption();
      await s.store.adopt(lost);
      const ended = { why: 'canceled', at: 1_764_000_000_000 } as const;
      await s.store.endOrders([{ clientOrderId: lost.clientOrderId, ended }]);
      expect((await s.balance(`strategy:${s.alpha}`, 'USDT')).reserved).toBe('0');
      expect(await s.store.adopt(adoption())).toMatchObject({ row: { slotKey: 'adopted-2' } });
    });

    it('once', async () => {
      const lost = adoption({ quantity: '1' });
      await s.store.adopt(lost);
      expect(await s.store.adopt(lost)).toMatchObject({ kind: 'known', row: { slotKey: 'adopted-1' } });
      const bid = s.order(s.alpha);
      await s.commit(bid);
      expect(await s.store.adopt(adoption({ clientOrderId: bid.clientOrderId }))).toMatchObject({
        kind: 'known',
        row: { slotKey: 'bid-0' },
      });
    });

    it.each([
      ['an owner that does not lease them', { ownerId: 'engine-2' }, 'elsewhere'],
      ['a strategy nobody knows', { strategyNumber: 77 }, 'foreign'],
      ['another account', { accountId: '01990000-0000-7000-8000-0000000000ff' }, 'foreign'],
    ] as const)('but not for %s', async (_name, part, kind) => {
      const lost = adoption(part);
      expect(await s.store.adopt(lost)).toEqual({ kind });
      expect(await s.store.findOrder({ clientOrderId: lost.clientOrderId })).toBeUndefined();
    });

    it('for anybody once the lease has expired', async () => {
      await s.store.renewLeases('engine-1', -200);
      expect(await s.store.adopt(adoption({ ownerId: 'engine-2' }))).toMatchObject({ kind: 'adopted' });
    });
  });

  describe('takes back the end of an order that the venue shows live', () => {
    const absent = { why: 'absent', at: 1_764_000_000_000 } as const;
    const usdt = () => s.balance(`strategy:${s.alpha}`, 'USDT');

    it('with its funds held again even below zero free, beside the order that has its slot', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      await s.book(s.fillOf(bid, { quantity: '0.4' }));
      await s.store.endOrders([{ clientOrderId: bid.clientOrderId, ended: absent }]);
      await s.commit(s.order(s.alpha, { quantity: 95_000 }));
      expect((await usdt()).reserved).toBe('950.95');
      const balances = await s.store.reopenOrder(bid.clientOrderId);
      expect(balances.find(({ asset }) => asset === 'USDT')).toMatchObject({
        ...{ total: '960', reserved: '1011.01' },
      });
      expect(await usdt()).toEqual({ total: '960', reserved: '1011.01' });
      const found = { slotKey: `reopened-${bid.clientOrderId}`, ended: undefined, bookedFilled: '0.4' };
      expect(await s.read(bid)).toMatchObject(found);
      expect((await s.store.load(s.account)).orders).toHaveLength(2);
      await s.book(s.fillOf(bid, { quantity: '0.1' }));
      expect((await usdt()).reserved).toBe('1001');
      const ended = { why: 'canceled', at: 1_764_000_000_001 } as const;
      await s.store.endOrders([{ clientOrderId: bid.clientOrderId, ended }]);
      expect((await usdt()).reserved).toBe('950.95');
      expect(await s.read(bid)).toMatchObject({ ended });
    });

    it('once, and of none that is complete, unended or unknown', async () => {
      const [bid, filled] = [s.order(s.alpha), s.order(s.alpha, { slotKey: 'bid-1' })];
      await s.commit(bid, filled);
      expect(await s.store.reopenOrder(bid.clientOrderId)).toEqual([]);
      await s.store.endOrders([{ clientOrderId: bid.clientOrderId, ended: absent }]);
      await s.store.reopenOrder(bid.clientOrderId);
      expect(await s.store.reopenOrder(bid.clientOrderId)).toEqual([]);
      await s.book(s.fillOf(filled, { quantity: '1' }));
      expect(await s.store.reopenOrder(filled.clientOrderId)).toEqual([]);
      expect(await s.store.reopenOrder('m0009nobody')).toEqual([]);
      expect((await usdt()).reserved).toBe('100.1');
      expect(await s.read(filled)).toMatchObject({ slotKey: 'bid-1', ended: { why: 'filled' } });
    });
  });
});
