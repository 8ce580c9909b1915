import type { Decision, StrategyView } from '../../domain/quote';
import type { QuoteSide } from '../../domain/units';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { minimumOffsetBps } from './controllers/market-making.controller';
import { cappedSlotsOf, planOrders } from './executors/plan-orders';
import type { Plan } from './executors/plan-orders';
import { fit } from './risk/admit';
import type { Batch, RiskView } from './risk/risk-view';

export interface PlanStepInput {
  readonly decision: Decision;
  readonly view: StrategyView;
  readonly config: MarketMakingConfig;
  readonly risk: RiskView;
  readonly session: Pick<Batch, 'strategyId' | 'accountId' | 'venue' | 'epoch'>;
  readonly blockedSides?: readonly QuoteSide[];
}

/** From a decision to actions: what risk would let rest, compared with what may be resting. Pure. */
export function planStep({ decision, view, config, risk, session, blockedSides }: PlanStepInput): Plan {
  const { instrument } = view;
  const fitted = fit({ ...session, instrument, places: decision.targets }, risk);
  const plan = planOrders({
    targets: fitted.targets,
    orders: view.orders,
    config,
    referenceTicks: decision.trace.referenceTicks,
    monoMs: view.monoMs,
    nowMs: view.nowMs,
    instrument,
    minimumOffsetBps: minimumOffsetBps(config, instrument),
    blockedSides: blockedSides ?? [],
    cappedSlots: cappedSlotsOf(decision.reasons),
  });
  return { ...plan, reasons: [...fitted.reasons, ...plan.reasons] };
}
