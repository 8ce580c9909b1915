import { decide, minimumOffsetBps } from '../../src/modules/execution/controllers/market-making.controller';
import { planOrders } from '../../src/modules/execution/executors/plan-orders';
import type { Plan } from '../../src/modules/execution/executors/plan-orders';
import { emptyHash, fold, goal } from '../case';
import type { Candidate, Case, Scale } from '../case';
import { decimalOf, decimalTick } from './decimal-tick';
import { config, instrument, monoMs, nowMs, sessionsOf, viewOf } from './sessions';
import type { SessionState } from './sessions';

const countOf = (count: number, scale: Scale): number => (scale === 'quick' ? count / 10 : count);

function planOf(session: SessionState): Plan {
  const view = viewOf(session);
  const decision = decide(view, config);
  return planOrders({
    targets: decision.targets,
    orders: view.orders,
    config,
    referenceTicks: decision.trace.referenceTicks,
    monoMs,
    nowMs,
    instrument,
    minimumOffsetBps: minimumOffsetBps(config, instrument),
  });
}

/** Levels are below ten here; the sum must not cost what it checks. */
const weightOf = (slot: string): number => (slot.startsWith('bid') ? 1 : -1) * 7 ** (slot.charCodeAt(4) - 47);

interface Sums {
  readonly slots: number;
  readonly prices: number;
  readonly lots: number;
}

/** Order within a plan is a matter of urgency, so the sums of what is asked for are compared. */
const hashOf = (hash: number, { slots, prices, lots }: Sums): number =>
  fold(fold(fold(hash, slots), prices), lots);

function ours(count: number) {
  return (scale: Scale, seed: number): Candidate => {
    const sessions = sessionsOf(countOf(count, scale), seed);
    return {
      pass() {
        let hash = emptyHash;
        for (const session of sessions) {
          const plan = planOf(session);
          let [slots, prices, lots] = [0, 0, 0];
          for (const { order } of plan.cancels) slots += weightOf(order.slotKey);
          for (const quote of plan.places) {
            prices += quote.priceTicks;
            lots += quote.quantityLots;
          }
          hash = hashOf(hash, { slots, prices, lots });
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
          const { cancels, places } = decimalTick(session);
          let [slots, prices, lots] = [0, 0, 0];
          for (const slot of cancels) slots += weightOf(slot);
          for (const quote of places) {
            prices += quote.price.div(tickSize).toNumber();
            lots += quote.quantity.div(lotSize).toNumber();
          }
          hash = hashOf(hash, { slots, prices, lots });
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
  note: 'View, decide and plan of 5 × 2 quotes on one shared book. Ours also makes the reasons, the trace and the unskewed ladder that people read; the peer makes cancels and places alone.',
  candidates: { ours: ours(count), decimal: decimal(count) },
});

export const tickCases: readonly Case[] = [
  tickCase(1_000, []),
  tickCase(10_000, [goal('P9', 'decimal', 50)]),
];
