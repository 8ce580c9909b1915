import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import type { VirtualRuntime } from '../../../runtime/virtual-runtime';
import { RateLimiter } from './rate-limiter.service';
import type { RateRequest } from './rate-limiter.service';
import { countedTogether } from './rate-limits';

const address = 'binance:sim';
let runtime: VirtualRuntime;
let limiter: RateLimiter;
let log: string[];

beforeEach(() => {
  runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  limiter = new RateLimiter(runtime);
  limiter.configure(
    address,
    countedTogether({ weightPerMinute: 100, ordersPer10s: 10, ordersPerDay: 1_000 }),
  );
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

describe('at a venue that counts each endpoint by itself', () => {
  const placing = { name: 'place', per: 'instrument', limit: 10, windowMs: 1_000, leftIn: 'left' } as const;
  const scope = { address: 'gate:sim', account: 'a', weight: 1 } as const;
  const place = (change: Partial<RateRequest> = {}): RateRequest => ({
    ...{ ...scope, priority: 'create', endpoint: 'POST orders', instrument: 'x', sendBy: 60_000 },
    ...change,
  });
  /** Logs the moment and the name of each grant. */
  const take = (name: string, request: RateRequest): void =>
    void limiter
      .take(request)
      .then((refused) => log.push(`${refused === undefined ? '' : '!'}${name} ${runtime.monotonic()}`));

  beforeEach(() =>
    limiter.configure('gate:sim', {
      requests: {
        ...{ 'POST orders': placing, 'PATCH orders': placing },
        '*': { per: 'account', limit: 2, windowMs: 10_000 },
      },
      orders: [{ name: 'orders', per: 'account', limit: 20, windowMs: 1_000 }],
    }),
  );

  it('fills nine tenths of a window of its own length, and the next when that has gone by', async () => {
    for (let i = 0; i < 11; i += 1) take('place', place());
    await runtime.advance(2_000);
    expect(log).toEqual([...Array<string>(9).fill('place 0'), 'place 1000', 'place 1000']);
  });

  it('counts endpoints of one name together, instruments and accounts apart, and all orders of an account', async () => {
    for (let i = 0; i < 5; i += 1) {
      take('place', place());
      take('amend', place({ endpoint: 'PATCH orders' }));
      take('other', place({ instrument: 'y' }));
      take('third', place({ instrument: 'z' }));
      take('stranger', place({ account: 'b' }));
    }
    await runtime.advance(0);
    const granted = (name: string): number => log.filter((one) => one.startsWith(name)).length;
    expect(granted('place') + granted('amend')).toBe(9);
    expect(granted('other') + granted('third')).toBe(9);
    expect(granted('stranger')).toBe(5);
  });

  it('holds nothing of one endpoint for what waits at another', async () => {
    const read = (path: string): RateRequest => ({
      ...{ ...scope, priority: 'query', endpoint: `GET ${path}`, sendBy: 60_000 },
    });
    for (const path of ['trades', 'trades', 'orders']) take(path, read(path));
    take('place', place());
    await runtime.advance(0);
    expect(log).toEqual(['trades 0', 'orders 0', 'place 0']);
  });

  it('counts a request from its answer on, because nobody knows when it arrived', async () => {
    const asked = Array.from({ length: 9 }, () => place());
    for (const request of asked) take('place', request);
    await runtime.advance(600);
    for (const request of asked) limiter.feedback({ ...scope, status: 200, headers: {}, request });
    take('next', place());
    await runtime.advance(2_000);
    expect(log.at(-1)).toBe('next 1600');
  });

  it('believes the venue that less is left than it thinks, and never that more is', async () => {
    const tell = (left: string): void =>
      limiter.feedback({ ...scope, status: 200, headers: { left }, request: place() });
    tell('3');
    for (let i = 0; i < 4; i += 1) take('place', place());
    await runtime.advance(0);
    expect(log).toEqual(['place 0', 'place 0']);
    tell('10');
    await runtime.advance(0);
    expect(log).toHaveLength(2);
  });

  it('lets one request through where nine tenths of a limit are less than one', async () => {
    limiter.configure('gate:sim', {
      requests: { '*': { per: 'account', limit: 1, windowMs: 1_000 } },
      orders: [],
    });
    for (let i = 0; i < 2; i += 1) take('arm', place({ priority: 'query', endpoint: 'POST arm' }));
    await runtime.advance(2_000);
    expect(log).toEqual(['arm 0', 'arm 1000']);
  });
});
