import { randomUUID } from 'node:crypto';
import { demoAccounts } from '../../src/venue-simulator/venue-accounts';
import type { Json } from '../support/demo-app';
import { TestService } from '../support/service';

const service = new TestService();
const { okx, gate } = demoAccounts;
const ofOkx = {
  ...{ name: 'okx-main', venue: 'okx', environment: 'sim', apiKey: okx.apiKey },
  ...{ apiSecret: okx.secret, passphrase: okx.passphrase },
};
const ofGate = {
  ...{ name: 'gate-main', venue: 'gate', environment: 'sim', apiKey: gate.apiKey, apiSecret: gate.secret },
};
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 1, orderQuantityBase: '0.1', costMode: 'none' },
};

const get = (path: string, status?: number): Promise<Json> => service.get(path, status);
const post = (path: string, body: object, status: number): Promise<Json> => service.post(path, body, status);
const remove = (path: string, status: number): Promise<Json> => service.delete(path, {}, status);

const problemCodes = async (id: string): Promise<readonly string[]> =>
  (await get(`/accounts/${id}`)).problems.map(({ code }: Json) => code);
const fieldsOf = (body: Json): readonly string[] =>
  body.errors.map(({ pointer, code }: Json) => `${pointer} ${code}`);

beforeAll(() => service.open(), 60_000);
afterAll(() => service.close(), 30_000);

describe('a key that is not kept', () => {
  it.each([
    ['okx', { ...ofOkx, apiSecret: 'wrong-secret' }],
    ['okx', { ...ofOkx, passphrase: 'wrong-phrase' }],
    ['okx', { ...ofOkx, apiKey: 'nobodys-key' }],
    ['gate', { ...ofGate, apiSecret: 'wrong-secret' }],
    ['gate', { ...ofGate, apiKey: 'nobodys-key' }],
    ['binance', { ...ofGate, venue: 'binance', apiSecret: 'wrong-secret' }],
    ['binance', { ...ofGate, venue: 'binance', apiKey: 'nobodys-key' }],
  ])('is one that %s refuses: %j', async (venue, body) => {
    const problem = await post('/accounts', body, 422);
    expect(problem.code).toBe('CREDENTIAL_CHECK_FAILED');
    expect(problem.detail).toMatch(new RegExp(`^${venue} refuses the key: `));
    expect(fieldsOf(problem)).toEqual(['/apiKey KEY_REJECTED']);
    expect(JSON.stringify(problem)).not.toContain(body.apiSecret);
    expect((await get('/accounts')).data).toHaveLength(1);
  });

  it.each([
    [{ ...ofOkx, passphrase: undefined }, 422, 'REQUIRED'],
    [{ ...ofGate, passphrase: 'a phrase' }, 400, 'UNKNOWN_FIELD'],
    [{ ...ofGate, venue: 'nowhere' }, 422, 'OUT_OF_RANGE'],
    [{ ...ofGate, environment: 'live' }, 422, 'MODE_NOT_ALLOWED'],
    [{ ...ofGate, environment: 'sandbox' }, 422, 'ENVIRONMENT_NOT_SUPPORTED'],
  ])('is one whose body is wrong: %j', async (body, status, code) => {
    expect((await post('/accounts', body, status)).code).toBe(code);
  });

  it('is one of a venue that does not answer', async () => {
    service.venue.wire.answerNext(9, {
      ...{ method: 'GET', path: '/gate/', isExecuted: false, status: 502, headers: {} },
      ...{ body: 'given', text: '<html>Bad gateway</html>' },
    });
    const problem = await post('/accounts', ofGate, 503);
    service.venue.wire.clear();
    expect(problem.code).toBe('VENUE_UNAVAILABLE');
    expect((await get('/accounts')).data).toHaveLength(1);
  });
});

describe('an account that is added while the engine runs', () => {
  const id = randomUUID();

  it('is kept once, with what was looked at, and never shows its secrets', async () => {
    const made = await post('/accounts', { ...ofOkx, id }, 201);
    expect(made).toMatchObject({ id, name: 'okx-main', venue: 'okx', keyHint: '…-key' });
    expect(made.checks.map(({ check, ok }: Json) => [check, ok])).toEqual([
      ['reachable', true],
      ['key_valid', true],
      ['clock_skew', true],
      ['withdraw_off', null],
    ]);
    await post('/accounts', { ...ofOkx, id }, 200);
    const other = { ...ofOkx, id, passphrase: 'another' };
    expect((await post('/accounts', other, 409)).code).toBe('ID_CONFLICT');
    expect((await post('/accounts', { ...ofGate, name: 'okx-main' }, 409)).code).toBe('NAME_TAKEN');
    const twin = await post('/accounts', { ...ofOkx, name: 'twin' }, 409);
    expect(twin.code).toBe('ACCOUNT_ALREADY_REGISTERED');
    const rows = await service.database.query('select * from exchange_accounts');
    const log = await service.database.query("select * from audit_log where action like 'account.%'");
    const shown = [made, await get('/accounts'), await get(`/accounts/${id}`), rows, log];
    for (const secret of [okx.secret, okx.passphrase, 'wrong-secret', 'wrong-phrase'])
      expect(JSON.stringify(shown)).not.toContain(secret);
    expect(log.map((row: Json) => row.detail.outcome)).toEqual(
      expect.arrayContaining(['done', 'CREDENTIAL_CHECK_FAILED', 'ID_CONFLICT']),
    );
  });

  it('two calls at once keep it once', async () => {
    const body = { ...ofGate, id: randomUUID() };
    const statuses = await Promise.all(
      [1, 2].map(() =>
        post('/accounts', body, 201).then(
          () => 201,
          () => 200,
        ),
      ),
    );
    expect(statuses.sort()).toEqual([200, 201]);
    await remove(`/accounts/${body.id}`, 204);
  });

  it('can be added at venues whose switches and keys are known beforehand', async () => {
    const { data } = (await get('/venues')) as {
      data: readonly { id: string; needsPassphrase: boolean; capabilities: Record<string, unknown> }[];
    };
    const offered = data.map(({ id: venue, needsPassphrase, capabilities }) => [
      ...[venue, needsPassphrase, capabilities['cancelAllAfter']],
    ]);
    expect(offered.slice(0, 4)).toEqual([
      ['binance', false, 'none'],
      ['okx', true, 'account'],
      ['gate', false, 'instrument'],
      ['bybit', false, 'none'],
    ]);
    expect(offered).toHaveLength(8);
  });

  it('is declared dedicated and shared again, and a repeated create changes nothing of it', async () => {
    expect(await get(`/accounts/${id}`)).toMatchObject({ dedicated: false, deadMan: { state: 'off' } });
    expect(await service.patch(`/accounts/${id}`, { dedicated: true }, 200)).toMatchObject({
      dedicated: true,
    });
    expect(await post('/accounts', { ...ofOkx, id }, 200)).toMatchObject({ dedicated: true });
    expect(fieldsOf(await service.patch(`/accounts/${id}`, { dedicated: 'yes' }, 400))).toEqual([
      '/dedicated TYPE_MISMATCH',
    ]);
    await service.patch(`/accounts/${id}`, { apiSecret: 'x', dedicated: true }, 400);
    await service.patch(`/accounts/${randomUUID()}`, { dedicated: true }, 404);
    expect(await service.patch(`/accounts/${id}`, { dedicated: false }, 200)).toMatchObject({
      dedicated: false,
    });
    const done = "select count(*)::int as n from audit_log where action = 'account.change'";
    expect((await service.database.query(done))[0].n).toBeGreaterThanOrEqual(2);
  });

  it('is traded on without a restart', async () => {
    await service.eventually('ok', async () => (await get(`/accounts/${id}`)).status === 'ok');
    const strategy = randomUUID();
    const terms = { accountId: id, symbol: 'ETH/USDT', config, allocation: { base: '10', quote: '50000' } };
    await post('/strategies', { id: strategy, name: 'added', ...terms }, 201);
    await post(`/strategies/${strategy}/start`, {}, 202);
    const open = () => service.venue.core.openOrders(okx.apiKey);
    await service.eventually('both sides rest', () => new Set(open().map(({ side }) => side)).size === 2);
    expect((await remove(`/accounts/${id}`, 409)).code).toBe('ACCOUNT_IN_USE');
    await post(`/strategies/${strategy}/stop`, {}, 202);
    await service.eventually('stopped', async () => {
      return (await get(`/strategies/${strategy}`)).state === 'stopped';
    });
  }, 40_000);

  it('says that the key was revoked and since when, and goes on when it is back', async () => {
    service.venue.keys.revoke(okx.apiKey);
    service.venue.faults.cutSockets('private');
    await service.eventually('blocked', async () => (await problemCodes(id)).includes('KEY_REJECTED'));
    const [problem] = (await get(`/accounts/${id}`)).problems.filter(
      ({ code }: Json) => code === 'KEY_REJECTED',
    );
    expect(problem.text).toMatch(/^The venue refuses the API key: /);
    expect(Math.abs(problem.sinceMs - Date.now())).toBeLessThan(15_000);
    const probed = await post(`/accounts/${id}/probe`, {}, 200);
    expect(probed.checks.find(({ check }: Json) => check === 'key_valid').ok).toBe(false);
    service.venue.keys.restore(okx.apiKey);
    await post(`/accounts/${id}/probe`, {}, 200);
    await service.eventually('ok', async () => (await get(`/accounts/${id}`)).status === 'ok');
  }, 40_000);

  it('is removed with its key, and its sockets are closed', async () => {
    const sockets = () => service.venue.wire.counts()['/okx/ws/v5/private']?.open;
    expect(sockets()).toBe(1);
    await remove(`/accounts/${id}`, 204);
    await get(`/accounts/${id}`, 404);
    await service.eventually('no socket of it', () => sockets() === 0);
    const [row] = await service.database.query('select * from exchange_accounts where id = $1', [id]);
    expect([row.api_key, row.secret_encrypted]).toEqual(['', '']);
    // The name and the key are free again.
    const again = await post('/accounts', ofOkx, 201);
    await remove(`/accounts/${again.id}`, 204);
  }, 30_000);
});
