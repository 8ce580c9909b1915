import type { Decision } from '../../src/domain/quote';
import { decide, minimumOffsetBps } from '../../src/modules/execution/controllers/market-making.controller';
import { planOrders } from '../../src/modules/execution/executors/plan-orders';
import type { Plan } from '../../src/modules/execution/executors/plan-orders';
import { emptyHash, fold, goal } from '../case';
import type { Candidate, Case, Scale } from '../case';
import { decimalOf, decimalTick } from './decimal-tick';
import { config, instrument, monoMs, nowMs, sessionsOf, viewOf } from './sessions';
import type { SessionState } from './sessions';

const countOf = (count: number, scale: Scale): number => (scale === 'quick' ? count / 10 : count);

function planOf(session: SessionState): { readonly plan: Plan; readonly decision: Decision } {
  const view = viewOf(session);
  const decision = decide(view, config);
  const plan = planOrders({
    targets: decision.targets,
    orders: view.orders,
    config,
    referenceTicks: decision.trace.referenceTicks,
    monoMs,
    nowMs,
    instrument,
    minimumOffsetBps: minimumOffsetBps(config, instrument),
  });
  return { plan, decision };
}

/** Levels are below ten here; the sum must not cost what it checks. */
const weightOf = (slot: string): number => (slot.startsWith('bid') ? 1 : -1) * 7 ** (slot.charCodeAt(4) - 47);

/** Slots cancelled and kept, prices and quantities placed, and the unskewed ladder of the trace. */
interface Sums {
  readonly slots: number;
  readonly keeps: number;
  readonly prices: number;
  readonly lots: number;
  readonly unskewed: number;
}

/** Order within a plan is a matter of urgency, so the sums of what is asked for are compared. */
const hashOf = (hash: number, { slots, keeps, prices, lots, unskewed }: Sums): number =>
  [slots, keeps, prices, lots, unskewed].reduce(fold, hash);

function ours(count: number) {
  return (scale: Scale, seed: number): Candidate => {
    const sessions = sessionsOf(countOf(count, scale), seed);
    return {
      pass() {
        let hash = emptyHash;
        for (const session of sessions) {
          const { plan, decision } = planOf(session);
          let [slots, keeps, prices, lots, unskewed] = [0, 0, 0, 0, 0];
          for (const order of plan.keep) keeps += weightOf(order.slotKey);
          for (const quote of decision.trace.unskewed) unskewed += quote.priceTicks + quote.quantityLots;
          for (const { order } of plan.cancels) slots += weightOf(order.slotKey);
          for (const quote of plan.places) {
            prices += quote.priceTicks;
            lots += quote.quantityLots;
          }
          hash = hashOf(hash, { slots, keeps, prices, lots, unskewed });
        }
        return { operations: sessions.length, checksum: String(hash >>> 0) };
      },
    };
  };
}

function decimal(count: number) {
  return (scale: Scale, seed: number): Candidate => {
    const sessions = sessionsOf(countOf(count, scale), seed).map((one) => decimalOf(one, nowMs - 60_000));
    const { tickSize, lotSize } = instrument.rules;
    return {
      pass() {
        let hash = emptyHash;
        for (const session of sessions) {
          const { cancels, places, keeps: kept, trace } = decimalTick(session);
          let [slots, keeps, prices, lots, unskewed] = [0, 0, 0, 0, 0];
          for (const slot of kept) keeps += weightOf(slot);
          for (const quote of trace.unskewed)
            unskewed += quote.price.div(tickSize).plus(quote.quantity.div(lotSize)).toNumber();
          for (const slot of cancels) slots += weightOf(slot);
          for (const quote of places) {
            prices += quote.price.div(tickSize).toNumber();
            lots += quote.quantity.div(lotSize).toNumber();
          }
          hash = hashOf(hash, { slots, keeps, prices, lots, unskewed });
        }
        return { operations: sessions.length, checksum: String(hash >>> 0) };
      },
    };
  };
}

const tickCase = (count: number, goals: Case['goals']): Case => ({
  id: `tick-${count}`,
  unit: 'session',
  goals,
  note: 'View, decide and plan of 5 × 2 quotes on one shared book, the trace people read included; the reasons of held orders are made by ours alone.',
  candidates: { ours: ours(count), decimal: decimal(count) },
});

export const tickCases: readonly Case[] = [
  tickCase(1_000, []),
  tickCase(10_000, [goal('P9', 'decimal', 50)]),
];
