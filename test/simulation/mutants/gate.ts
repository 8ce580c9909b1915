import type { ClientOrder } from '../../../src/domain/order';
import { unbookedOf } from '../../../src/domain/order';
import type { Engine } from '../../../src/modules/execution/engine';
import { decide } from '../../../src/modules/execution/controllers/market-making.controller';
import { admit, fit } from '../../../src/modules/execution/risk/admit';
import { isUnproven, withLimits, withRows } from './helpers';
import type { Mutant } from './mutant';

/** While sessions decide, the orders of the engine are these. */
function whileDeciding(
  engine: Engine,
  shown: (orders: readonly ClientOrder[]) => readonly ClientOrder[],
): void {
  const { orders, clock } = engine;
  let isDeciding = false;
  const [unended, all] = [orders.unended.bind(orders), orders.allUnended.bind(orders)];
  const on = orders.unendedOn.bind(orders);
  orders.unended = (id) => (isDeciding ? shown(unended(id)) : unended(id));
  orders.allUnended = () => (isDeciding ? shown(all()) : all());
  orders.unendedOn = (market) => (isDeciding ? shown(on(market)) : on(market));
  const register = clock.register.bind(clock);
  clock.register = (phase, iterator) => {
    if (phase !== 'decide') return register(phase, iterator);
    const onTick = iterator.onTick.bind(iterator);
    iterator.onTick = (tick) => {
      isDeciding = true;
      try {
        onTick(tick);
      } finally {
        isDeciding = false;
      }
    };
    register(phase, iterator);
  };
}

/** It counts for nothing: neither what may fill nor what has filled and is not booked. */
const weightless = (order: ClientOrder): ClientOrder =>
  isUnproven(order)
    ? { ...order, maxFilled: order.quantity, bookedFilled: order.quantity }
    : { ...order, bookedFilled: order.maxFilled };

/** Where nothing can meet it. */
const faraway = (order: ClientOrder): ClientOrder =>
  isUnproven(order) ? { ...order, price: order.side === 'buy' ? 1 : 1e9 } : order;

/** Bugs in what is admitted. */
export const gateMutants: readonly Mutant[] = [
  {
    id: 'M02',
    bug: 'every target is placed again each tick, whatever rests',
    expect: ['I1'],
    arrange: withLimits(4),
    plant: ({ reached }) => ({
      engine: (engine) => {
        const { executor } = engine;
        let made = 0;
        whileDeciding(engine, (orders) => {
          if (orders.length > 0) reached();
          return [];
        });
        const act = executor.act.bind(executor);
        const freshSlot = (slot: string): string => `${slot.split('-')[0]}-${(made += 1)}`;
        executor.act = (steps) =>
          act(
            steps.map((step) => ({
              ...step,
              approved: step.approved.map((order) => ({ ...order, slotKey: freshSlot(order.slotKey) })),
            })),
          );
      },
    }),
  },
  {
    id: 'M08',
    bug: 'ticks overlap: one decides before what the last one does is known',
    expect: ['I1', 'I20'],
    row: 'C4',
    plant: ({ reached }) => ({
      engine: (engine) => {
        const { executor } = engine;
        whileDeciding(engine, (orders) => {
          const known = orders.filter(({ committedAt }) => committedAt > 0);
          if (known.length < orders.length) reached();
          return known;
        });
        Object.defineProperty(executor, 'isCommitting', { get: () => false });
      },
    }),
  },
  {
    id: 'M14',
    bug: 'exposure counts neither what is unproven nor what is not booked',
    expect: ['I1'],
    arrange: (plan) => withRows({ O15: 0.2, X3: 0.05, T2: 0.1 })(withLimits(1.5)(plan)),
    plant: ({ reached }) => {
      const shown = (orders: readonly ClientOrder[]): readonly ClientOrder[] => {
        if (orders.some((order) => isUnproven(order) || unbookedOf(order) > 0)) reached();
        return orders.map(weightless);
      };
      return {
        parts: {
          decide: (view, config) => decide({ ...view, orders: shown(view.orders) }, config),
          fit: (batch, view) => fit(batch, { ...view, orders: shown(view.orders) }),
          admit: (batch, view) => admit(batch, { ...view, orders: shown(view.orders) }),
        },
      };
    },
  },
  {
    id: 'M22',
    bug: 'the guard against own orders skips the unproven ones',
    expect: ['I9'],
    arrange: withRows({ O15: 0.15, X1: 0.1 }),
    plant: ({ reached }) => {
      const shown = (orders: readonly ClientOrder[]): readonly ClientOrder[] => {
        if (orders.some(isUnproven)) reached();
        return orders.map(faraway);
      };
      return {
        parts: {
          fit: (batch, view) => fit(batch, { ...view, orders: shown(view.orders) }),
          admit: (batch, view) => admit(batch, { ...view, orders: shown(view.orders) }),
        },
      };
    },
  },
];
