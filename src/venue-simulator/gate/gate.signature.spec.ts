import { createHash, createHmac } from 'node:crypto';
import { authenticate, checkValid, validityOf } from './gate.signature';

const secrets = new Map([['key', 'secret']]);

/** The two examples of the public documents. */
test.each([
  [
    {
      method: 'GET',
      path: '/api/v4/futures/orders',
      query: 'contract=BTC_USD&status=finished&limit=50',
      body: '',
    },
    '55f84ea195d6fe57ce62464daaa7c3c02fa9d1dde954e4c898289c9a2407a3d6fb3faf24deff16790d726b66ac9f74526668b13bd01029199cc4fcc522418b8a',
  ],
  [
    {
      ...{ method: 'POST', path: '/api/v4/futures/orders', query: '' },
      body: '{"contract":"BTC_USD","type":"limit","size":100,"price":6800,"time_in_force":"gtc"}',
    },
    'eae42da914a590ddf727473aff25fc87d50b64783941061f47a3fdb92742541fc4c2c14017581b4199a1418d54471c269c03a38d788d802e2c306c37636389f0',
  ],
])('a documented example is signed right', (request, sign) => {
  const headers = { key: 'key', timestamp: '1541993715', sign };
  expect(authenticate({ ...request, headers }, secrets)).toBe('key');
  const other = { ...request, path: '/api/v4/spot/orders', headers };
  expect(() => authenticate(other, secrets)).toThrow(
    expect.objectContaining({ label: 'INVALID_SIGNATURE' }) as Error,
  );
});

test.each([
  ['/api/v4/spot/time', true],
  ['/gate/api/v4/spot/time', true],
  ['/okx/api/v4/spot/time', false],
])('a client that signs %s is let in: %s', (signedPath, isRight) => {
  const hash = createHash('sha512').update('').digest('hex');
  const text = `GET\n${signedPath}\n\n${hash}\n1000`;
  const sign = createHmac('sha512', 'secret').update(text).digest('hex');
  const request = { method: 'GET', path: '/api/v4/spot/time', query: '', body: '' };
  const enter = () => authenticate({ ...request, headers: { key: 'key', timestamp: '1000', sign } }, secrets);
  if (isRight) expect(enter()).toBe('key');
  else expect(enter).toThrow('Signature mismatch');
});

test.each([
  [1_060_000, undefined, undefined],
  [1_061_000, undefined, 'REQUEST_EXPIRED'],
  [939_000, undefined, 'REQUEST_EXPIRED'],
  [1_000_500, '1000500', undefined],
  [1_000_501, '1000500', 'REQUEST_EXPIRED'],
])('at %i a request of second 1000 with expiry %s is refused with %s', (now, expiry, label) => {
  const headers = { timestamp: '1000', ...(expiry === undefined ? {} : { 'x-gate-exptime': expiry }) };
  const validity = validityOf({ method: 'GET', path: '', query: '', body: '', headers });
  const check = () => checkValid(validity, now);
  if (label === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ label, status: 403 }) as Error);
});
