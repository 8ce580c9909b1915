import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { fastRuntime } from '../support/fast-runtime';
import { BinanceWireSocket } from './binance-wire';
import type { Json } from './binance-wire';

/** The sockets of the Binance dialect, by raw frames. */
const symbol = 'BTCUSDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;
const sockets: BinanceWireSocket[] = [];

const socketOf = (path: string): BinanceWireSocket => {
  const socket = new BinanceWireSocket(venue.origin, path, runtime);
  sockets.push(socket);
  return socket;
};

const admin = async (path: string, fields: object): Promise<void> => {
  const url = `http://127.0.0.1:${venue.adminPort}${path}`;
  expect((await fetch(url, { method: 'POST', body: JSON.stringify(fields) })).status).toBe(200);
};

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 3, stepsPerSecond: 20 });
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await venue.stop();
  await runtime.close();
});

it('says trades, best prices and days by the names and fields of the documents', async () => {
  const socket = socketOf('stream/ws/0');
  const names = ['trade', 'bookTicker', 'ticker', 'miniTicker', 'depth@100ms'];
  const streams = names.map((name) => `btcusdt@${name}`);
  expect(await socket.request('SUBSCRIBE', streams)).toEqual({ id: 1, result: null });
  venue.take(symbol, 'buy', 10);
  const trade = await socket.find((frame) => frame['e'] === 'trade');
  const numbers = expect.any(Number) as number;
  const text = expect.stringMatching(/^\d+\.\d{8}$/) as string;
  expect(trade).toEqual({
    ...{ e: 'trade', E: numbers, s: symbol, t: numbers, p: text, q: text, T: numbers },
    ...{ m: expect.any(Boolean) as boolean, M: true },
  });
  const best = await socket.find((frame) => 'A' in frame && frame['e'] === undefined);
  expect(best).toEqual({ u: numbers, s: symbol, b: text, B: text, a: text, A: text });
  const day = { E: numbers, s: symbol, c: text, o: text, h: text, l: text, v: text, q: text };
  expect(await socket.find((frame) => frame['e'] === '24hrMiniTicker')).toEqual({
    e: '24hrMiniTicker',
    ...day,
  });
  expect(await socket.find((frame) => frame['e'] === '24hrTicker')).toEqual({
    ...{ e: '24hrTicker', ...day, p: expect.stringMatching(/^-?\d/) as string, w: text, x: text, Q: text },
    ...{ P: expect.stringMatching(/^-?\d+\.\d{3}$/) as string, b: text, B: text, a: text, A: text },
    ...{ O: numbers, C: numbers, F: numbers, L: numbers, n: numbers },
  });
  expect(await socket.request('SUBSCRIBE', ['btcusdt@nothing'])).toMatchObject({ error: { code: 2 } });
});

it('confirms a subscription behind its first frames when it is told to', async () => {
  await admin('/binance/terms', { acksAfterMs: 300 });
  const socket = socketOf('stream/ws/0');
  await socket.request('SUBSCRIBE', ['btcusdt@depth@100ms']);
  expect(socket.frames.findIndex((frame) => frame['id'] === 1)).toBeGreaterThan(0);
  await admin('/binance/terms', { acksAfterMs: 0 });
});

describe('a private stream', () => {
  const wrong: readonly (readonly [string, Readonly<Record<string, string | number>>, number])[] = [
    ['an unknown key', { apiKey: 'nobody' }, -2015],
    ['no key', { apiKey: '' }, -2014],
    ['a wrong signature', { signature: '00' }, -1022],
    ['a time that has passed', { timestamp: runtime.now() - 60_000 }, -1021],
    ['a time to come', { timestamp: runtime.now() + 60_000 }, -1021],
  ];

  it.each(wrong)('is refused %s', async (_what, values, code) => {
    const answer = await socketOf('ws-api/v3').subscribe(demoAccount, values);
    expect(answer).toMatchObject({ status: code <= -2014 ? 401 : 400, error: { code } });
    expect(answer['result']).toBeUndefined();
  });

  it('ends by its own will and by that of the venue, and can be asked for again', async () => {
    const socket = socketOf('ws-api/v3');
    const { result, status } = await socket.subscribe(demoAccount);
    const { subscriptionId } = result as Json;
    expect([status, typeof subscriptionId]).toEqual([200, 'number']);
    await admin('/binance/terminateStreams', {});
    expect(await socket.event((event) => event['e'] === 'eventStreamTerminated')).toEqual({
      e: 'eventStreamTerminated',
      E: expect.any(Number) as number,
    });
    const again = await socket.subscribe(demoAccount);
    expect(again).toMatchObject({ status: 200 });
    const told = socket.frames.length;
    await socket.request('userDataStream.unsubscribe', {});
    await socket.find((frame) => socket.frames.indexOf(frame) > told && frame['event'] !== undefined);
    expect(socket.frames.at(-1)).toMatchObject({
      subscriptionId: (again['result'] as Json)['subscriptionId'],
      event: { e: 'eventStreamTerminated' },
    });
  });

  it('is told nothing once it has ended', async () => {
    const socket = socketOf('ws-api/v3');
    await socket.subscribe(demoAccount);
    await admin('/binance/terminateStreams', {});
    const price = venue.core.depth(symbol, 1).bids[0]![0] - 50_000;
    const order = { account: demoAccount.apiKey, symbol, clientOrderId: 'unheard', side: 'buy' } as const;
    const terms = { type: 'limit', timeInForce: 'GTC', price, quantity: 100, stp: 'NONE' } as const;
    venue.core.place({ ...order, ...terms });
    await runtime.sleep(100);
    expect(socket.frames.filter((frame) => JSON.stringify(frame).includes('unheard'))).toEqual([]);
    venue.core.cancel(order);
  });
});

it('announces on every socket that the server shuts down, and closes those alone', async () => {
  const [market, user] = [socketOf('stream/ws/0'), socketOf('ws-api/v3')];
  await Promise.all([market.opened, user.opened]);
  await admin('/binance/shutdown', { closeAfterSeconds: 0.3 });
  const said = { e: 'serverShutdown', E: expect.any(Number) as number };
  expect(await market.find((frame) => frame['e'] === 'serverShutdown')).toEqual(said);
  expect(await user.event((event) => event['e'] === 'serverShutdown')).toEqual(said);
  const later = socketOf('stream/ws/0');
  await later.opened;
  expect(await Promise.all([market.closed, user.closed])).toEqual([1001, 1001]);
  expect(await later.request('SUBSCRIBE', ['btcusdt@trade'])).toMatchObject({ result: null });
});

it('closes a connection that has become too old', async () => {
  const socket = socketOf('stream/ws/0');
  await socket.opened;
  await admin('/binance/terms', { connectionAgeSeconds: 0.5 });
  expect(await socket.closed).toBe(1001);
  await admin('/binance/terms', { connectionAgeSeconds: 86_400 });
});

it('closes a socket that has answered no ping for a minute, whatever it sends', async () => {
  const fast = fastRuntime(runtime, 100);
  const other = await startVenueSimulator({ runtime: fast, port: 0, seed: 3, stepsPerSecond: 0 });
  const answering = new BinanceWireSocket(other.origin, 'stream/ws/0', runtime);
  const silent = new BinanceWireSocket(other.origin, 'stream/ws/0', runtime, { autoPong: false });
  const openedAt = fast.now();
  const talk = runtime.timers.every(50, () => void silent.request('LIST_SUBSCRIPTIONS', []));
  await silent.closed;
  runtime.timers.clear(talk);
  expect(fast.now() - openedAt).toBeGreaterThanOrEqual(60_000);
  expect(fast.now() - openedAt).toBeLessThan(120_000);
  expect(await answering.request('LIST_SUBSCRIPTIONS', [])).toMatchObject({ result: [] });
  answering.close();
  await other.stop();
});

it('counts a subscription to the user stream with the requests of the address', async () => {
  const own = await startVenueSimulator({ runtime, port: 0, seed: 3, stepsPerSecond: 0 });
  const depth = `${own.origin}/binance/api/v3/depth?symbol=${symbol}&limit=5000`;
  for (let i = 0; i < 24; i += 1) expect((await fetch(depth)).status).toBe(200);
  const socket = new BinanceWireSocket(own.origin, 'ws-api/v3', runtime);
  sockets.push(socket);
  const answer = await socket.request('userDataStream.subscribe.signature', {});
  expect(answer).toMatchObject({
    status: 429,
    error: { code: -1003, data: { serverTime: expect.any(Number) as number } },
  });
  await own.stop();
});
