import { refuse } from './check-state';
import type { Check } from './check-state';
import type { RiskView } from './risk-view';

const figure = (amount: number): string => String(Number(amount.toPrecision(10)));

/** 13: what the day has cost, and what was lost since its best moment. Ends with the UTC day or with a person. */
export const losses: Check = (quote, { view }) => {
  const breach = lossBreach(view);
  return breach && refuse(quote, breach.code, breach.params, 'block');
};

export interface LossBreach {
  readonly code: 'LOSS_LIMIT' | 'DRAWDOWN_LIMIT';
  readonly params: { readonly used: string; readonly limit: string };
}

/** Which loss limit the day is beyond; the strategy is halted for it. At the limit it still trades. */
export function lossBreach(view: Pick<RiskView, 'recent' | 'limits'>): LossBreach | undefined {
  const { day } = view.recent;
  if (!day) return undefined;
  const { dailyLossRatio, drawdownRatio, maxDailyLoss, maxDrawdown } = view.limits;
  const lossLimit = Math.min(dailyLossRatio * day.equity, maxDailyLoss ?? Infinity);
  const loss = -day.pnl;
  if (loss > lossLimit)
    return { code: 'LOSS_LIMIT', params: { used: figure(loss), limit: figure(lossLimit) } };
  const fallLimit = Math.min(drawdownRatio * day.equity, maxDrawdown ?? Infinity);
  const fall = day.peak - day.pnl;
  if (fall <= fallLimit) return undefined;
  return { code: 'DRAWDOWN_LIMIT', params: { used: figure(fall), limit: figure(fallLimit) } };
}

/** 14, first part: filled more often than a market maker with fair prices is. */
export const fillRate: Check = (quote, { view: { recent, limits } }) => {
  if (recent.fills <= limits.fillsPerMinute) return undefined;
  return refuse(quote, 'TOXIC_FLOW', { fills: recent.fills, limit: limits.fillsPerMinute });
};

/** 14, second part: one side is filled again and again, so the market runs over it. The other side may go on. */
export const oneSided: Check = (quote, { view: { recent, limits } }) => {
  const { streak } = recent;
  if (streak?.side !== quote.side || streak.orders <= limits.oneSidedOrders) return undefined;
  return refuse(quote, 'ONE_SIDED_FILLS', { orders: streak.orders, limit: limits.oneSidedOrders });
};

/** 15: the value of base held and bid for, in quote currency, of everybody in a scope. A sale only lowers it. */
export const exposure: Check = (quote, { view, worst, added, instrument }) => {
  if (quote.side === 'ask' || view.exposure.length === 0) return undefined;
  const lots = Math.max(0, worst.long + added.bid + quote.quantityLots);
  const own = lots * quote.priceTicks * instrument.tickLotValue;
  for (const { scope, others, limit } of view.exposure) {
    if (others + own <= limit) continue;
    return refuse(quote, 'EXPOSURE_LIMIT', { scope, used: figure(others + own), limit: figure(limit) });
  }
  return undefined;
};
