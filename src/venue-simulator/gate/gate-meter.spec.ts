import { GateRefusal } from './gate-errors';
import { GateMeter, asking, cancelling, placing } from './gate-meter';

function meterAt(start: number) {
  const clock = { now: start };
  return { clock, meter: new GateMeter(() => clock.now) };
}

const refusalOf = (act: () => unknown): GateRefusal => {
  try {
    act();
  } catch (error) {
    return error as GateRefusal;
  }
  throw new Error('nothing was refused');
};

test('headers say what is left, and when the limit is new once it has been passed', () => {
  const { clock, meter } = meterAt(5_250);
  expect(meter.charge([placing('ann', 'BTC_USDT', 4)])).toEqual({
    'X-Gate-RateLimit-Requests-Remain': '6',
    'X-Gate-RateLimit-Limit': '10',
    'X-Gate-RateLimit-Reset-Timestamp': '6',
  });
  const refusal = refusalOf(() => meter.charge([placing('ann', 'BTC_USDT', 7)]));
  expect(refusal).toMatchObject({ status: 429, label: 'TOO_MANY_REQUESTS' });
  expect(refusal.headers).toMatchObject({
    'X-Gate-RateLimit-Requests-Remain': '0',
    'X-Gate-RateLimit-Reset-Timestamp': '6',
  });
  meter.charge([placing('ann', 'BTC_USDT', 6)]);
  clock.now = 6_000;
  expect(meter.charge([placing('ann', 'BTC_USDT', 10)])).toMatchObject({
    'X-Gate-RateLimit-Requests-Remain': '0',
  });
});

test.each([
  ['another user', placing('bob', 'BTC_USDT', 10)],
  ['another pair', placing('ann', 'ETH_USDT', 10)],
  ['cancels', cancelling('ann')],
  ['questions', asking('GET /spot/orders', 'ann')],
])('what is spent on orders is not taken from %s', (_what, charge) => {
  const { meter } = meterAt(1_000);
  meter.charge([placing('ann', 'BTC_USDT', 10)]);
  expect(() => meter.charge([charge])).not.toThrow();
});

test('a batch over several pairs counts in all of them or in none', () => {
  const { meter } = meterAt(1_000);
  meter.charge([placing('ann', 'ETH_USDT', 9)]);
  expect(() => meter.charge([placing('ann', 'BTC_USDT', 5), placing('ann', 'ETH_USDT', 2)])).toThrow(
    GateRefusal,
  );
  expect(() => meter.charge([placing('ann', 'BTC_USDT', 10)])).not.toThrow();
});

test('an endpoint is asked 200 times in ten seconds', () => {
  const { clock, meter } = meterAt(20_000);
  for (let i = 0; i < 200; i += 1) meter.charge([asking('GET /spot/time')]);
  expect(() => meter.charge([asking('GET /spot/time')])).toThrow(GateRefusal);
  clock.now = 30_000;
  expect(() => meter.charge([asking('GET /spot/time')])).not.toThrow();
});
