import { authenticate, loginOf } from './okx.signature';

const key = { secret: '22582BD0CFF14C41EDBF1AB98506286D', passphrase: 'phrase' };
const keys = new Map([['key', key]]);
const timestamp = '2020-12-08T09:08:57.715Z';
const now = Date.parse(timestamp);

/** Signed apart, with `openssl dgst -sha256 -hmac`. */
const signs = {
  get: 'HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=',
  post: 'YQ/tkEzvXm0I2aOIDXzW4cvOJ+Hn6Vy0Xqh6kJ1Nu7g=',
  prefixed: 'VF0qRY2+Xtk9DhcTeGMDRE88R4CXpHuhSrN7QEnQCp4=',
  login: '0vjUjLrA6Rxym2CT08KxFZ5U92xuS0FYHMvxJS17GwM=',
};
const get = { method: 'GET', path: '/api/v5/account/balance', query: 'ccy=BTC', body: '' };
const post = { method: 'POST', path: '/api/v5/trade/order', query: '', body: '{"instId":"BTC-USDT"}' };

test.each([
  [get, signs.get],
  [post, signs.post],
  [get, signs.prefixed],
])('time, method, path with query, and body are signed', (request, sign) => {
  const headers = { 'ok-access-key': 'key', 'ok-access-passphrase': 'phrase' };
  const all = { ...headers, 'ok-access-timestamp': timestamp, 'ok-access-sign': sign };
  expect(authenticate({ ...request, headers: all }, keys, now + 30_000)).toBe('key');
  const refused = (change: object, at = now) => {
    expect(() => authenticate({ ...request, headers: all, ...change }, keys, at)).toThrow();
  };
  refused({ path: '/api/v5/account/config' });
  refused({ body: '{}' });
  refused({ query: 'ccy=ETH' });
  refused({}, now + 30_001);
  refused({}, now - 30_001);
});

test('a login signs its seconds as they were written', () => {
  const args = { apiKey: 'key', passphrase: 'phrase', timestamp: '1607418537', sign: signs.login };
  expect(loginOf(args, keys, now)).toEqual({ account: 'key' });
  expect(loginOf({ ...args, timestamp: 1_607_418_537 }, keys, now)).toEqual({ account: 'key' });
  expect(loginOf({ ...args, timestamp: '1607418537.0' }, keys, now)).toMatchObject({ code: '60007' });
  expect(loginOf(args, keys, now + 40_000)).toMatchObject({ code: '60006' });
});
