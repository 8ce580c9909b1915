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

const levelOf = (slot: string): number => (slot.startsWith('bid') ? 1 : -1) * (1 + Number(slot.slice(4)));

/** Order within a plan is a matter of urgency, so the sums of what is asked for are compared. */
function hashOf(
  hash: number,
  cancels: readonly string[],
  places: readonly (readonly [number, number])[],
): number {
  const slots = cancels.reduce(
    (sum, slot) => sum + 7 ** Math.abs(levelOf(slot)) * Math.sign(levelOf(slot)),
    0,
  );
  const prices = places.reduce((sum, [ticks]) => sum + ticks, 0);
  const lots = places.reduce((sum, [, quantity]) => sum + quantity, 0);
  return fold(fold(fold(hash, slots), prices), lots);
}

function ours(count: number) {
  return (scale: Scale, seed: number): Candidate => {
    const sessions = sessionsOf(countOf(count, scale), seed);
    return {
      pass() {
        let hash = emptyHash;
        for (const session of sessions) {
          const plan = planOf(session);
          const places = plan.places.map((quote) => [quote.priceTicks, quote.quantityLots] as const);
          const cancels = plan.cancels.map(({ order }) => order.slotKey);
          hash = hashOf(hash, cancels, places);
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
          const numbers = places.map(
            (quote) =>
              [quote.price.div(tickSize).toNumber(), quote.quantity.div(lotSize).toNumber()] as const,
          );
          hash = hashOf(hash, cancels, numbers);
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
  note: 'View, decide and plan of 5 × 2 quotes; ours also makes the reasons and the trace that people read.',
  candidates: { ours: ours(count), decimal: decimal(count) },
});

export const tickCases: readonly Case[] = [
  tickCase(1_000, []),
  tickCase(10_000, [goal('P9', 'decimal', 50)]),
];
