import type { ClientOrder } from '../../../src/domain/order';
import { classOf } from '../../../src/domain/order';
import type { Answer, HttpRequest, Runtime } from '../../../src/runtime/runtime';
import { rngOf } from '../seed-plan';
import type { SeedPlan, StrategyPlan } from '../seed-plan';
import type { World } from '../world';

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

/** For a while what we send arrives, and nothing comes back: neither replies nor private events. */
export function withOutage(
  world: World,
  { fromMs, forMs }: { readonly fromMs: number; readonly forMs: number },
): void {
  const { board } = world;
  const isOn = (): boolean => world.now() >= fromMs && world.now() < fromMs + forMs;
  const [onRequest, onFrame] = [board.onRequest.bind(board), board.onFrame.bind(board)];
  board.onRequest = (request, fate) => {
    onRequest(request, fate);
    if (isOn()) fate.isReplyLost = true;
  };
  board.onFrame = (frame) => (frame.stream === 'private' && isOn() ? [] : onFrame(frame));
}

/** A person halts a strategy at odd moments and lets it go on a little later, until it is quiet. */
export function stopAndGo(world: World): void {
  const rng = rngOf(`${world.plan.seed}/person`);
  const { id } = world.plan.strategies[0]!;
  const scopeKey = `strategy:${id}`;
  const by = { actor: 'operator', reason: 'a look at it' };
  const act = (): void => {
    const { service, runtime } = world.host();
    const isRunning = service?.session(id)?.state === 'running' && !runtime.isDead;
    if (world.now() > world.phases.quiet - 20_000) return;
    if (isRunning && service) {
      void service.tighten({ scopeKey, level: 'HALTED', ...by });
      world.after(3_000, () => void service.liftHalt({ scopeKey, ...by }).catch(() => undefined));
    }
    world.after(5_000 + 10_000 * rng.next(), act);
  };
  world.after(10_000, act);
}
