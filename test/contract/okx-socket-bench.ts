import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { OkxBook } from './okx-kept-book';
import { OkxWire, OkxWireSocket } from './okx-wire';
import type { Json } from './okx-wire';

export const key = { ...demoAccount, passphrase: usualPassphrase };
export const live = {
  apiKey: 'live-key',
  secret: 'live-secret',
  balances: {},
  venueEnvironment: 'live',
} as const;
export const instId = 'BTC-USDT';
export const orders = { channel: 'orders', instType: 'SPOT' };

export const text = expect.stringMatching(/./) as string;
export const ms = expect.stringMatching(/^\d{13}$/) as string;
export const whole = expect.any(Number) as number;

type Path = 'public' | 'private' | 'business' | 'private?brokerId=9999';

/** A venue of its own for the tests of one file, and sockets that are closed after each test. */
export interface OkxSocketBench {
  readonly runtime: Runtime;
  readonly venue: VenueSimulator;
  readonly okx: OkxWire;
  readonly sockets: OkxWireSocket[];
  readonly open: (path: Path) => OkxWireSocket;
  readonly loggedIn: (...args: readonly Json[]) => Promise<OkxWireSocket>;
  readonly admin: (path: string, body: object) => Promise<void>;
  readonly restBook: () => Promise<OkxBook>;
}

/** To be called at the top of a file: the venue starts before its tests and stops after them. */
export function okxSocketBench(): OkxSocketBench {
  const runtime = createRealRuntime();
  const sockets: OkxWireSocket[] = [];
  let venue: VenueSimulator;
  let okx: OkxWire;
  const open = (path: Path): OkxWireSocket => {
    const socket = new OkxWireSocket(venue.origin, path, runtime);
    sockets.push(socket);
    return socket;
  };
  beforeAll(async () => {
    const accounts = [live];
    venue = await startVenueSimulator({
      runtime,
      port: 0,
      adminPort: 0,
      seed: 8,
      stepsPerSecond: 5,
      accounts,
    });
    okx = new OkxWire(venue.origin, key, runtime);
    // So that there is a last price.
    venue.take('BTCUSDT', 'buy', 1);
  }, 30_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
    venue.faults.clearAll();
    venue.setFlow(true);
  });
  afterAll(async () => {
    await venue?.stop();
    await runtime.close();
  });
  return {
    ...{ runtime, sockets, open },
    get venue() {
      return venue;
    },
    get okx() {
      return okx;
    },
    loggedIn: async (...args) => {
      const socket = open('private');
      await socket.login(key);
      for (const arg of args) await socket.request('subscribe', arg);
      return socket;
    },
    admin: async (path, body) => {
      const url = `http://127.0.0.1:${venue.adminPort}${path}`;
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      expect(await response.json()).not.toHaveProperty('error');
    },
    restBook: async () => {
      const { data } = await okx.get('market/books', `instId=${instId}&sz=400`);
      return data[0] as unknown as OkxBook;
    },
  };
}
