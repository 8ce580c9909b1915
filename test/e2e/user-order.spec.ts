import BigNumber from 'bignumber.js';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { TestService } from '../support/service';

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000021';
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 1, orderQuantityBase: '0.01', costMode: 'none' },
};
const terms = () => ({
  ...{ id, userName: 'ada', label: 'savings', accountId: service.accountId, symbol: 'BTC/USDT', config },
  allocation: { base: '0.5', quote: '30000' },
});
const order = () => service.get(`/user-orders/${id}`);
const credit = (body: object, status: number) => service.post(`/user-orders/${id}/credits`, body, status);
const base = { asset: 'BTC', quantity: '0.5', externalId: 'deposit-1' };
const quote = { asset: 'USDT', quantity: '30000', externalId: 'deposit-2' };
const trades = () => service.venue.core.trades(demoAccount.apiKey, 'BTCUSDT');

beforeAll(() => service.open(), 60_000);
afterAll(() => service.close(), 30_000);

describe("a user's order from promise to proof", () => {
  it('is created once per id, without money', async () => {
    const made = await service.post('/user-orders', terms(), 201);
    expect(made).toMatchObject({ id, state: 'intent', allowed: ['cancel'], balances: [] });
    expect(await service.post('/user-orders', terms(), 201)).toMatchObject({ id });
    for (const change of [{ userName: 'bob' }, { allocation: { base: '1', quote: '1' } }]) {
      const answer = await service.post('/user-orders', { ...terms(), ...change }, 409);
      expect(answer['code']).toBe('ID_CONFLICT');
    }
  }, 30_000);

  it('does not trade before its money is complete, by neither road', async () => {
    for (const path of [`/user-orders/${id}/start`, `/strategies/${id}/start`]) {
      expect(await service.post(path, {}, 409)).toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    }
    expect(await credit(base, 200)).toMatchObject({ state: 'awaiting_funds', duplicate: false });
    expect(await service.post(`/strategies/${id}/start`, {}, 409)).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
  });

  it('counts a credit once', async () => {
    expect(await credit(base, 200)).toMatchObject({ state: 'awaiting_funds', duplicate: true });
    expect(await credit({ ...base, quantity: '0.6' }, 409)).toMatchObject({ code: 'FUNDING_CONFLICT' });
    const tooMuch = { ...quote, quantity: '99000000', externalId: 'deposit-9' };
    expect(await credit(tooMuch, 422)).toMatchObject({ code: 'ALLOCATION_EXCEEDED' });
    expect(await credit(quote, 200)).toMatchObject({ state: 'funded', allowed: ['start'] });
    expect((await order())['balances']).toEqual([
      { asset: 'BTC', total: '0.5', reserved: '0' },
      { asset: 'USDT', total: '30000', reserved: '0' },
    ]);
  });

  it('is either cancelled or credited when both are asked for at once', async () => {
    for (let n = 0; n < 6; n += 1) {
      const other = `01990000-0000-7000-8000-0000000001${n}0`;
      await service.post('/user-orders', { ...terms(), id: other }, 201);
      const asked = (path: string, body: object): Promise<number> =>
        service.post(`/user-orders/${other}/${path}`, body, 200).then(
          () => 200,
          () => 409,
        );
      const answers = await Promise.all([
        asked('credits', { ...base, quantity: '0.01', externalId: `raced-${n}` }),
        asked('cancel', {}),
      ]);
      const { state, balances } = await service.get(`/user-orders/${other}`);
      const money = state === 'cancelled' ? [] : [{ asset: 'BTC', total: '0.01', reserved: '0' }];
      expect({ balances, answers }).toEqual({
        balances: money,
        answers: state === 'cancelled' ? [409, 200] : [200, 409],
      });
    }
  }, 30_000);

  it('is not cancelled while money lies with it that it was not told of: the credit is repeated', async () => {
    const other = '01990000-0000-7000-8000-000000000990';
    await service.post('/user-orders', { ...terms(), id: other }, 201);
    const moved = { ...base, quantity: '0.01', externalId: 'half-told' };
    await service.post(`/user-orders/${other}/credits`, moved, 200);
    await service.database.query(`delete from credits where external_id = 'half-told'`); // As a crash between leaves it.
    await service.database.query(`update user_orders set state = 'intent' where id = $1`, [other]);
    expect(await service.post(`/user-orders/${other}/cancel`, {}, 409)).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
    expect(await service.post(`/user-orders/${other}/credits`, moved, 200)).toMatchObject({
      ...{ state: 'awaiting_funds', duplicate: true },
    });
  });

  it('trades, and reports its fills and money as the venue has them', async () => {
    await service.post(`/strategies/${id}/start`, {}, 202);
    await service.eventually('quotes on both sides', () => service.sidesAtVenue() === 'buy,sell');
    expect(await order()).toMatchObject({ state: 'active' });
    for (const side of ['buy', 'sell'] as const) {
      const before = trades().length;
      await service.eventually(`a fill of the ${side}`, () => {
        const own = service.atVenue().find((one) => one.side === side);
        const taker = side === 'buy' ? 'sell' : 'buy';
        if (own) service.venue.take('BTCUSDT', taker, 20_000_000, own.price);
        return trades().length > before;
      });
    }
    await service.post(`/user-orders/${id}/stop`, {}, 202);
    await service.eventually('stopped', async () => (await order())['display'] === 'stopped');
    expect(service.atVenue()).toEqual([]);
    await service.eventually(
      'every fill booked',
      async () => (await order())['fills'].count === trades().length,
    );
    const { fills, balances } = await order();
    expect(Number(fills.boughtBase)).toBeGreaterThan(0);
    expect(Number(fills.soldBase)).toBeGreaterThan(0);
    const lots = (side: string) =>
      trades()
        .filter((trade) => trade.side === side)
        .reduce((sum, trade) => sum + trade.quantity, 0);
    expect([fills.boughtBase, fills.soldBase]).toEqual(
      ['buy', 'sell'].map((side) => new BigNumber(lots(side)).times('0.00001').toFixed()),
    );
    const moved = (asset: string, start: string) => {
      const { free, locked } = service.venue.core
        .balances(demoAccount.apiKey)
        .find((row) => row.asset === asset)!;
      return new BigNumber(free).plus(locked).minus(start);
    };
    const startOf = demoAccount.balances as Record<string, string>;
    expect(balances).toEqual([
      { asset: 'BTC', total: moved('BTC', startOf['BTC']!).plus('0.5').toFixed(), reserved: '0' },
      { asset: 'USDT', total: moved('USDT', startOf['USDT']!).plus('30000').toFixed(), reserved: '0' },
    ]);
  }, 60_000);

  it('leaves rows of who asked for what', async () => {
    const rows = await service.database.query(
      `select action, detail->>'outcome' as outcome, count(*)::int as n from audit_log where target = $1
       and actor = 'admin' and action like 'user-order.%' group by 1, 2 order by 1, 2`,
      [id],
    );
    expect(rows).toEqual([
      { action: 'user-order.create', outcome: 'done', n: 2 },
      { action: 'user-order.credit', outcome: 'ALLOCATION_EXCEEDED', n: 1 },
      { action: 'user-order.credit', outcome: 'FUNDING_CONFLICT', n: 1 },
      { action: 'user-order.credit', outcome: 'done', n: 3 },
      { action: 'user-order.start', outcome: 'ILLEGAL_TRANSITION', n: 1 },
      { action: 'user-order.stop', outcome: 'done', n: 1 },
    ]);
  });
});
