import type { ClientOrder } from '../../../src/domain/order';
import { classOf } from '../../../src/domain/order';
import type { Answer, HttpRequest, Runtime } from '../../../src/runtime/runtime';
import type { SeedPlan, StrategyPlan } from '../seed-plan';

/** The same object but for what is named. */
export const instead = <T extends object>(real: T, methods: Partial<T>): T =>
  Object.assign(Object.create(real) as T, methods);

/** The transport with every request passing through `around`. */
export const withHttp = (
  runtime: Runtime,
  around: (request: HttpRequest, send: Runtime['http']) => Promise<Answer>,
): Runtime => instead(runtime, { http: (request) => around(request, (one) => runtime.http(one)) });

/** These fault rows and no other, at these rates. */
export const withRows =
  (rates: Readonly<Record<string, number>>) =>
  (plan: SeedPlan): SeedPlan => ({ ...plan, mode: 'focus', rates: new Map(Object.entries(rates)) });

/** Every strategy with a position limit this many ladders away from where it begins. */
export const withLimits =
  (ladders: number) =>
  (plan: SeedPlan): SeedPlan => ({
    ...plan,
    strategies: plan.strategies.map((one) => limited(one, ladders)),
  });

function limited(strategy: StrategyPlan, ladders: number): StrategyPlan {
  const { config, market, base } = strategy;
  const lot = Number(market.lotSize);
  const room = ladders * Number(config['orderQuantityBase']) * Number(config['levels']);
  const decimals = market.lotSize.length - 2;
  const maxBase = (Number(base) + room).toFixed(decimals);
  const minBase = Math.max(0, Number(base) - room).toFixed(decimals);
  return {
    ...strategy,
    config: { ...config, inventory: { maxBase, minBase } },
    maxLots: Math.floor(Number(maxBase) / lot + 1e-6),
    minLots: Math.ceil(Number(minBase) / lot - 1e-6),
  };
}

export const isUnproven = (order: ClientOrder): boolean => classOf(order) === 'unproven';
