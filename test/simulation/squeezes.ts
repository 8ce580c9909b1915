import type { ReasonCode } from '../../src/domain/reason';
import type { OperatorLimits } from '../../src/modules/execution/risk/limits';
import type { Rng } from '../../src/runtime/runtime';
import type { Market } from '../../src/venue-simulator/venue-types';
import type { StrategyPlan } from './seed-plan';

/** The part of a plan that limits are drawn for. */
export interface Squeezable {
  readonly markets: readonly Market[];
  readonly strategies: readonly StrategyPlan[];
}

export interface Squeezed extends Squeezable {
  /** What the operator of the engine allows, where it is not the default. */
  readonly limits: Partial<OperatorLimits>;
  /** Reasons for which a limit may keep a side back even after the faults. */
  readonly limitCodes: readonly ReasonCode[];
}

type Draw = (rng: Rng, plan: Squeezable) => Partial<Pick<Squeezed, keyof Squeezable | 'limits'>>;

/** A limit near enough to be met, and the reasons a side may be kept back for it, at any time. */
interface Squeeze {
  readonly codes: readonly ReasonCode[];
  readonly draw: Draw;
}

/** One seed in four of those with faults trades close to a limit. */
const share = 0.25;

/** Worlds in which one limit is near, so that what a strategy does beside it is seen as well. */
const squeezes: readonly Squeeze[] = [
  {
    codes: ['ORDER_NOTIONAL_LIMIT'],
    draw: ofStrategy(({ rng, value }) => ({
      limits: { maxOrderNotionalQuote: (value * (0.999 + 0.004 * rng.next())).toFixed(2) },
    })),
  },
  { codes: ['PRICE_COLLAR'], draw: ofStrategy(({ rng }) => ({ limits: { collarBps: 8 + 4 * rng.next() } })) },
  {
    codes: ['TOXIC_FLOW'],
    draw: ofStrategy(({ rng }) => ({ limits: { maxFillsPerMinute: 6 + rng.int(8) } })),
  },
  {
    codes: ['ONE_SIDED_FILLS'],
    draw: ofStrategy(({ rng }) => ({ limits: { maxOneSidedFills: 2 + rng.int(3) } })),
  },
  { codes: [], draw: ofStrategy(({ rng }) => ({ minimumSpreadBps: 10 + Math.round(10 * rng.next()) })) },
  { codes: ['INVENTORY_LIMIT'], draw: ofPlans(withNarrowRange) },
  { codes: ['INSUFFICIENT_BASE', 'INSUFFICIENT_QUOTE', 'INVENTORY_LIMIT'], draw: ofPlans(withFewFunds) },
  {
    codes: ['BELOW_MIN_NOTIONAL', 'BELOW_MIN_QUANTITY', 'INVENTORY_LIMIT'],
    draw: ofPlans(withSmallestOrders),
  },
  {
    codes: ['BELOW_MIN_QUANTITY', 'INVENTORY_LIMIT'],
    draw: (_rng, plan) =>
      withMarkets(plan, (market, { lots }) => ({ minQuantity: grid(market, 0.9 * lots) })),
  },
  {
    // The venue counts what others have there too: it refuses the last one, and the side waits before it tries again.
    codes: ['ORDER_COUNT_LIMIT', 'REJECT_BACKOFF'],
    draw: (_rng, plan) => withMarkets(plan, (_market, { levels }) => ({ maxOpenOrders: 2 * levels })),
  },
  { codes: ['ORDER_RATE_LIMIT'], draw: (rng) => ({ limits: { createsPerSecond: 2 + rng.int(3) } }) },
  { codes: ['EXPOSURE_LIMIT'], draw: withExposureCap },
];

export function squeezed(rng: Rng, plan: Squeezable): Squeezed {
  const open = { ...plan, limits: {}, limitCodes: [] };
  if (rng.next() >= share) return open;
  const { codes, draw } = squeezes[rng.int(squeezes.length)]!;
  return { ...open, ...draw(rng, plan), limitCodes: codes };
}

interface Figures {
  readonly rng: Rng;
  /** Of one order in quote currency, at the price the market begins with. */
  readonly value: number;
}

/** A squeeze by the strategies' own configuration. */
function ofStrategy(change: (figures: Figures) => Readonly<Record<string, unknown>>): Draw {
  return (rng, { strategies }) => ({
    strategies: strategies.map((one) => {
      const value = sizeOf(one) * Number(one.market.startPrice);
      return { ...one, config: { ...one.config, ...change({ rng, value }) } };
    }),
  });
}

/** A squeeze that makes another plan of each. */
function ofPlans(change: (rng: Rng, one: StrategyPlan) => StrategyPlan): Draw {
  return (rng, { strategies }) => ({ strategies: strategies.map((one) => change(rng, one)) });
}

/** A cap on what is held and bid for, a little above what the strategies begin with. */
function withExposureCap(rng: Rng, { strategies }: Squeezable): ReturnType<Draw> {
  const held = strategies.reduce((sum, one) => sum + Number(one.base) * Number(one.market.startPrice), 0);
  const scope = (['owner', 'account', 'venue', 'global'] as const)[rng.int(4)]!;
  return { limits: { exposure: { [scope]: (held * (1 + 0.08 * rng.next())).toFixed(2) } } };
}

const sizeOf = ({ config }: StrategyPlan): number => Number(config['orderQuantityBase']);
const levelsOf = ({ config }: StrategyPlan): number => Number(config['levels']);
const decimalsOf = ({ lotSize }: Market): number => lotSize.length - 2;
const grid = (market: Market, lots: number): string =>
  (Math.floor(lots) * Number(market.lotSize)).toFixed(decimalsOf(market));

/** Between one and two ladders to either side of what it begins with. */
function withNarrowRange(rng: Rng, one: StrategyPlan): StrategyPlan {
  const { market, base, config } = one;
  const lot = Number(market.lotSize);
  const reach = sizeOf(one) * levelsOf(one) * (1 + rng.next());
  const maxBase = (Number(base) + reach).toFixed(decimalsOf(market));
  const minBase = (Number(base) - reach).toFixed(decimalsOf(market));
  return {
    ...one,
    config: { ...config, inventory: { maxBase, minBase } },
    maxLots: Math.floor(Number(maxBase) / lot + 1e-6),
    minLots: Math.ceil(Number(minBase) / lot - 1e-6),
  };
}

/** Money for one or two ladders of each side. */
function withFewFunds(rng: Rng, one: StrategyPlan): StrategyPlan {
  const { inventory: _range, ...config } = one.config;
  const few = sizeOf(one) * levelsOf(one) * (1 + rng.next());
  const quote = (few * Number(one.market.startPrice)).toFixed(0);
  const base = few.toFixed(decimalsOf(one.market));
  return { ...one, config, base, quote, maxLots: Infinity, minLots: 0 };
}

/** Orders that a lean to one side makes smaller than the market takes. */
function withSmallestOrders(_rng: Rng, one: StrategyPlan): StrategyPlan {
  const { market, config } = one;
  const lot = Number(market.lotSize);
  const worth = (1.04 * Number(market.minNotional)) / Number(market.startPrice) / lot;
  // A venue may publish no least value; the least quantity is always one.
  const least = Math.max(worth, Math.round(Number(market.minQuantity) / lot));
  const orderQuantityBase = grid(market, Math.ceil(least));
  return { ...one, config: { ...config, orderQuantityBase } };
}

/** Rules of the markets that are made for the first strategy on each. */
function withMarkets(
  { markets, strategies }: Squeezable,
  change: (market: Market, first: { readonly lots: number; readonly levels: number }) => Partial<Market>,
): Squeezable {
  const made = new Map(
    markets.map((market) => {
      const first = strategies.find((one) => one.market === market)!;
      const lots = sizeOf(first) / Number(market.lotSize);
      return [market, { ...market, ...change(market, { lots, levels: levelsOf(first) }) }] as const;
    }),
  );
  return {
    markets: [...made.values()],
    strategies: strategies.map((one) => ({ ...one, market: made.get(one.market)! })),
  };
}
