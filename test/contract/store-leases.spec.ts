import type { Build } from '../../src/modules/execution/store/types';
import { deadlineMs, describeStores, ttlMs } from '../support/store-suite';

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${what}`);
};

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

    it('keeps what the same owner has taken anew when the epoch before is given back', async () => {
      const first = await take('engine-1');
      await take('engine-1');
      await s.store.releaseLease(s.alpha, 'engine-1', { epoch: first!.epoch });
      expect(await take('engine-2')).toBeUndefined();
      await s.store.releaseLease(s.alpha, 'engine-1', { epoch: first!.epoch + 1 });
      expect(await take('engine-2')).toMatchObject({ epoch: first!.epoch + 2 });
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

    it('forgets a dead owner once its death is said to be over, and only if the lease is given back by it', async () => {
      await s.store.renewLeases('engine-1', -200);
      const taken = await take('engine-2');
      await s.store.releaseLease(s.alpha, 'engine-1', { isDeathOver: true });
      await s.store.releaseLease(s.alpha, 'engine-2', { epoch: taken!.epoch - 1, isDeathOver: true });
      const again = await take('engine-2');
      expect(again?.predecessorExpiresInMs).toBeLessThanOrEqual(-200);
      await s.store.releaseLease(s.alpha, 'engine-2', { epoch: again!.epoch, isDeathOver: true });
      expect((await take('engine-3'))?.predecessorExpiresInMs).toBeUndefined();
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

  describe('a handover', () => {
    const offerMs = 60_000;
    const offer = (ownerId = 'engine-1', ms = offerMs) => s.store.handOver(s.alpha, ownerId, ms);
    const offered = async () => (await s.store.standing('engine-2')).offered;

    it('is told to the next owner, once, and needs no drain', async () => {
      expect(await offer()).toBe(true);
      expect(await take('engine-2')).toMatchObject({
        ...{ epoch: 2, isHandover: true, predecessorExpiresInMs: undefined },
      });
      expect(await take('engine-2')).toMatchObject({ epoch: 3, isHandover: false });
      await s.store.releaseLease(s.alpha, 'engine-2');
      expect(await take('engine-3')).toMatchObject({ epoch: 4, isHandover: false });
    });

    it('is none where a lease was released, ran out or was never held', async () => {
      expect(await s.store.handOver(s.alpha, 'engine-2', offerMs)).toBe(false);
      await s.store.renewLeases('engine-1', -200);
      expect(await offer()).toBe(false);
      expect(await take('engine-2')).toMatchObject({ isHandover: false });
      await s.store.releaseLease(s.alpha, 'engine-2');
      expect(await offer('engine-2')).toBe(false);
      expect(await take('engine-3')).toMatchObject({ isHandover: false });
    });

    it('can be taken back by whoever made it, and by one engine only', async () => {
      await offer();
      expect(await take('engine-1')).toMatchObject({ epoch: 2, isHandover: true });
      expect(await take('engine-2')).toBeUndefined();
    });

    it('shows what is offered, to everybody, until it is taken', async () => {
      expect(await offered()).toEqual([]);
      await offer();
      expect(await offered()).toEqual([{ strategyId: s.alpha, number: 1, accountId: s.account }]);
      expect((await s.store.standing('engine-2')).elsewhere.map(({ strategyId }) => strategyId)).toEqual([
        s.beta,
      ]);
      expect((await s.store.standing('engine-1')).offered).toHaveLength(1);
      await take('engine-2');
      expect(await offered()).toEqual([]);
    });

    it('lapses: who takes it later takes what a dead engine left', async () => {
      expect(await offer('engine-1', -1)).toBe(true);
      expect(await offered()).toEqual([]);
      expect(await take('engine-2')).toMatchObject({ epoch: 2, isHandover: false });
    });

    it('is refused while the venue was not seen to show an order on record', async () => {
      const order = s.order(s.alpha);
      await s.commit(order);
      expect(await offer()).toBe(false);
      expect(await take('engine-2')).toBeUndefined();
      await s.commit(s.order(s.beta));
      await s.store.recordAcks([{ clientOrderId: order.clientOrderId, venueOrderId: 'v-1' }]);
      expect(await offer()).toBe(true);
    });

    it('goes on past an order that has a fill, or has ended', async () => {
      const [filled, over] = [s.order(s.alpha), s.order(s.alpha, { slotKey: 'bid-1' })];
      await s.commit(filled, over);
      await s.book(s.fillOf(filled));
      expect(await offer()).toBe(false);
      await s.end(over, 'rejected');
      expect(await offer()).toBe(true);
      expect(await s.read(filled)).toMatchObject({ epoch: 1, slotKey: 'bid-0', ended: undefined });
    });

    it('leaves no authority behind: nothing commits between two owners, nor under the old epoch', async () => {
      await offer();
      const commit = async (part: object) =>
        (await s.store.commitIntents([s.batch(s.alpha, [s.order(s.alpha)], part)], deadlineMs)).get(s.alpha);
      expect(await commit({})).toMatchObject({ kind: 'refused', reason: 'LEASE_LOST' });
      await take('engine-2');
      expect(await commit({})).toMatchObject({ kind: 'refused', reason: 'LEASE_LOST' });
      expect(await commit({ ownerId: 'engine-2', epoch: 2 })).toMatchObject({ kind: 'committed' });
    });

    it('ends under a halt: whoever takes the lease after it finds nothing left to him', async () => {
      await offer();
      const scopeKey = `strategy:${s.alpha}`;
      await s.store.kill({ scopeKey, level: 'HALTED', reason: 'r', actor: 'a' });
      expect(await offered()).toEqual([]);
      expect(await take('engine-2')).toBeUndefined();
      await s.store.liftHalt({ scopeKey, reason: 'r', actor: 'a' });
      expect(await take('engine-2')).toMatchObject({ epoch: 3, isHandover: false });
    });

    it('is refused under a halt', async () => {
      await s.store.kill({ scopeKey: `strategy:${s.alpha}`, level: 'CANCEL_ONLY', reason: 'r', actor: 'a' });
      expect(await offer()).toBe(false);
    });

    it('keeps the drain of an owner that died before the one that hands over', async () => {
      await s.store.renewLeases('engine-1', -200);
      await take('engine-2');
      expect(await offer('engine-2')).toBe(true);
      const taken = await take('engine-3');
      expect(taken).toMatchObject({ isHandover: true });
      expect(taken?.predecessorExpiresInMs).toBeLessThanOrEqual(-200);
    });

    it('is told to who listens for halts', async () => {
      let told = 0;
      s.store.onHalt(() => (told += 1));
      await until('listens', async () => {
        await s.store.liftHalt({ scopeKey: 'global', reason: 'r', actor: 'a' });
        await s.store.kill({ scopeKey: 'owner:nobody', level: 'REDUCE_ONLY', reason: 'r', actor: 'a' });
        await s.store.liftHalt({ scopeKey: 'owner:nobody', reason: 'r', actor: 'a' });
        return told > 0;
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const before = told;
      await offer();
      await until('told', async () => told > before);
    });

    it('lets an engine of another build in once it holds nothing more', async () => {
      for (const id of [s.alpha, s.beta]) await s.store.releaseLease(id, 'engine-1');
      const [one, two] = [await boot('b', build), await boot('c', { ...build, schemaVersion: 6 })];
      for (const id of [s.alpha, s.beta]) await s.store.takeLease(id, one, ttlMs);
      expect(await s.store.handOver(s.alpha, one, offerMs)).toBe(true);
      await expect(take(two)).rejects.toMatchObject({ code: 'LEASE_NOT_HELD' });
      expect(await s.store.handOver(s.beta, one, offerMs)).toBe(true);
      expect(await take(two)).toMatchObject({ isHandover: true });
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

    it('knows a boot again whose record was lost, and keeps one that it has', async () => {
      const lost = { ownerId: 'lost-kkkkkk', nonce: 'kkkkkk' };
      await s.store.rejoin(lost, { engineId: 'lost', build });
      await s.store.rejoin(lost, { engineId: 'lost', build });
      await s.store.releaseLease(s.alpha, 'engine-1');
      expect(await take(lost.ownerId)).toBeDefined();
      const older = await boot('m', { id: '0.1.0', schemaVersion: 5 });
      await expect(take(older)).rejects.toThrow(/1\.2\.3/);
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
