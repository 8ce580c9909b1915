import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import type { VirtualRuntime } from '../../../runtime/virtual-runtime';
import { RateLimiter } from './rate-limiter.service';
import type { RateRequest } from './rate-limiter.service';

const address = 'binance:sim';
let runtime: VirtualRuntime;
let limiter: RateLimiter;
let log: string[];

beforeEach(() => {
  runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  limiter = new RateLimiter(runtime);
  limiter.configure(address, { weightPerMinute: 100, ordersPer10s: 10, ordersPerDay: 1_000 });
  log = [];
});

/** Asks, and logs the name when granted or `name!` when refused. */
function ask(
  priority: RateRequest['priority'],
  weight: number,
  forMs = 120_000,
  name: string = priority,
): void {
  const sendBy = runtime.monotonic() + forMs;
  void limiter
    .take({ address, account: 'a', priority, weight, sendBy })
    .then((refused) => log.push(refused === undefined ? name : `${name}!`));
}

it('serves cancel, query, create, snapshot in this order whatever the order of asking', async () => {
  limiter.feedback({ address, status: 429, headers: { 'retry-after': '1' } });
  ask('snapshot', 5);
  ask('create', 1);
  ask('query', 4);
  ask('cancel', 1);
  await runtime.advance(999);
  expect(log).toEqual([]);
  await runtime.advance(2);
  expect(log).toEqual(['cancel', 'query', 'create', 'snapshot']);
});

it('keeps a reserve that only cancels may spend', async () => {
  ask('query', 70);
  ask('query', 1, 120_000, 'second');
  ask('cancel', 40);
  await runtime.advance(0);
  expect(log).toEqual(['query', 'cancel']);
  await runtime.advance(60_000);
  expect(log).toEqual(['query', 'cancel', 'second']);
});

it('refuses a create that could not leave before its deadline', async () => {
  for (let i = 0; i < 9; i += 1) ask('create', 1);
  ask('create', 1, 500, 'late');
  await runtime.advance(600);
  expect(log).toEqual([...Array<string>(9).fill('create'), 'late!']);
});

it('takes the higher of its own count and the count of the venue', async () => {
  limiter.feedback({ address, status: 200, headers: { 'x-mbx-used-weight-1m': '69' } });
  ask('query', 2);
  await runtime.advance(100);
  expect(log).toEqual([]);
  expect(limiter.budgetRatio(address)).toBeCloseTo(0.31);
});

it('stops creates and nothing else when the venue counts too many orders', async () => {
  limiter.feedback({ address, account: 'a', status: 429, headers: {}, code: '-1015' });
  ask('create', 1);
  ask('cancel', 1);
  ask('query', 4);
  await runtime.advance(9_000);
  expect(log).toEqual(['cancel', 'query']);
  await runtime.advance(1_100);
  expect(log).toEqual(['cancel', 'query', 'create']);
});

it('allows a burst of ten connections and then one in two seconds', () => {
  const waits = Array.from({ length: 12 }, () => limiter.connectDelayMs(address));
  expect(waits).toEqual([...Array<number>(10).fill(0), 2_000, 4_000]);
});

it.each<[string, () => void, { readonly a: number; readonly b: number }]>([
  ['nothing', () => undefined, { a: 0, b: 0 }],
  [
    'a ban of the address',
    () => limiter.feedback({ address, status: 418, headers: { 'retry-after': '7' } }),
    { a: 7_000, b: 7_000 },
  ],
  [
    'too many orders of one account',
    () => limiter.feedback({ address, account: 'a', status: 429, headers: {}, code: '-1015' }),
    { a: 10_000, b: 0 },
  ],
  [
    'orders of ours within ten seconds',
    () => void Array.from({ length: 9 }, () => ask('create', 1)),
    { a: 10_000, b: 0 },
  ],
])('tells how long a create waits behind %s', (_name, spend, { a, b }) => {
  spend();
  expect([limiter.createWaitMs(address, 'a'), limiter.createWaitMs(address, 'b')]).toEqual([a, b]);
});
