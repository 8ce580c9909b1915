import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import type { DialectVenueId } from '../../src/domain/instrument';
import type { Rng } from '../../src/runtime/runtime';
import type { Market } from '../../src/venue-simulator/venue-types';
import type { ReasonCode } from '../../src/domain/reason';
import type { OperatorLimits } from '../../src/modules/execution/risk/limits';
import { phasesOf } from './phases';
import type { Squeezable, Squeezed } from './squeezes';
import { squeezed } from './squeezes';

export interface StrategyPlan {
  readonly id: string;
  readonly number: number;
  readonly market: Market;
  readonly config: Readonly<Record<string, unknown>>;
  readonly base: string;
  readonly quote: string;
  /** Lots the position may not exceed, and may not fall below. */
  readonly maxLots: number;
  readonly minLots: number;
}

/** Everything drawn before a run begins. */
export interface SeedPlan {
  readonly seed: string;
  readonly minutes: number;
  readonly venue: DialectVenueId;
  readonly tickMs: number;
  readonly stepsPerSecond: number;
  readonly startMs: number;
  readonly wallOffsetMs: number;
  readonly driftPpm: number;
  readonly markets: readonly Market[];
  readonly strategies: readonly StrategyPlan[];
  readonly mode: 'calm' | 'swarm' | 'focus';
  /** Chance per opportunity of each fault row of this seed. */
  readonly rates: ReadonlyMap<string, number>;
  /** What the operator allows, where it is not the default. */
  readonly limits?: Partial<OperatorLimits>;
  /** Reasons for which a limit of this seed may keep a side back even after the faults. */
  readonly limitCodes?: readonly ReasonCode[];
  /** Another user has an account on the same markets, and trades nothing. */
  readonly hasNeighbour?: boolean;
  /** A second engine stands by for the same strategies. */
  readonly hasStandby?: boolean;
  /** Nobody else has orders on the account, so that the switch of the venue is armed. */
  readonly isDedicated?: boolean;
}

export interface PlanOptions {
  readonly seed: string;
  readonly minutes: number;
  readonly rows: readonly string[];
  /** This row alone, at a high rate. */
  readonly focus?: string | undefined;
  /** Binance without one. */
  readonly venue?: DialectVenueId | undefined;
}

export const accountId = '01990000-0000-7000-8000-0000000000aa';
export const apiKey = 'sim-demo-key';
export const secret = 'sim-demo-secret';
export const neighbour = {
  accountId: '01990000-0000-7000-8000-0000000000bb',
  apiKey: 'sim-neighbour-key',
  secret: 'sim-neighbour-secret',
} as const;
export const funds: Readonly<Record<string, string>> = {
  USDT: '5000000',
  BTC: '50',
  ETH: '900',
  SOL: '20000',
};

/** What each venue takes of a maker without a tier, as its connector knows it. */
export const makerFeeBps: Readonly<Record<DialectVenueId, number>> = { binance: 10, okx: 8, gate: 10 };

const dayMs = 86_400_000;
const epochMs = 1_764_000_000_000;

export const rngOf = (seed: string): Rng => new Xoshiro128(seedOf(`simulation/${seed}`));

export function planOf(options: PlanOptions): SeedPlan {
  const rng = rngOf(options.seed);
  const markets = asListed(options.venue, marketsOf(rng.fork('markets')));
  const world = rng.fork('world');
  const faults = faultsOf(rng.fork('faults'), options);
  const hasStandby = standsBy(rng.fork('standby'), options);
  const drawn = strategiesOf(rng.fork('strategies'), markets);
  // The guard against trades with ourselves sees the orders of its own engine; beyond it the venue prevents them.
  const open = { markets, strategies: hasStandby ? drawn.slice(0, markets.length) : drawn };
  const near = faults.mode === 'swarm' ? squeezed(rng.fork('limits'), open) : open;
  return {
    seed: options.seed,
    minutes: options.minutes,
    venue: options.venue ?? 'binance',
    tickMs: [250, 500, 500, 1_000, 1_000, 1_000][world.int(6)]!,
    stepsPerSecond: stepsOf(faults.mode, markets.length, world.next()),
    startMs: startOf(epochMs + world.int(dayMs * 30), faults.rates, options.minutes),
    wallOffsetMs: world.next() < 0.5 ? 0 : Math.round((world.next() - 0.5) * 60_000),
    driftPpm: Math.round((world.next() - 0.5) * 400),
    ...(faults.rates.has('X1') ? withLossCaps(rng.fork('loss-caps'), near) : near),
    ...faults,
    hasStandby,
    isDedicated: isDedicated(rng.fork('dedicated'), options),
  };
}

/** Half of the worlds whose venue has a switch; people who trade on the account with us have declared nothing. */
const isDedicated = (rng: Rng, { venue = 'binance', focus }: PlanOptions): boolean =>
  venue !== 'binance' && (rng.next() < 0.5 || focus === 'P9');

/** OKX asks for no least value of an order. */
const asListed = (venue: DialectVenueId | undefined, markets: readonly Market[]): readonly Market[] =>
  venue === 'okx' ? markets.map((market) => ({ ...market, minNotional: '0' })) : markets;

/** Where midnight is to be crossed, it comes in the middle of the chaos phase. */
function startOf(drawnMs: number, rates: ReadonlyMap<string, number>, minutes: number): number {
  if (!rates.has('C5')) return drawnMs;
  const { chaos, quiet } = phasesOf(minutes);
  return Math.ceil(drawnMs / dayMs) * dayMs - Math.round((chaos + quiet) / 2);
}

/** The rows of which a seed that is focused on one needs a second engine. */
const takeovers: readonly string[] = ['P4', 'P4k', 'P5b', 'H6', 'P8', 'P8k', 'P8s'];

/** One seed in five has two engines, for it costs as much as two seeds; of those held in a state, every second one. */
const standsBy = (rng: Rng, { focus }: PlanOptions): boolean =>
  rng.next() < (focus !== undefined && held.includes(focus) ? 0.5 : 0.2) ||
  (focus !== undefined && takeovers.includes(focus));

const held: readonly string[] = ['H1', 'H2', 'H3', 'H4', 'H5'];

/** Where prices jump, two worlds of five have caps that a jump can break. */
function withLossCaps<Plan extends Squeezable & Partial<Squeezed>>(rng: Rng, plan: Plan): Plan {
  if (rng.next() > 0.4) return plan;
  const cap = rng.next() < 0.5 ? 'maxDailyLossQuote' : 'maxDrawdownQuote';
  const strategies = plan.strategies.map((one) => {
    const quoted = Number(one.quote) / 20; // One side of the ladder.
    const limits = {
      ...(one.config['limits'] as object),
      [cap]: (quoted * (0.004 + 0.012 * rng.next())).toFixed(2),
    };
    return { ...one, config: { ...one.config, limits } };
  });
  return { ...plan, strategies, limitCodes: [...(plan.limitCodes ?? []), 'LOSS_LIMIT', 'DRAWDOWN_LIMIT'] };
}

/** Enough for the floors of events and fills, which a fault-free seed has of its own: more of the same proves nothing more. */
const stepsOf = (mode: SeedPlan['mode'], markets: number, uniform: number): number =>
  mode === 'calm' ? 6 + 4 * uniform : (5 + 1.5 * uniform) / (markets === 1 ? 1 : 1.7);

function faultsOf(rng: Rng, { rows, focus }: PlanOptions): Pick<SeedPlan, 'mode' | 'rates'> {
  if (focus !== undefined) return { mode: 'focus', rates: new Map([[focus, 0.05 + 0.1 * rng.next()]]) };
  const kind = rng.next();
  if (kind < 0.05) return { mode: 'calm', rates: new Map() };
  if (kind < 0.15) return { mode: 'swarm', rates: new Map([[rows[rng.int(rows.length)]!, rateOf(rng)]]) };
  const inclusion = [0.03, 0.1, 0.4][rng.int(3)]!;
  const rates = new Map<string, number>();
  for (const row of rows) {
    const one = rng.fork(row);
    if (one.next() < inclusion) rates.set(row, rateOf(one));
  }
  return { mode: 'swarm', rates };
}

const rateOf = (rng: Rng): number => 10 ** (-4 + 3 * rng.next());

const listed = [
  {
    symbol: 'BTCUSDT',
    base: 'BTC',
    startPrice: '65000',
    ticks: ['0.01', '0.1', '1'],
    lots: ['0.00001', '0.0001'],
  },
  { symbol: 'ETHUSDT', base: 'ETH', startPrice: '3100', ticks: ['0.01', '0.1'], lots: ['0.0001', '0.001'] },
  { symbol: 'SOLUSDT', base: 'SOL', startPrice: '148', ticks: ['0.001', '0.01'], lots: ['0.001', '0.01'] },
] as const;

function marketsOf(rng: Rng): readonly Market[] {
  const count = rng.next() < 0.7 ? 1 : 2;
  const first = rng.int(listed.length);
  return Array.from({ length: count }, (_, i) => {
    const { symbol, base, startPrice, ticks, lots } = listed[(first + i) % listed.length]!;
    const lotSize = lots[rng.int(lots.length)]!;
    return {
      symbol,
      base,
      quote: 'USDT',
      startPrice,
      lotSize,
      minQuantity: lotSize,
      maxQuantity: '90000',
      tickSize: ticks[rng.int(ticks.length)]!,
      minNotional: '5',
      maxOpenOrders: 200,
    };
  });
}

function strategiesOf(rng: Rng, markets: readonly Market[]): readonly StrategyPlan[] {
  const extra = rng.next() < 0.2 ? 1 : 0;
  return Array.from({ length: markets.length + extra }, (_, i) =>
    strategyOf(rng, markets[i % markets.length]!, i + 1),
  );
}

function strategyOf(rng: Rng, market: Market, number: number): StrategyPlan {
  const price = Number(market.startPrice);
  const levels = 3 + rng.int(2);
  const notional = 400 + 1_200 * rng.next();
  const lot = Number(market.lotSize);
  const size = Math.max(1, Math.round(notional / price / lot)) * lot;
  const decimals = market.lotSize.length - 2;
  const total = 40 * size * levels;
  const isLimited = rng.next() < 0.5;
  const maxBase = (total / 2 + (12 + 20 * rng.next()) * size * levels).toFixed(decimals);
  const minBase = Math.max(0, total / 2 - (12 + 20 * rng.next()) * size * levels).toFixed(decimals);
  const spread = (): number => Number((1.5 + 3 * rng.next()).toFixed(1));
  return {
    id: `01990000-0000-7000-8000-00000000000${number}`,
    number: 6 + number,
    market,
    config: {
      bidSpreadBps: spread(),
      askSpreadBps: spread(),
      levels,
      levelSpacingBps: 5,
      costMode: 'none',
      orderQuantityBase: size.toFixed(decimals),
      refreshMs: 10_000 + rng.int(20_000),
      refreshToleranceBps: 1,
      minOrderLifetimeMs: 500,
      ...(isLimited ? { inventory: { maxBase, minBase } } : {}),
    },
    base: (total / 2).toFixed(decimals),
    quote: Math.round((total / 2) * price).toFixed(0),
    maxLots: isLimited ? Math.floor(Number(maxBase) / lot + 1e-6) : Infinity,
    minLots: isLimited ? Math.ceil(Number(minBase) / lot - 1e-6) : 0,
  };
}
