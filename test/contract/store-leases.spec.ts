import type { Build } from '../../src/modules/execution/store/types';
import { describeStores, ttlMs } from '../support/store-suite';

describeStores((s) => {
  const build: Build = { id: '1.2.3', schemaVersion: 5 };
  const boot = async (name: string, of: Build) => {
    const nonces = [name.repeat(6), 'bcd'];
    const made = await s.store.registerEngine({ engineId: name, build: of }, () => nonces.shift()!, 0);
    return made.ownerId;
  };
  const take = (ownerId: string, ttl = ttlMs) => s.store.takeLease(s.alpha, ownerId, ttl);

  describe('leases', () => {
    it('gives a lease to one owner at a time, each taking with a higher epoch', async () => {
      expect(await take('engine-2')).toBeUndefined();
      expect(await take('engine-1')).toMatchObject({ epoch: 2 });
      await s.store.releaseLease(s.alpha, 'engine-2');
      expect(await take('engine-2')).toBeUndefined();
      await s.store.releaseLease(s.alpha, 'engine-1');
      expect(await take('engine-2')).toMatchObject({ epoch: 3, ownerId: 'engine-2' });
    });

    it('tells who takes over how long the lease before it had to run', async () => {
      await s.store.renewLeases('engine-1', -200);
      const taken = await take('engine-2');
      expect(taken?.predecessorExpiresInMs).toBeLessThanOrEqual(-200);
      expect(taken?.predecessorExpiresInMs).toBeGreaterThan(-10_000);
    });

    it('needs no drain after a clean release, nor when the same owner takes it anew', async () => {
      expect((await take('engine-1'))?.predecessorExpiresInMs).toBeUndefined();
      await s.store.releaseLease(s.alpha, 'engine-1');
      expect((await take('engine-2'))?.predecessorExpiresInMs).toBeUndefined();
    });

    it('keeps the drain of a dead owner through the release of its successor', async () => {
      await s.store.renewLeases('engine-1', -200);
      await take('engine-2');
      await s.store.releaseLease(s.alpha, 'engine-2');
      expect((await take('engine-3'))?.predecessorExpiresInMs).toBeGreaterThan(-10_000);
    });

    it('renews what is held and not halted', async () => {
      expect([...(await s.store.renewLeases('engine-1', ttlMs)).keys()].sort()).toEqual(
        [s.alpha, s.beta].sort(),
      );
      await s.store.kill({ scopeKey: `strategy:${s.beta}`, level: 'HALTED', reason: 'r', actor: 'a' });
      expect([...(await s.store.renewLeases('engine-1', ttlMs)).keys()].sort()).toEqual([s.alpha].sort());
      expect([...(await s.store.renewLeases('engine-2', ttlMs)).keys()].sort()).toEqual([]);
    });

    it('says the epoch of what it renews', async () => {
      await take('engine-1');
      expect((await s.store.renewLeases('engine-1', ttlMs)).get(s.alpha)).toBe(2);
    });

    it('does not renew what another owner has taken over', async () => {
      await s.store.renewLeases('engine-1', -200);
      await take('engine-2');
      expect([...(await s.store.renewLeases('engine-1', ttlMs)).keys()].sort()).toEqual([s.beta].sort());
    });

    it('names the strategies that other live engines lease', async () => {
      const { elsewhere } = await s.store.standing('engine-2');
      expect(elsewhere).toEqual([
        { strategyId: s.alpha, number: 1, accountId: s.account, ownerId: 'engine-1' },
        { strategyId: s.beta, number: 2, accountId: s.account, ownerId: 'engine-1' },
      ]);
      expect((await s.store.standing('engine-1')).elsewhere).toEqual([]);
      await s.store.renewLeases('engine-1', -200);
      expect((await s.store.standing('engine-2')).elsewhere).toEqual([]);
    });
  });

  describe('builds', () => {
    const refused = (text: string) => ({ code: 'LEASE_NOT_HELD', detail: expect.stringContaining(text) });
    const free = async () => {
      for (const id of [s.alpha, s.beta]) await s.store.releaseLease(id, 'engine-1');
    };
    const claim = (id: string, ownerId: string) => s.store.takeLease(id, ownerId, ttlMs);

    it.each([
      ['another major', { id: '2.0.0', schemaVersion: 5 }, 'build 1.2.3, schema 5'],
      ['another schema', { id: '1.2.3', schemaVersion: 6 }, 'build 1.2.3, schema 5'],
    ])('of %s do not trade side by side, whatever they lease', async (_what, other, text) => {
      await free();
      const [one, two] = [await boot('b', build), await boot('c', other)];
      expect(await claim(s.alpha, one)).toMatchObject({ ownerId: one });
      await expect(claim(s.beta, two)).rejects.toMatchObject(refused(`${one} of ${text}`));
      await expect(claim(s.alpha, two)).rejects.toMatchObject(refused(`${one} of ${text}`));
      await s.store.releaseLease(s.alpha, one);
      expect(await claim(s.beta, two)).toMatchObject({ ownerId: two });
      await expect(claim(s.alpha, one)).rejects.toMatchObject(refused(two));
    });

    it('that differ in less share the work', async () => {
      await free();
      const [one, two] = [await boot('b', build), await boot('c', { ...build, id: '1.9.0-rc.1' })];
      expect(await claim(s.alpha, one)).toMatchObject({ ownerId: one });
      expect(await claim(s.beta, two)).toMatchObject({ ownerId: two });
    });

    it('do not wait for a lease that has run out or is halted, and that one does not come back', async () => {
      await free();
      const [one, two] = [await boot('b', build), await boot('c', { ...build, id: '2.0.0' })];
      await claim(s.alpha, one);
      await s.store.kill({ scopeKey: `strategy:${s.alpha}`, level: 'HALTED', reason: 'r', actor: 'a' });
      expect(await claim(s.beta, two)).toMatchObject({ ownerId: two });
      await s.store.releaseLease(s.beta, two);
      await s.store.liftHalt({ scopeKey: `strategy:${s.alpha}`, reason: 'r', actor: 'a' });
      await claim(s.alpha, one);
      await s.store.renewLeases(one, -200);
      expect(await claim(s.beta, two)).toMatchObject({ ownerId: two });
      expect(await s.store.renewLeases(one, ttlMs)).toEqual(new Map());
      await s.store.releaseLease(s.beta, two);
      expect([...(await s.store.renewLeases(one, ttlMs)).keys()]).toEqual([s.alpha]);
    });
  });

  describe('boots', () => {
    const windowMs = 600_000;

    it('draws a nonce no boot ever had and keeps the installation', async () => {
      const draws = ['000000', 'bbbbbb', '000000', 'cccccc'];
      const next = (): string => draws.shift() ?? 'dddddd';
      const first = await s.store.registerEngine({ engineId: 'host', build }, next, windowMs);
      const second = await s.store.registerEngine({ engineId: 'host', build }, next, windowMs);
      expect(first).toMatchObject({ ownerId: 'host-000000', nonce: '000000', installation: 'bbb' });
      expect(second).toMatchObject({ ownerId: 'host-cccccc', nonce: 'cccccc', installation: 'bbb' });
    });

    it('answers a word of progress with the time of the database', async () => {
      const ownerId = await boot('h', build);
      const before = await s.store.now();
      const said = await s.store.recordProgress(ownerId);
      expect(said).toBeGreaterThanOrEqual(before);
      expect(said).toBeLessThanOrEqual(await s.store.now());
    });

    it('counts the boots of an engine that ended without a word, until a person has looked', async () => {
      const nonces = ['b', 'c', 'd', 'f', 'g', 'h', 'j'].map((letter) => letter.repeat(6));
      const boot = async (engineId: string, ms = windowMs) =>
        s.store.registerEngine({ engineId, build }, () => nonces.shift()!, ms);
      const first = await boot('host');
      expect(first.uncleanBoots).toBe(0);
      expect((await boot('host')).uncleanBoots).toBe(1);
      await s.store.markStopped(first.ownerId);
      expect((await boot('host')).uncleanBoots).toBe(1);
      expect((await boot('other')).uncleanBoots).toBe(0);
      expect((await boot('host', 0)).uncleanBoots).toBe(0);
      const scopeKey = 'engine:host';
      await s.store.kill({ scopeKey, level: 'CANCEL_ONLY', reason: 'BOOT_BREAKER', actor: 'engine' });
      await s.store.liftHalt({ scopeKey, actor: 'anna', reason: 'looked' });
      expect((await boot('host')).uncleanBoots).toBe(0);
    });
  });
});
