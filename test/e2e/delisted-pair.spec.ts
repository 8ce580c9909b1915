import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { TestService } from '../support/service';

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000031';
const config = {
  ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 2, levelSpacingBps: 5 },
  ...{ orderQuantityBase: '0.01', costMode: 'none' },
};
const strategy = () => service.get(`/strategies/${id}`);

beforeAll(async () => {
  await service.open();
  const body = { accountId: service.accountId, symbol: 'BTC/USDT', config, id, name: 'leaving' };
  await service.post('/strategies', { ...body, allocation: { base: '1', quote: '50000' } }, 201);
  await service.post(`/strategies/${id}/start`, {}, 202);
  await service.eventually('quotes', () => service.sidesAtVenue() === 'buy,sell', 30_000);
}, 90_000);
afterAll(() => service.close(), 30_000);

it('stops with a reason and with every order proved ended', async () => {
  const [gone] = service.atVenue();
  service.venue.changeMarket('BTCUSDT', { status: 'DELISTED' });
  service.venue.core.cancel({ account: demoAccount.apiKey, symbol: 'BTCUSDT', orderId: gone!.orderId });
  service.venue.pushMid('BTCUSDT', 30); // The next quote is refused, and the pair looked for.
  await service.eventually('paused', async () => (await strategy())['state'] === 'paused', 30_000);
  expect(await strategy()).toMatchObject({
    desiredState: 'paused',
    stateReason: {
      code: 'PAUSED_BY_RISK',
      detail: expect.stringContaining('WIND_DOWN: BTC/USDT is not listed'),
    },
  });
  expect(service.atVenue()).toEqual([]);
  const open = 'select client_order_id from client_orders where ended_why is null';
  expect(await service.database.query(open)).toEqual([]);
}, 60_000);
