import type { StrategyPlan } from '../seed-plan';
import type { FaultHooks, FaultSite, FaultWorld, PositionLimits } from './row';
import { row } from './row';

type Config = Record<string, unknown>;

/** How long a person leaves a change before it is taken back. */
const heldMs = (site: FaultSite): number => 10_000 + 20_000 * site.rng.next();
/** Between two changes there is time to quote. */
const restMs = 25_000;

/** What no configuration may say: each must be refused, and nothing may run with it. */
const nonsense: readonly ((config: Config) => Config)[] = [
  (config) => ({ ...config, bidSpreadBps: -3 }),
  (config) => ({ ...config, askSpreadBps: Number.NaN }),
  (config) => ({ ...config, bidSpreadBps: Number.POSITIVE_INFINITY }),
  (config) => ({ ...config, bidSpreadBps: 'wide' }),
  (config) => ({ ...config, orderQuantityBase: '-1' }),
  (config) => ({ ...config, orderQuantityBase: '0' }),
  (config) => ({ ...config, orderQuantityBase: 'NaN' }),
  (config) => ({ ...config, orderQuantityBase: '1e400' }),
  (config) => ({ ...config, orderQuantityBase: null }),
  (config) => ({ ...config, levels: 0 }),
  (config) => ({ ...config, levels: 2.5 }),
  (config) => ({ ...config, levelSpacingBps: null }),
  (config) => ({ ...config, refreshMs: -1 }),
  (config) => ({ ...config, inventory: { minBase: '9', maxBase: '1' } }),
  (config) => ({ ...config, bidSpreadBps: 4_000 }),
  (config) => ({ ...config, spread: 3 }),
];

/** What may be said and is a slip of the unit: risk is what stands between it and the venue. */
const slips: readonly ((config: Config) => Config)[] = [
  (config) => ({ ...config, orderQuantityBase: String(1e6 * Number(config['orderQuantityBase'])) }),
  (config) => ({ ...config, orderQuantityBase: '0.000000000000000001' }),
  (config) => ({ ...config, bidSpreadBps: 3_000, askSpreadBps: 3_000, confirmWideSpread: true }),
  (config) => ({ ...config, bidSpreadBps: 0.1, askSpreadBps: 0.1, levelSpacingBps: 0.1 }),
  (config) => ({ ...config, levels: 20, levelSpacingBps: 1_000 }),
];

/** One change at a time, taken back after a while and when the faults end. */
class Change {
  private current: { readonly strategy: StrategyPlan; readonly undo: () => boolean } | undefined;
  private restUntil = 0;

  constructor(private readonly world: FaultWorld) {}

  get isFree(): boolean {
    return !this.current && this.world.now() >= this.restUntil;
  }

  make(strategy: StrategyPlan, config: Config, limits: PositionLimits, ms: number): boolean {
    const { world } = this;
    if (!world.reconfigure(strategy, config, limits)) return false;
    const change = { strategy, undo: () => world.reconfigure(strategy, strategy.config, strategy) };
    this.current = change;
    world.after(ms, () => this.takeBack(change));
    return true;
  }

  /** Goes on until somebody runs it whom it can be told. */
  takeBack(change = this.current): void {
    if (!change || this.current !== change) return;
    if (!change.undo()) return this.world.after(1_000, () => this.takeBack(change));
    this.current = undefined;
    this.restUntil = this.world.now() + restMs;
  }
}

const anyOf = <T>({ rng }: FaultSite, list: readonly T[]): T => list[rng.int(list.length)]!;

/** Wrong units, negative spreads, no numbers: refused, or run under every limit there is. */
function wrongConfig(site: FaultSite): FaultHooks {
  const { world } = site;
  const change = new Change(world);
  const refuse = (strategy: StrategyPlan): void => {
    const wrong = anyOf(site, nonsense)({ ...strategy.config });
    const answer = world.ownerOf(strategy.id).service?.validateConfig('pureMarketMaking', wrong);
    if (!answer) return;
    world.check('I11', !answer.ok, () => `accepted: ${JSON.stringify(wrong)}`);
    site.hit();
  };
  return {
    second: () => {
      if (!change.isFree || !site.strikes()) return;
      const strategy = anyOf(site, world.plan.strategies);
      if (site.rng.next() < 0.5) return refuse(strategy);
      const wrong = anyOf(site, slips)({ ...strategy.config });
      const isMade = change.make(strategy, wrong, strategy, heldMs(site));
      if (isMade) whenRunning(site, strategy, heldMs(site));
    },
    heal: () => change.takeBack(),
  };
}

/** Counts once a session runs with what was changed. */
function whenRunning(site: FaultSite, strategy: StrategyPlan, withinMs: number): void {
  const { world } = site;
  const until = world.now() + withinMs;
  const closed = world.ownerOf(strategy.id).engine?.sessions.get(strategy.id);
  const look = (): void => {
    const session = world.ownerOf(strategy.id).engine?.sessions.get(strategy.id);
    if (session && session !== closed && session.mode === 'running') return site.hit();
    if (world.now() < until) world.after(500, look);
  };
  look();
}

/** A bound of the position is moved to where it is, or beyond it: exposure may only shrink until it is inside. */
function loweredLimit(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  const change = new Change(world);
  return {
    second: () => {
      if (!change.isFree || !site.strikes()) return;
      const strategy = anyOf(site, world.plan.strategies);
      const { positionLots } = world.view.standings.get(strategy.number)!;
      const room = 1 + (rng.next() - 0.7) * 0.1;
      const isMax = rng.next() < 0.5;
      const bound = Math.max(1, Math.round(positionLots * (isMax ? room : 2 - room)));
      const limits = isMax
        ? { maxLots: bound, minLots: Math.min(bound, strategy.minLots) }
        : { maxLots: Math.max(bound, strategy.maxLots), minLots: bound };
      const ms = heldMs(site);
      const config = { ...strategy.config, inventory: inventoryOf(strategy, limits) };
      if (change.make(strategy, config, limits, ms)) whenRunning(site, strategy, ms);
    },
    heal: () => change.takeBack(),
  };
}

function inventoryOf({ market }: StrategyPlan, { maxLots, minLots }: PositionLimits): Config {
  const base = (lots: number): string => (lots * Number(market.lotSize)).toFixed(market.lotSize.length - 2);
  return { minBase: base(minLots), ...(Number.isFinite(maxLots) ? { maxBase: base(maxLots) } : {}) };
}

/** Callers that do not wait for each other: two starts at once, and starts while a stop is under way. */
function startsAndStops(site: FaultSite): FaultHooks {
  const { world } = site;
  let free = 0;
  return {
    second: () => {
      if (world.now() < free || !site.strikes()) return;
      free = world.now() + restMs;
      const strategy = anyOf(site, world.plan.strategies);
      world.startWhileStopping(strategy, ({ isConfirmed }) => {
        if (isConfirmed) site.hit();
      });
    },
  };
}

/** Rows of the people who configure, start and stop. */
export const operatorRows = [
  row('K1', 'a configuration that cannot be meant', wrongConfig, [
    ...['PRICE_COLLAR', 'ABOVE_MAX_QUANTITY', 'BELOW_MIN_QUANTITY', 'BELOW_MIN_NOTIONAL'],
    ...['INSUFFICIENT_BASE', 'INSUFFICIENT_QUOTE', 'INVENTORY_LIMIT', 'POST_ONLY_MARGIN'],
  ]),
  row('K2', 'a limit is lowered below what is live', loweredLimit, ['INVENTORY_LIMIT']),
  row('K3', 'started twice, and started while it stops', startsAndStops),
];
