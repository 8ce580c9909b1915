import { describeStores, ttlMs } from '../support/store-suite';

describeStores((s) => {
  const armed = (ownerId = 'engine-1', dueInMs = 30_000) => ({ ownerId, dueInMs, places: ['BTC/USDT', '*'] });
  const rows = async () => (await s.store.standing('engine-2')).switches;

  describe('the switches of venues', () => {
    it('is not recorded on an account that is not declared dedicated', async () => {
      expect(await s.store.recordSwitch(s.account, armed())).toBe(false);
      await s.bench.dedicate(s.account, false);
      expect(await s.store.recordSwitch(s.account, armed())).toBe(false);
      expect(await rows()).toEqual([]);
    });

    it('is recorded for the one owner of every live lease, and told to all', async () => {
      await s.bench.dedicate(s.account, true);
      expect(await rows()).toEqual([{ accountId: s.account, isDedicated: true, armed: null }]);
      expect(await s.store.recordSwitch(s.account, armed('engine-2'))).toBe(false);
      expect(await s.store.recordSwitch(s.account, armed())).toBe(true);
      const [row] = await rows();
      expect(row).toMatchObject({
        accountId: s.account,
        armed: { ownerId: 'engine-1', places: ['BTC/USDT', '*'] },
      });
      expect(row!.armed!.dueInMs).toBeGreaterThan(28_000);
      expect(row!.armed!.dueInMs).toBeLessThanOrEqual(30_000);
      await s.store.recordSwitch(s.account, armed('engine-1', -2_000));
      expect((await rows())[0]!.armed!.dueInMs).toBeLessThanOrEqual(-2_000);
    });

    it('is not recorded while another owner holds a lease of the account, and is by its heir', async () => {
      await s.bench.dedicate(s.account, true);
      await s.store.recordSwitch(s.account, armed());
      await s.store.releaseLease(s.beta, 'engine-1');
      await s.store.takeLease(s.beta, 'engine-2', ttlMs);
      expect(await s.store.recordSwitch(s.account, armed())).toBe(false);
      expect(await s.store.recordSwitch(s.account, armed('engine-2'))).toBe(false);
      await s.store.releaseLease(s.alpha, 'engine-1');
      expect(await s.store.recordSwitch(s.account, armed('engine-2'))).toBe(true);
      await s.store.forgetSwitch(s.account, 'engine-1');
      expect(await rows()).toMatchObject([{ armed: { ownerId: 'engine-2' } }]);
      await s.store.forgetSwitch(s.account, 'engine-2');
      expect(await rows()).toMatchObject([{ armed: null }]);
    });

    it('is renewed by an owner that leaves, beside its heir, until it has no lease or the heir has it', async () => {
      await s.bench.dedicate(s.account, true);
      await s.store.releaseLease(s.beta, 'engine-1');
      await s.store.takeLease(s.beta, 'engine-2', ttlMs);
      expect(await s.store.recordSwitch(s.account, armed(), true)).toBe(false);
      await s.store.releaseLease(s.beta, 'engine-2');
      expect(await s.store.recordSwitch(s.account, armed())).toBe(true);
      await s.store.takeLease(s.beta, 'engine-2', ttlMs);
      expect(await s.store.recordSwitch(s.account, armed('engine-2'), true)).toBe(false);
      expect(await s.store.recordSwitch(s.account, armed('engine-1', 20_000), true)).toBe(true);
      expect((await rows())[0]!.armed!.dueInMs).toBeLessThanOrEqual(20_000);
      await s.store.releaseLease(s.alpha, 'engine-1');
      expect(await s.store.recordSwitch(s.account, armed(), true)).toBe(false);
      expect(await s.store.recordSwitch(s.account, armed('engine-2'))).toBe(true);
      expect(await s.store.recordSwitch(s.account, armed(), true)).toBe(false);
    });

    it('is not recorded under a halt, nor by an owner whose leases have run out', async () => {
      await s.bench.dedicate(s.account, true);
      await s.store.renewLeases('engine-1', -200);
      expect(await s.store.recordSwitch(s.account, armed())).toBe(false);
      await s.store.renewLeases('engine-1', ttlMs);
      expect(await s.store.recordSwitch(s.account, armed())).toBe(true);
      await s.store.kill({ scopeKey: `account:${s.account}`, level: 'CANCEL_ONLY', reason: 'r', actor: 'a' });
      expect(await s.store.recordSwitch(s.account, armed())).toBe(false);
    });

    it('stays known of an account that is not dedicated any more', async () => {
      await s.bench.dedicate(s.account, true);
      await s.store.recordSwitch(s.account, armed());
      await s.bench.dedicate(s.account, false);
      expect(await rows()).toMatchObject([{ isDedicated: false, armed: { ownerId: 'engine-1' } }]);
    });
  });
});
