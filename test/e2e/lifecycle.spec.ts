import { TestService } from '../support/service';

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000011';
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 2, levelSpacingBps: 5 },
  ...{ orderQuantityBase: '0.01', costMode: 'none' },
};
const terms = () => ({
  ...{ accountId: service.accountId, symbol: 'BTC/USDT', config },
  allocation: { base: '1', quote: '50000' },
});
const state = async (): Promise<string> => (await service.get(`/strategies/${id}`))['state'];
const operation = () => service.get(`/strategies/${id}/operation`);
const quotes = () =>
  service.eventually('two levels a side at the venue', () => {
    return service.atVenue().length === 4 && service.sidesAtVenue() === 'buy,sell';
  });

beforeAll(() => service.open(), 60_000);
afterAll(() => service.close(), 30_000);

describe('a strategy from plan to stop', () => {
  it('is planned without anything being stored or sent', async () => {
    const plan = await service.post('/strategies/plan', terms(), 200);
    expect(plan['quotes']).toHaveLength(4);
    expect(plan['blockers']).toEqual([]);
    expect((await service.get('/strategies'))['data']).toEqual([]);
    expect(await service.database.query('select 1 from postings where kind = $1', ['allocation'])).toEqual(
      [],
    );
    expect(service.venue.creates()).toEqual([]);
  }, 30_000);

  it('is created once per id, with its money', async () => {
    const body = { ...terms(), id, name: 'first' };
    expect(await service.post('/strategies', body, 201)).toMatchObject({ id, state: 'created' });
    expect(await service.post('/strategies', body, 200)).toMatchObject({ id });
    const other = { ...body, allocation: { base: '2', quote: '50000' } };
    expect(await service.post('/strategies', other, 409)).toMatchObject({ code: 'ID_CONFLICT' });
    const rows = await service.database.query(
      `select asset, plain(total) as total from balances where holder = $1 order by asset`,
      [`strategy:${id}`],
    );
    expect(rows).toEqual([
      { asset: 'BTC', total: '1' },
      { asset: 'USDT', total: '50000' },
    ]);
  });

  it('gets an allocation that is missing when it starts, and only once', async () => {
    const late = '01990000-0000-7000-8000-000000000012';
    await service.database.query(
      `insert into strategies (id, name, account_id, venue, symbol, config, state, allocation_base)
       select $1, 'late', account_id, venue, symbol, config, 'created', 1 from strategies where id = $2`,
      [late, id],
    );
    await service.post(`/strategies/${late}/start`, {}, 202);
    await service.post(`/strategies/${late}/stop`, {}, 202);
    const sql = `select plain(sum(quantity)) as sum from postings where holder = $1`;
    expect(await service.database.query(sql, [`strategy:${late}`])).toEqual([{ sum: '1' }]);
    await service.eventually('the late one stopped', async () => {
      return (await service.get(`/strategies/${late}`))['state'] === 'stopped';
    });
  }, 30_000);

  it('quotes both sides at the venue once it is started', async () => {
    await service.post(`/strategies/${id}/start`, {}, 202);
    await quotes();
    await service.eventually('running', async () => (await state()) === 'running');
  }, 30_000);

  it('pauses with proof and resumes', async () => {
    await service.post(`/strategies/${id}/pause`, {}, 202);
    await service.eventually('paused', async () => (await state()) === 'paused');
    expect(service.atVenue()).toEqual([]);
    await service.post(`/strategies/${id}/resume`, {}, 202);
    await quotes();
  }, 40_000);

  it('goes on after a restart of the service', async () => {
    await service.stop();
    const before = service.venue.creates().length;
    await service.start();
    // The lease of the engine that ended without a word has to run out first.
    const isNew = () => service.venue.creates().length >= before + 4;
    await service.eventually('new quotes', isNew, 45_000);
    await quotes();
    expect(service.venue.duplicateCreates()).toEqual([]);
  }, 90_000);

  it('stops when the venue shows nothing of it', async () => {
    await service.post(`/strategies/${id}/stop`, {}, 202);
    await service.eventually('the stop succeeded', async () => (await operation())['state'] === 'succeeded');
    expect(await operation()).toMatchObject({
      remaining: [],
      observed: { state: 'stopped', openOrdersCount: 0 },
    });
    expect(service.atVenue()).toEqual([]);
  }, 30_000);

  it('leaves one row of every command in the audit log', async () => {
    const rows = await service.database.query(
      `select action, detail->>'outcome' as outcome from audit_log where target = $1 and actor = 'admin' order by id`,
      [id],
    );
    expect(rows.map((row: { action: string; outcome: string }) => `${row.action} ${row.outcome}`)).toEqual([
      ...['strategy.create done', 'strategy.create done'],
      ...['strategy.start done', 'strategy.pause done', 'strategy.resume done', 'strategy.stop done'],
    ]);
  });
});
