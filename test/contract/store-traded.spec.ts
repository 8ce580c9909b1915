import { setTimeout } from 'node:timers/promises';
import type { Fill } from '../../src/domain/fill';
import { describeStores, withoutFee } from '../support/store-suite';

const losses = ['LOSS_LIMIT', 'DRAWDOWN_LIMIT'];

describeStores((s) => {
  const book = async (part: Partial<Fill>): Promise<Fill> => {
    const order = s.order(s.alpha, part.side === 'sell' ? { side: 'sell', slotKey: 'ask-0' } : {});
    await s.commit(order);
    const fill = s.fillOf(order, { venueTime: Date.now(), ...part });
    await s.book(fill);
    await s.end(order, 'canceled');
    return fill;
  };
  const traded = async (from = 0) => {
    const { since: _since, ...moved } = await s.store.tradedSince(s.alpha, from, losses);
    return moved;
  };
  const halt = (reason: string) =>
    s.store.kill({ scopeKey: `strategy:${s.alpha}`, level: 'HALTED', reason, actor: 'engine' });
  const lift = () => s.store.liftHalt({ scopeKey: `strategy:${s.alpha}`, actor: 'anna', reason: 'seen' });

  describe('tells what the fills of a strategy have moved', () => {
    it('is nothing without one', async () => {
      expect(await traded()).toEqual({ base: '0', quote: '0', best: '0' });
      expect((await s.store.tradedSince(s.alpha, 77, losses)).since).toBe(77);
    });

    it('sums both sides, fees of the pair with them, and keeps the best moment at a price of its own', async () => {
      await book({ price: '100', quantity: '0.4', fee: '0.001', feeAsset: 'BTC' });
      await book({ side: 'sell', price: '110', quantity: '0.3', fee: '0.5', feeAsset: 'USDT' });
      await book({ price: '90', quantity: '0.1', fee: '3', feeAsset: 'BNB' });
      // 0.399 bought for 40; 33 − 0.5 for 0.3: at 110 worth 0.099 × 110 − 7.5; then 9 for 0.1.
      expect(await traded()).toEqual({ base: '0.199', quote: '-16.5', best: '3.39' });
    });

    it('counts a fee once it is learned, and nobody else', async () => {
      const fill = await book({ fee: '0.01', feeAsset: 'BTC' });
      const other = s.order(s.beta);
      await s.commit(other);
      await s.book(s.fillOf(other, { venueTime: Date.now() }));
      expect(await traded()).toEqual({ base: '0.39', quote: '-40', best: '0' });
      const late = await book({ side: 'sell', tradeId: 'late', ...{ fee: undefined as never } });
      await s.store.recordFee({ ...late, fee: '1', feeAsset: 'USDT' });
      expect(withoutFee(fill).fee).toBeUndefined();
      expect(await traded()).toMatchObject({ base: '-0.01', quote: '-1' });
    });

    it('begins with the moment asked for', async () => {
      await book({});
      expect(await traded(Date.now() + 60_000)).toEqual({ base: '0', quote: '0', best: '0' });
    });

    it.each([
      ['LOSS_LIMIT: 5 of 4', '0'],
      ['DRAWDOWN_LIMIT: 5 of 4', '0'],
      ['OVERFILL: LOSS_LIMIT: no', '0.4'],
    ])('begins anew behind a lifted halt for %s only when that was for a loss', async (reason, base) => {
      await book({ fee: '0' });
      await halt(reason);
      expect(await traded()).toMatchObject({ base: '0.4' }); // It stands.
      await setTimeout(5);
      await lift();
      expect(await traded()).toMatchObject({ base });
    });
  });
});
