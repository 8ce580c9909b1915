import type { HaltLevel } from '../../src/modules/execution/store/types';
import { deadlineMs, describeStores, ttlMs } from '../support/store-suite';

describeStores((s) => {
  const kill = (scopeKey: string, level: HaltLevel = 'HALTED') =>
    s.store.kill({ scopeKey, level, reason: 'why', actor: 'anna' });
  const lift = (scopeKey: string) => s.store.liftHalt({ scopeKey, actor: 'bert', reason: 'over' });
  const verdictOf = async (epoch: number, ownerId = 'engine-1') => {
    const batch = s.batch(s.alpha, [s.order(s.alpha)], { epoch, ownerId });
    return (await s.store.commitIntents([batch], deadlineMs)).get(s.alpha);
  };

  describe('halts', () => {
    const scopes: readonly [string, () => string, boolean, boolean][] = [
      ['everything', () => 'global', true, true],
      ['a venue', () => 'venue:binance', true, true],
      ['another venue', () => 'venue:okx', false, false],
      ['an account', () => `account:${s.account}`, true, true],
      ['an instrument', () => `instrument:${s.account}/BTC/USDT`, true, true],
      ['another instrument', () => `instrument:${s.account}/ETH/USDT`, false, false],
      ['an owner', () => 'owner:user-0', true, false],
      ['a strategy', () => `strategy:${s.beta}`, false, true],
      ['an engine, which binds no lease', () => 'engine:host', false, false],
    ];

    it.each(scopes)('of %s take the leases in it and no other', async (_name, scopeKey, alpha, beta) => {
      const { halt, strategies } = await kill(scopeKey());
      const hit = [...(alpha ? [s.alpha] : []), ...(beta ? [s.beta] : [])];
      expect(strategies.map(({ id }) => id)).toEqual(hit);
      expect(halt).toMatchObject({
        scopeKey: scopeKey(),
        level: 'HALTED',
        actor: 'anna',
        leases: hit.length,
      });
      const left = [s.alpha, s.beta].filter((id) => !hit.includes(id));
      expect(await s.store.renewLeases('engine-1', ttlMs)).toEqual(new Set(left));
      for (const id of hit) expect(await s.store.takeLease(id, 'engine-1', ttlMs)).toBeUndefined();
      for (const id of left) expect(await s.store.takeLease(id, 'engine-1', ttlMs)).toBeDefined();
    });

    it('let no decision from before them commit, nor one of their own epoch', async () => {
      await kill('global');
      expect(await verdictOf(1)).toMatchObject({ kind: 'refused', reason: 'LEASE_LOST' });
      expect(await verdictOf(2)).toMatchObject({ kind: 'refused', reason: 'HALTED' });
    });

    it('of REDUCE_ONLY leave the leases alone', async () => {
      await kill('global', 'REDUCE_ONLY');
      expect(await verdictOf(1)).toMatchObject({ kind: 'committed' });
      expect(await s.store.takeLease(s.alpha, 'engine-1', ttlMs)).toMatchObject({ epoch: 2 });
    });

    it('said twice are one, and do not raise the epoch again', async () => {
      const first = await kill('global');
      expect(await kill('global')).toEqual(first);
      expect((await s.store.standing('engine-1')).halts).toEqual([first.halt]);
      await lift('global');
      expect(await s.store.takeLease(s.alpha, 'engine-1', ttlMs)).toMatchObject({ epoch: 3 });
    });

    it('stand until they are lifted, and then the lease must be taken anew', async () => {
      await kill('global');
      await kill(`strategy:${s.alpha}`, 'CANCEL_ONLY');
      expect(await lift('global')).toMatchObject([{ scopeKey: 'global', reason: 'why' }]);
      expect(await lift('global')).toEqual([]);
      expect(await s.store.takeLease(s.alpha, 'engine-1', ttlMs)).toBeUndefined();
      expect(await verdictOf(2)).toMatchObject({ reason: 'HALTED' });
      expect(await s.store.renewLeases('engine-1', ttlMs)).toEqual(new Set());
      await lift(`strategy:${s.alpha}`);
      expect(await s.store.takeLease(s.alpha, 'engine-1', ttlMs)).toMatchObject({ epoch: 3 });
      expect(await verdictOf(3)).toMatchObject({ kind: 'committed' });
      expect((await s.store.standing('engine-1')).halts).toEqual([]);
    });

    it('are told to whoever listens when they are set and when they are lifted', async () => {
      let told = 0;
      s.store.onHalt(() => (told += 1));
      const next = async (act: () => Promise<unknown>) => {
        const before = told;
        await act();
        const until = Date.now() + 2_000;
        while (told === before && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
        return told > before;
      };
      await new Promise((resolve) => setTimeout(resolve, 300)); // The line is open by now, and has said so.
      expect(await next(() => kill('venue:elsewhere'))).toBe(true);
      expect(await next(() => lift('venue:elsewhere'))).toBe(true);
    });

    it('do not show their leases as held elsewhere', async () => {
      await kill(`strategy:${s.alpha}`);
      const { elsewhere } = await s.store.standing('engine-2');
      expect(elsewhere.map(({ strategyId }) => strategyId)).toEqual([s.beta]);
    });
  });
});
