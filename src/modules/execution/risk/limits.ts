import type { Dec } from '../../../domain/units';

/** Caps on the value of base held and bid for, per quote asset and in its units; absent is no cap. */
export interface ExposureCaps {
  readonly owner?: Dec;
  readonly account?: Dec;
  readonly venue?: Dec;
  readonly global?: Dec;
}

/** What the operator allows; a strategy may ask for less, never for more. */
export interface OperatorLimits {
  /** Furthest a price may be from each reference, in bps. */
  readonly collarBps: number;
  /** Two references further apart than this admit nothing, in bps. */
  readonly referenceGapBps: number;
  /** Largest value of one order in quote currency; undefined is no limit. */
  readonly maxOrderNotional: Dec | undefined;
  /** Creates of an account in any second. */
  readonly createsPerSecond: number;
  /** Loss of a UTC day, and fall from its best moment, as shares of the equity it began with. */
  readonly dailyLossRatio: number;
  readonly drawdownRatio: number;
  /** Fills of a strategy in any minute. */
  readonly fillsPerMinute: number;
  /** Different orders of one side filled with none of the other between them. */
  readonly oneSidedOrders: number;
  readonly exposure: ExposureCaps;
}

export const defaultLimits: OperatorLimits = {
  collarBps: 200,
  referenceGapBps: 100,
  maxOrderNotional: undefined,
  createsPerSecond: 50,
  dailyLossRatio: 0.1,
  drawdownRatio: 0.1,
  fillsPerMinute: 300,
  oneSidedOrders: 30,
  exposure: {},
};

/** What a strategy asks for; null leaves the operator's limit. Money in quote currency. */
export interface WantedLimits {
  readonly collarBps: number | null;
  readonly maxOrderNotionalQuote: Dec | null;
  readonly maxDailyLossQuote: Dec | null;
  readonly maxDrawdownQuote: Dec | null;
  readonly maxFillsPerMinute: number | null;
  readonly maxOneSidedFills: number | null;
}

/** The limits of one strategy at one moment. */
export interface RiskLimits extends Omit<OperatorLimits, 'exposure'> {
  /** A book whose feed was proved alive longer ago than this admits nothing, in ms. */
  readonly maxBookAgeMs: number;
  readonly maxLoopLagMs: number;
  /** Bounds of the position in the worst case, in fractional lots; undefined is no limit. */
  readonly maxPositionLots: number | undefined;
  readonly minPositionLots: number | undefined;
  /** In quote currency; undefined leaves the operator's share. */
  readonly maxDailyLoss: number | undefined;
  readonly maxDrawdown: number | undefined;
}

type Lowered = Omit<RiskLimits, 'maxBookAgeMs' | 'maxLoopLagMs' | 'maxPositionLots' | 'minPositionLots'>;

/** The stricter of what the operator allows and the strategy asks for, limit by limit. */
export function lowered({ exposure: _caps, ...operator }: OperatorLimits, wanted: WantedLimits): Lowered {
  return {
    ...operator,
    collarBps: least(operator.collarBps, wanted.collarBps),
    maxOrderNotional: smaller(operator.maxOrderNotional, wanted.maxOrderNotionalQuote),
    fillsPerMinute: least(operator.fillsPerMinute, wanted.maxFillsPerMinute),
    oneSidedOrders: least(operator.oneSidedOrders, wanted.maxOneSidedFills),
    maxDailyLoss: numberOf(wanted.maxDailyLossQuote),
    maxDrawdown: numberOf(wanted.maxDrawdownQuote),
  };
}

const least = (limit: number, wanted: number | null): number => Math.min(limit, wanted ?? Infinity);
const numberOf = (amount: Dec | null): number | undefined => (amount === null ? undefined : Number(amount));

function smaller(limit: Dec | undefined, wanted: Dec | null): Dec | undefined {
  if (wanted === null) return limit;
  return limit === undefined || Number(wanted) < Number(limit) ? wanted : limit;
}
