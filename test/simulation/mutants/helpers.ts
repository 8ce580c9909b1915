import type { ClientOrder } from '../../../src/domain/order';
import { classOf } from '../../../src/domain/order';
import type { Answer, HttpRequest, Runtime } from '../../../src/runtime/runtime';
import type { SeedPlan, StrategyPlan } from '../seed-plan';
import { isRead } from '../wire';
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
    limitCodes: [...(plan.limitCodes ?? []), 'INVENTORY_LIMIT'],
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

const mostLagMs = 9_000;

/**
 * From the next create on, for a while, creates arrive and their replies do not come back. `deaf`: no other reply and no
 * private event does either. `late`: no private event, and reads show the venue as it was nine seconds ago.
 */
export function withOutage(
  world: World,
  {
    fromMs,
    forMs,
    as,
  }: { readonly fromMs: number; readonly forMs: number; readonly as: 'mute' | 'deaf' | 'late' },
): void {
  const { board } = world;
  let until: number | undefined;
  const isOn = (): boolean => until !== undefined && world.now() < until;
  const [onRequest, onFrame] = [board.onRequest.bind(board), board.onFrame.bind(board)];
  board.onRequest = (request, fate) => {
    onRequest(request, fate);
    const isCreate = request.kind === 'create';
    if (isCreate && world.now() >= fromMs) until ??= world.now() + forMs;
    if (!isOn()) return;
    if (isCreate || as === 'deaf') fate.isReplyLost = true;
    if (as === 'late' && isRead(request.kind)) fate.readLagMs = mostLagMs;
  };
  board.onFrame = (frame) => (as !== 'mute' && frame.stream === 'private' && isOn() ? [] : onFrame(frame));
}

/** A person halts a strategy while a commit of it is under way, and lets it go on a little later, until it is quiet. */
export function stopAndGo(world: World): void {
  const { board, phases, plan } = world;
  const strategy = plan.strategies[0]!;
  const scopeKey = `strategy:${strategy.id}`;
  const by = { actor: 'operator', reason: 'a look at it' };
  const onCall = board.onCall.bind(board);
  let isHalted = false;
  const letGo = async (): Promise<void> => {
    const host = world.host();
    await host.service?.liftHalt({ scopeKey, ...by });
    await host.resume(strategy);
    isHalted = false;
  };
  const tryLater = (): void => world.after(3_000, () => void letGo().catch(tryLater));
  board.onCall = (name, fate, args, caller) => {
    onCall(name, fate, args, caller);
    const mayHalt = world.now() > phases.chaos && world.now() < phases.quiet - 30_000 && !isHalted;
    if (name !== 'commitIntents' || fate.delayMs < 300 || !mayHalt) return;
    isHalted = true;
    world.after(20, () => void world.host().service?.tighten({ scopeKey, level: 'HALTED', ...by }));
    tryLater();
  };
}
