import BigNumber from 'bignumber.js';
import type { MemoryLedger } from '../../../src/modules/execution/store/memory-ledger';
import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import { holdOf } from '../../../src/domain/hold';
import { strategyHolder } from '../../../src/modules/execution/store/ledger';
import type { Mutant } from './mutant';

const ledgerOf = (database: MemoryStore): MemoryLedger =>
  (database as unknown as { readonly ledger: MemoryLedger }).ledger;

/** What the open trades of a strategy have cost, on average. */
class AverageCost {
  private lots = 0;
  price = 0;

  add(quantity: number, price: number): void {
    const lots = this.lots + quantity;
    const isGrowing = Math.sign(quantity) === Math.sign(this.lots) || this.lots === 0;
    if (isGrowing) this.price = (this.price * this.lots + price * quantity) / (lots || 1);
    else if (Math.sign(lots) !== Math.sign(this.lots)) this.price = price;
    this.lots = lots;
  }
}

/** Bugs in what money does. */
export const moneyMutants: readonly Mutant[] = [
  {
    id: 'M15',
    bug: 'a fill is posted by the stream and by a read',
    expect: ['I4', 'I5'],
    plant: ({ reached }) => ({
      engine: ({ orders }) => {
        const onFill = orders.onFill.bind(orders);
        orders.onFill = (venue, accountId, fill) => {
          if (fill.source !== 'rest-trades') return onFill(venue, accountId, fill);
          reached();
          return onFill(venue, accountId, { ...fill, tradeId: `rest-${fill.tradeId}` });
        };
      },
    }),
  },
  {
    id: 'M21',
    bug: 'held funds are released when the cancel is sent',
    expect: ['I2'],
    plant: ({ world, reached }) => ({
      engine: ({ orders }) => {
        const command = orders.command.bind(orders);
        orders.command = (id, word) => {
          const order = orders.get(id);
          const rules = orders.rulesOf(id);
          if (word === 'CANCEL_SENT' && order?.command === 'NONE' && !order.ended && rules) {
            reached();
            const hold = holdOf(rules, order.side, order.price);
            const held = new BigNumber(rules.quantity(order.quantity - order.bookedFilled)).times(hold.rate);
            ledgerOf(world.database).release(strategyHolder(order.strategyId), hold.asset, held);
          }
          command(id, word);
        };
      },
    }),
  },
  {
    id: 'M25',
    bug: 'the loss limit looks at realised profit alone',
    expect: ['I24'],
    row: 'X1',
    arrange: (plan) => ({
      ...plan,
      strategies: plan.strategies.map((one) => ({
        ...one,
        config: { ...one.config, limits: { maxDailyLossQuote: '5' } },
      })),
    }),
    plant: ({ reached }) => ({
      engine: ({ risk }) => {
        const costs = new Map<string, AverageCost>();
        const filled = risk.memory.filled.bind(risk.memory);
        const mark = risk.memory.mark.bind(risk.memory);
        risk.memory.filled = (fill, at) => {
          const cost = costs.get(fill.strategyId) ?? new AverageCost();
          costs.set(fill.strategyId, cost);
          cost.add(Number(fill.quantity) * (fill.side === 'buy' ? 1 : -1), Number(fill.price));
          filled(fill, at);
        };
        risk.memory.mark = (strategyId, { price, ...held }, now) => {
          const cost = costs.get(strategyId)?.price;
          if (cost !== undefined && cost !== price) reached();
          mark(strategyId, { ...held, price: cost ?? price }, now);
        };
      },
    }),
  },
  {
    id: 'M26',
    bug: 'a fee is taken and given to nobody',
    expect: ['I6', 'I5'],
    plant: ({ world, reached }) => {
      if (world.stats.boots > 1) return {};
      const ledger = ledgerOf(world.database);
      const post = ledger.post.bind(ledger);
      ledger.post = (key, kind, lines) => {
        if (kind === 'fee') reached();
        post(key, kind, kind === 'fee' ? lines.slice(0, 1) : lines);
      };
      return {};
    },
  },
];
