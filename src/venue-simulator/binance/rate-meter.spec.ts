import { limits, RateMeter } from './rate-meter';

let now = 1_000_000_020_000;
let meter: RateMeter;

beforeEach(() => {
  now = 1_000_000_020_000;
  meter = new RateMeter(() => now);
});

const refusalOf = (act: () => void): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
};

it('takes weight up to the limit, refuses above it, and forgets with the minute', () => {
  meter.charge(limits.weightPerMinute);
  expect(refusalOf(() => meter.charge(1))).toMatchObject({ status: 429, code: -1003 });
  const wait = Number(
    (refusalOf(() => meter.charge(1)) as { headers: Record<string, string> }).headers['retry-after'],
  );
  now += wait * 1_000;
  expect(refusalOf(() => meter.charge(1))).toBeUndefined();
  expect(meter.weightHeader()).toEqual({ 'X-MBX-USED-WEIGHT-1M': '1' });
});

it('bans an address that keeps asking, past the end of the minute', () => {
  meter.charge(limits.weightPerMinute);
  for (let i = 0; i < 20; i += 1) expect(refusalOf(() => meter.charge(1))).toMatchObject({ status: 429 });
  expect(refusalOf(() => meter.charge(1))).toMatchObject({ status: 418, headers: { 'retry-after': '120' } });
  now += 119_000;
  expect(refusalOf(() => meter.charge(1))).toMatchObject({ status: 418 });
  now += 1_000;
  expect(refusalOf(() => meter.charge(1))).toBeUndefined();
});

it('counts orders per account and not the refused ones', () => {
  for (let i = 0; i < limits.ordersPer10s; i += 1) meter.chargeOrder('a');
  expect(refusalOf(() => meter.chargeOrder('a'))).toMatchObject({ code: -1015 });
  expect(meter.orderCounts('a')).toEqual({ per10s: 100, perDay: 100 });
  expect(refusalOf(() => meter.chargeOrder('b'))).toBeUndefined();
  now += 10_000;
  expect(refusalOf(() => meter.chargeOrder('a'))).toBeUndefined();
  expect(meter.orderHeaders('a')).toEqual({ 'X-MBX-ORDER-COUNT-10S': '1', 'X-MBX-ORDER-COUNT-1D': '101' });
});
