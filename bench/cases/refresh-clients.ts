import { Agent } from 'node:http';
import * as ccxt from 'ccxt';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { demoAccount } from '../../src/venue-simulator/venue-accounts';

/** One way to speak to the venue; both calls reject unless the venue has accepted. */
export interface RefreshClient {
  place(level: number, clientOrderId: string): Promise<void>;
  cancel(clientOrderId: string): Promise<void>;
  /** Client ids the venue says are open. */
  open(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const keys = { apiKey: demoAccount.apiKey, secret: demoAccount.secret };
const pair = 'BTC/USDT';
/** Far below the market, a dollar apart, in the tick of the pair. */
const bestTicks = 6_000_000;
const levelTicks = 100;
const tick = 0.01;
const lots = 100;
const lot = 0.00001;
const patienceMs = 20_000;

/** The engine's connector behind its limiter, as it trades. */
export async function ourClient(simOrigin: string): Promise<RefreshClient> {
  const runtime = createRealRuntime();
  const factory = new ConnectorFactory({
    ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime), simOrigin },
    credentials: () => Promise.resolve(keys),
  });
  const connector = await factory.create({ id: 'a1', venue: 'binance', environment: 'sim' });
  await connector.connect();
  const rules = connector.feed.rulesOf(pair)!;
  const accepted = (answer: { readonly kind: string }): void => {
    if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
  };
  return {
    place: async (level, clientOrderId) =>
      accepted(
        await connector.place(
          {
            ...{ clientOrderId, rules, side: 'buy', type: 'limit', timeInForce: 'postOnly' },
            ...{ price: bestTicks - level * levelTicks, quantity: lots },
          },
          { sendBy: runtime.monotonic() + patienceMs, canSend: () => true },
        ),
      ),
    cancel: async (clientOrderId) => accepted(await connector.cancel({ instrument: pair, clientOrderId })),
    open: async () => (await connector.openOrders(pair)).rows.map((row) => row.clientOrderId!),
    close: async () => {
      await factory.closeAll();
      await runtime.close();
    },
  };
}

interface UrlTree {
  [key: string]: string | UrlTree;
}

/** Unmodified ccxt on connections that stay open; only its addresses are the venue's. */
export async function ccxtClient(origin: string, enableRateLimit: boolean): Promise<RefreshClient> {
  const agent = new Agent({ keepAlive: true });
  const options = { fetchMarkets: { types: ['spot'] } };
  const client = new ccxt.binance({ ...keys, enableRateLimit, httpAgent: agent, options });
  const { api } = client.urls as unknown as { api: UrlTree };
  for (const name of Object.keys(api)) api[name] = `${origin}/blocked`; // Nothing may reach a real venue.
  const rest = `${origin}/binance/api/v3`;
  Object.assign(api, { public: rest, private: rest, sapi: `${origin}/binance/sapi/v1` });
  await client.loadMarkets();
  return {
    place: async (level, clientOrderId) => {
      const price = (bestTicks - level * levelTicks) * tick;
      const params = { postOnly: true, newClientOrderId: clientOrderId };
      await client.createOrder(pair, 'limit', 'buy', lots * lot, price, params);
    },
    cancel: async (clientOrderId) => {
      await client.cancelOrder('', pair, { origClientOrderId: clientOrderId });
    },
    open: async () => (await client.fetchOpenOrders(pair)).map((order) => order.clientOrderId!),
    close: () => Promise.resolve(agent.destroy()),
  };
}
