import type { ApprovedOrder } from '../../src/domain/approved-order';
import type { IntentBatch } from '../../src/modules/execution/store/types';
import { deadlineMs, describeStores } from '../support/store-suite';

describeStores((s) => {
  describe('commits intents', () => {
    it('writes the order, reserves what it holds and answers the database clock', async () => {
      const bid = s.order(s.alpha);
      const before = await s.store.now();
      const verdicts = await s.store.commitIntents([s.batch(s.alpha, [bid])], deadlineMs);
      const verdict = verdicts.get(s.alpha);
      if (verdict?.kind !== 'committed') throw new Error(JSON.stringify(verdict));
      expect(verdict.committedAt).toBeGreaterThanOrEqual(before - 1);
      expect(verdict.deadlineAt - verdict.committedAt).toBe(deadlineMs);
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '100.1' });
      expect(await s.read(bid)).toEqual({
        clientOrderId: bid.clientOrderId,
        strategyId: s.alpha,
        accountId: s.account,
        venue: 'binance',
        instrument: 'BTC/USDT',
        slotKey: 'bid-0',
        side: 'buy',
        type: 'limit',
        timeInForce: 'postOnly',
        price: '100',
        quantity: '1',
        epoch: 1,
        committedAt: verdict.committedAt,
        deadlineAt: verdict.deadlineAt,
        venueOrderId: undefined,
        bookedFilled: '0',
        ended: undefined,
      });
    });

    const refusals: readonly [string, string, (bid: ApprovedOrder) => Promise<IntentBatch>][] = [
      ['another owner', 'LEASE_LOST', async (bid) => s.batch(s.alpha, [bid], { ownerId: 'engine-2' })],
      ['an older epoch', 'LEASE_LOST', async (bid) => s.batch(s.alpha, [bid], { epoch: 0 })],
      [
        'a released lease',
        'LEASE_LOST',
        async (bid) => {
          await s.store.releaseLease(s.alpha, 'engine-1');
          return s.batch(s.alpha, [bid]);
        },
      ],
      [
        'an expired lease',
        'LEASE_LOST',
        async (bid) => {
          await s.store.renewLeases('engine-1', -1);
          return s.batch(s.alpha, [bid]);
        },
      ],
      [
        'a halt',
        'HALTED',
        async (bid) => {
          await s.store.kill({ scopeKey: 'global', level: 'CANCEL_ONLY', reason: 'r', actor: 'a' });
          return s.batch(s.alpha, [bid], { epoch: 2 });
        },
      ],
      [
        'an occupied slot',
        'SLOT_OCCUPIED',
        async (bid) => {
          await s.commit(s.order(s.alpha, { price: 1, holdRate: '0' }));
          return s.batch(s.alpha, [s.order(s.alpha, { slotKey: 'ask-0', holdRate: '0' }), bid]);
        },
      ],
      [
        'one slot twice',
        'SLOT_OCCUPIED',
        async (bid) => s.batch(s.alpha, [bid, s.order(s.alpha, { holdRate: '0' })]),
      ],
      [
        'missing funds',
        'INSUFFICIENT_FUNDS',
        async (bid) =>
          s.batch(s.alpha, [bid, s.order(s.alpha, { slotKey: 'bid-1', holdRate: '899.900000000000000001' })]),
      ],
    ];

    it.each(refusals)('%s is refused and leaves nothing', async (_why, reason, prepare) => {
      const bid = s.order(s.alpha);
      const refused = await prepare(bid);
      const verdicts = await s.store.commitIntents([refused], deadlineMs);
      expect(verdicts.get(s.alpha)).toMatchObject({ kind: 'refused', reason });
      for (const one of refused.orders) expect(await s.read(one)).toBeUndefined();
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '0' });
    });

    it('holds to the last unit', async () => {
      await s.commit(s.order(s.alpha), s.order(s.alpha, { slotKey: 'bid-1', holdRate: '899.9' }));
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '1000', reserved: '1000' });
    });

    it('refuses one session without touching the others', async () => {
      const bid = s.order(s.alpha, { holdRate: '1000.1' });
      const other = s.order(s.beta);
      const verdicts = await s.store.commitIntents(
        [s.batch(s.beta, [other]), s.batch(s.alpha, [bid])],
        deadlineMs,
      );
      expect(verdicts.get(s.alpha)).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
      expect(verdicts.get(s.beta)).toMatchObject({ kind: 'committed' });
      expect(await s.read(bid)).toBeUndefined();
      expect(await s.read(other)).toMatchObject({ strategyId: s.beta });
    });

    it('gives a slot again once its order has ended', async () => {
      const first = s.order(s.alpha);
      await s.commit(first);
      await s.end(first, 'canceled');
      await s.commit(s.order(s.alpha));
    });
  });

  describe('ends orders', () => {
    it('frees what is not booked, once', async () => {
      const bid = s.order(s.alpha);
      await s.commit(bid);
      await s.book(s.fillOf(bid));
      expect(await s.end(bid, 'canceled', 'USER')).toContainEqual({
        ...{ holder: `strategy:${s.alpha}`, asset: 'USDT' },
        ...{ total: '960', reserved: '0' },
      });
      expect(await s.end(bid, 'expired')).toEqual([]);
      expect(await s.read(bid)).toMatchObject({
        ended: { why: 'canceled', code: 'USER', at: 1_764_000_000_456 },
      });
      expect(await s.balance(`strategy:${s.alpha}`, 'USDT')).toEqual({ total: '960', reserved: '0' });
    });

    it('ignores an id it never saw', async () => {
      expect(await s.end(s.order(s.alpha), 'denied')).toEqual([]);
    });
  });
});
