import { OkxMeter, accountOrders, asking, ordersOf } from './okx-meter';

const code = (act: () => void): string => {
  try {
    act();
    return '0';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('a limit counts per span, per endpoint and per user', () => {
  let now = 1_999;
  const meter = new OkxMeter(() => now);
  const ask = (who: string) => code(() => meter.charge([asking('a', who, 2)]));
  expect([ask('ann'), ask('ann'), ask('ann'), ask('bob')]).toEqual(['0', '0', '50011', '0']);
  now = 2_000;
  expect(ask('ann')).toBe('0');
});

test('a batch counts each order of each instrument, and one that passes a limit counts nothing', () => {
  const meter = new OkxMeter(() => 0);
  const place = (...ids: string[]) => code(() => meter.charge(ordersOf('orders', 'ann', 3, ids)));
  expect(place('BTC', 'BTC', 'ETH')).toBe('0');
  expect(place('BTC', 'BTC', 'ETH')).toBe('50011');
  expect(place('BTC', 'ETH', 'ETH')).toBe('0');
  expect(place('SOL')).toBe('0');
});

test('the account has a limit of its own over everything it orders', () => {
  const meter = new OkxMeter(() => 0);
  const place = (count: number) => code(() => meter.charge([accountOrders('ann', count)]));
  expect([place(600), place(400), place(1)]).toEqual(['0', '0', '50061']);
});
