import { bookOf, configOf, instrumentOf, restingAt, riskOf, viewOf } from '../../../test/support/decisions';
import type { StrategyView } from '../../domain/quote';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { decide } from './controllers/market-making.controller';
import { dryPlan } from './dry-plan';
import { cappedSlotsOf, planOrders } from './executors/plan-orders';
import { admit, fit } from './risk/admit';

const session = { strategyId: 's1', accountId: 'a1', venue: 'binance', epoch: 1 } as const;
const planned = (view: StrategyView, config: MarketMakingConfig) =>
  dryPlan({ view, config, risk: riskOf(view, config), session });

describe('dryPlan', () => {
  it('shows the quotes, what they cost and what they need', () => {
    expect(planned(viewOf({ base: 15 }), configOf())).toEqual({
      reference: { price: '100', asOf: 1_000_000 },
      quotes: [
        {
          slot: 'bid-0',
          side: 'bid',
          price: '99.88',
          unskewedPrice: '99.9',
          quantity: '0.6',
          notionalQuote: '59.928',
          distanceBps: 12,
        },
        {
          slot: 'ask-0',
          side: 'ask',
          price: '100.08',
          unskewedPrice: '100.1',
          quantity: '1.4',
          notionalQuote: '140.112',
          distanceBps: 8,
        },
      ],
      feeRoundTripBps: 15,
      breakEvenSpreadBps: 15,
      quotedSpreadBps: 20,
      required: { base: '1.4', quote: '59.972946' },
      blockers: [],
      warnings: [],
    });
  });

  it('names the field and the figure that stand in the way', () => {
    const view = viewOf({ instrument: instrumentOf({ minNotional: '150' }) });
    expect(planned(view, configOf()).blockers[0]).toEqual({
      code: 'BELOW_MIN_NOTIONAL',
      pointer: '/config/orderQuantityBase',
      detail: 'bid-0: Quantity 1 is below the 1.502 that the minimum value of the venue asks at this price.',
      fix: 'Raise the order size.',
    });
  });

  it('points at the allocation when nothing can rest, and only warns when something can', () => {
    const config = configOf({ bidSpreadBps: 5, inventory: { sizeSkew: 0 } });
    const poor = planned(viewOf({ base: 0, quote: 0 }), config);
    expect(poor.blockers).toMatchObject([
      { code: 'INSUFFICIENT_BASE', pointer: '/allocation' },
      { code: 'INSUFFICIENT_QUOTE', pointer: '/allocation' },
    ]);
    expect(poor.required).toEqual({ base: '1', quote: '100.0249625' });
    const oneSided = planned(viewOf({ base: 0, quote: 500 }), config);
    expect(oneSided.blockers).toEqual([]);
    expect(oneSided.warnings).toEqual(['SPREAD_BELOW_COST', 'ONE_SIDED_BALANCE', 'INSUFFICIENT_BASE ask-0']);
  });

  it('a size that only the lean makes too small is no fault of the configuration', () => {
    const view = viewOf({ base: 5, quote: 1_000, instrument: instrumentOf({ minNotional: '50' }) });
    const plan = planned(view, configOf());
    expect(plan.blockers).toEqual([]);
    expect(plan.warnings).toEqual(['ONE_SIDED_BALANCE', 'BELOW_MIN_NOTIONAL ask-0']);
  });

  it('without a book there is no reference and the block says why', () => {
    const plan = planned(viewOf({ book: bookOf(1, 2, { status: 'empty' }) }), configOf());
    expect(plan).toMatchObject({
      reference: undefined,
      quotes: [],
      quotedSpreadBps: undefined,
      blockers: [{ code: 'BOOK_EMPTY' }],
    });
  });
});

describe('a tick', () => {
  const config = configOf({ levels: 3 });
  const stepOf = (view: StrategyView) => {
    const risk = riskOf(view, config);
    const decision = decide(view, config);
    const { targets } = fit({ ...session, instrument: view.instrument, places: decision.targets }, risk);
    const plan = planOrders({
      targets,
      orders: view.orders,
      config,
      referenceTicks: decision.trace.referenceTicks,
      monoMs: view.monoMs,
      nowMs: view.nowMs,
      instrument: view.instrument,
      cappedSlots: cappedSlotsOf(decision.reasons),
    });
    return { plan, risk };
  };

  it('what the dry plan shows is what the first tick creates, and the second tick sends nothing', () => {
    const view = viewOf({ base: 10, quote: 250 });
    const { plan, risk } = stepOf(view);
    let id = 0;
    const batch = {
      ...session,
      instrument: view.instrument,
      places: plan.places,
      nextId: () => `id-${(id += 1)}`,
    };
    const { approved } = admit(batch, risk);
    const shown = planned(view, config).quotes;
    expect(approved.map((order) => [order.slotKey, view.instrument.quantity(order.quantity)]).sort()).toEqual(
      shown.map((quote) => [quote.slot, quote.quantity]).sort(),
    );
    const orders = plan.places.map((target) => restingAt(target, { sentAt: -50_000 }));
    const held = { ...view.inventory, freeBaseLots: 0, freeQuoteTickLots: 0 };
    const again = stepOf({ ...view, orders, inventory: held }).plan;
    expect(again.cancels).toEqual([]);
    expect(again.places).toEqual([]);
    expect(again.keep).toHaveLength(shown.length);
  });
});
