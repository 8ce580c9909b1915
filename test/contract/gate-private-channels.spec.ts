import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { until } from '../support/until';

/** Each private channel of Gate is subscribed by itself, and may fail by itself. */
const runtime = createRealRuntime();
let venue: VenueSimulator;
let factory: ConnectorFactory;

beforeEach(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 0 });
  factory = new ConnectorFactory({
    ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
    credentials: () => Promise.resolve({ apiKey: demoAccount.apiKey, secret: demoAccount.secret }),
    simOrigin: venue.origin,
  });
});

afterEach(async () => {
  await factory.closeAll();
  await venue.stop();
});

afterAll(() => runtime.close());

const fail = async (channel: string, count: number): Promise<void> => {
  const body = JSON.stringify({ channel, count });
  const url = `http://127.0.0.1:${venue.adminPort}/gate/failChannel`;
  expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
};

async function connected(): Promise<{ readonly states: string[]; readonly events: VenueEvent[] }> {
  const connector = await factory.create({ id: 'a1', venue: 'gate', environment: 'sim' });
  const events: VenueEvent[] = [];
  const states: string[] = [];
  connector.onEvent((event) => {
    events.push(event);
    if (event.type === 'connection') states.push(`${event.state} ${event.generation}`);
  });
  await connector.connect();
  await until(runtime, 'the stream is live', () => connector.health().privateLive, 15_000);
  return { states, events };
}

describe('gate', () => {
  it('case 56: asks again for the one channel that failed, on the same connection', async () => {
    await fail('spot.balances', 2);
    const { states, events } = await connected();
    expect(states).toEqual(['connecting 0', 'live 1']);
    const symbol = 'BTCUSDT';
    const [price] = venue.core.depth(symbol, 1).bids[0]!;
    const order = { account: demoAccount.apiKey, symbol, clientOrderId: 't-mine', side: 'buy' } as const;
    const terms = { type: 'limit', timeInForce: 'GTC', price: price - 50_000, quantity: 100 } as const;
    venue.core.place({ ...order, ...terms, stp: 'NONE' });
    for (const type of ['order', 'balance'])
      await until(runtime, type, () => events.some((event) => event.type === type), 3_000);
  });

  it('case 56: dials anew when a channel goes on failing', async () => {
    await fail('spot.orders', 7);
    const { states } = await connected();
    expect(states).toEqual(['connecting 0', 'down 1', 'connecting 1', 'live 2']);
  }, 30_000);
});
