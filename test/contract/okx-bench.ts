import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { OkxWire } from './okx-wire';
import type { OkxAnswer, Texts } from './okx-wire';

const key = { ...demoAccount, passphrase: usualPassphrase };
const balances = { USDT: '100000', BTC: '2' };
export const others = {
  live: { apiKey: 'live-key', secret: 'live-secret', balances, venueEnvironment: 'live' },
  demo: {
    apiKey: 'demo-key',
    secret: 'demo-secret',
    balances,
    venueEnvironment: 'demo',
    passphrase: 'its own',
  },
  plain: { apiKey: 'plain-key', secret: 'plain-secret', balances },
  busy: { apiKey: 'busy-key', secret: 'busy-secret', balances },
} as const;

export const item = ({ data }: OkxAnswer): Texts => data[0]!;
export const sCode = (answer: OkxAnswer): string => item(answer)['sCode']!;

/** A still venue of its own for the tests of one file, and a client that shares no code with it. */
export interface OkxBench {
  readonly runtime: Runtime;
  readonly venue: VenueSimulator;
  readonly okx: OkxWire;
  wireOf(name: keyof typeof others): OkxWire;
  best(): Promise<{ readonly bid: number; readonly ask: number }>;
}

/** To be called at the top of a file: the venue starts before its tests and stops after them. */
export function okxBench(): OkxBench {
  const runtime = createRealRuntime();
  let venue: VenueSimulator;
  let okx: OkxWire;
  beforeAll(async () => {
    const accounts = Object.values(others);
    venue = await startVenueSimulator({
      ...{ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 20, accounts },
    });
    okx = new OkxWire(venue.origin, key, runtime);
    await runtime.sleep(500);
    venue.setFlow(false);
  }, 60_000);
  afterEach(() => venue.faults.clearAll());
  afterAll(async () => {
    await venue?.stop();
    await runtime.close();
  });
  return {
    runtime,
    get venue() {
      return venue;
    },
    get okx() {
      return okx;
    },
    wireOf: (name) => {
      const account: { apiKey: string; secret: string; passphrase?: string } = others[name];
      return new OkxWire(venue.origin, { passphrase: usualPassphrase, ...account }, runtime);
    },
    best: async () => {
      const { data } = await okx.get('market/ticker', 'instId=BTC-USDT');
      return { bid: Number(data[0]!['bidPx']), ask: Number(data[0]!['askPx']) };
    },
  };
}
