import fc from 'fast-check';
import { bookOf, configOf, instrumentOf, orderOf, viewOf } from '../../../../test/support/decisions';
import type { BookView, Decision, StrategyView, TargetQuote } from '../../../domain/quote';
import type { ClientOrder } from '../../../domain/order';
import { parseSlotKey } from '../../../domain/slot';
import type { QuoteSide } from '../../../domain/units';
import { capacityOf, commitmentsOf, heldLots, isUnresolved } from './inventory';
import { decide, minimumOffsetBps } from './market-making.controller';

const hundredths = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low * 100, max: high * 100 }).map((n) => n / 100);
const decimals = (low: number, high: number): fc.Arbitrary<string> =>
  fc.integer({ min: low * 1e3, max: high * 1e3 }).map((n) => String(n / 1e3));

const configs = fc
  .record({
    bidSpreadBps: hundredths(0.1, 300),
    askSpreadBps: hundredths(0.1, 300),
    minimumSpreadBps: hundredths(0, 50),
    costMode: fc.constantFrom('none', 'floor'),
    minEdgeBps: hundredths(0, 10),
    levels: fc.integer({ min: 1, max: 20 }),
    levelSpacingBps: hundredths(0.1, 600),
    orderQuantityBase: decimals(0.001, 5),
    maxBookSpreadBps: fc.constant(20_000),
    postOnly: fc.record({ marginTicks: fc.integer({ min: 1, max: 100 }) }),
    inventory: fc.record({
      mode: fc.constantFrom('ratio', 'base'),
      targetRatio: hundredths(0, 1),
      rangeRatio: hundredths(0.01, 1),
      targetBase: decimals(0, 20),
      rangeBase: decimals(0.001, 20),
      priceSkew: hundredths(0, 1),
      sizeSkew: hundredths(0, 1),
      maxShiftRatio: hundredths(0, 1),
      maxBase: fc.option(decimals(10, 40)),
      minBase: decimals(0, 10),
    }),
  })
  .map((raw) => configOf(raw));

const books = fc
  .record({ bid: fc.integer({ min: 50, max: 1_000_000 }), width: fc.integer({ min: 1, max: 500 }) })
  .map(({ bid, width }) => bookOf(bid, bid + width));

const orders = fc.array(
  fc
    .record({
      slot: fc.constantFrom('bid-0', 'bid-1', 'bid-7', 'ask-0', 'ask-3'),
      quantity: fc.integer({ min: 1, max: 5_000 }),
      filled: hundredths(0, 1),
      booked: hundredths(0, 1),
      acknowledged: fc.boolean(),
      isDoubted: fc.boolean(),
      command: fc.constantFrom('NONE', 'CANCEL_SENT', 'CANCEL_UNKNOWN'),
    })
    .map(({ slot, filled, booked, isDoubted, quantity, acknowledged, command }): ClientOrder => {
      const maxFilled = acknowledged ? Math.floor(quantity * filled * 0.99) : 0;
      return orderOf({
        slotKey: slot,
        side: slot.startsWith('bid') ? 'buy' : 'sell',
        quantity,
        maxFilled,
        bookedFilled: Math.floor(maxFilled * booked),
        acknowledged,
        doubtSince: isDoubted ? 1 : undefined,
        command: command,
      });
    }),
  { maxLength: 5 },
);

const bases = fc.integer({ min: 0, max: 40_000 }).map((n) => n / 1e3);
const quotes = fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 10);
const scenes = fc.record({ config: configs, book: books, base: bases, quote: quotes, orders });
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

const sceneView = ({ book, base, quote, orders: own }: Omit<Scene, 'config'>): StrategyView =>
  viewOf({ book, base, quote, orders: own });
const of = (decision: Decision, side: QuoteSide): readonly TargetQuote[] =>
  decision.targets.filter((target) => target.side === side);

/** Lots quoted on a side from level 0 to this one: inner levels take from a limited capacity first. */
const downTo = (decision: Decision, side: QuoteSide, level: number): number =>
  of(decision, side)
    .filter((quote) => parseSlotKey(quote.slot)!.level <= level)
    .reduce((sum, quote) => sum + quote.quantityLots, 0);

describe('quotes of any view and configuration', () => {
  it('more base: no price rises, and down to every level no more is bid and no less is asked', () => {
    fc.assert(
      fc.property(scenes, bases, (scene, more) => {
        const less = decide(sceneView(scene), scene.config);
        const richer = decide(sceneView({ ...scene, base: scene.base + more }), scene.config);
        for (const quote of richer.targets) {
          const before = less.targets.find((other) => other.slot === quote.slot);
          if (before) expect(quote.priceTicks).toBeLessThanOrEqual(before.priceTicks);
        }
        for (let level = 0; level < scene.config.levels; level += 1) {
          const rounding = level + 1; // Each level is floored to a whole lot.
          expect(downTo(richer, 'bid', level)).toBeLessThanOrEqual(downTo(less, 'bid', level) + rounding);
          expect(downTo(richer, 'ask', level)).toBeGreaterThanOrEqual(downTo(less, 'ask', level) - rounding);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('swapping the sides and the inventory mirrors the quotes', () => {
    fc.assert(
      fc.property(
        configs,
        fc.integer({ min: 20, max: 400 }),
        fc.integer({ min: -10_000, max: 10_000 }),
        (config, half, off) => {
          const inventory = {
            ...config.inventory,
            mode: 'base',
            targetBase: '1000',
            maxBase: null,
            minBase: '0',
          } as const;
          const straight = { ...config, inventory };
          const mirrored = {
            ...straight,
            bidSpreadBps: config.askSpreadBps,
            askSpreadBps: config.bidSpreadBps,
          };
          const book: BookView = bookOf(100_000 - half, 100_000 + half);
          const one = decide(viewOf({ book, base: 1_000 + off / 1e3, quote: 1e6 }), straight);
          const other = decide(viewOf({ book, base: 1_000 - off / 1e3, quote: 1e6 }), mirrored);
          for (const ask of of(other, 'ask')) {
            const bid = one.targets.find((quote) => quote.slot === ask.slot.replace('ask', 'bid'));
            if (ask.priceTicks >= 200_000) continue; // Its mirror would be free of charge.
            if (!bid) expect(ask.quantityLots).toBeLessThanOrEqual(1);
            if (bid) expect(Math.abs(200_000 - ask.priceTicks - bid.priceTicks)).toBeLessThanOrEqual(1);
            if (bid) expect(Math.abs(bid.quantityLots - ask.quantityLots)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never crosses, is ordered, on the grid, above the minimums and outside the floor', () => {
    const instrument = instrumentOf({ minNotional: '5', minQuantity: '0.01' });
    fc.assert(
      fc.property(scenes, (scene) => {
        const decision = decide({ ...sceneView(scene), instrument }, scene.config);
        const touch = scene.book.publicTouch!;
        const floor = minimumOffsetBps(scene.config, instrument);
        const reference = (touch.bid + touch.ask) / 2;
        for (const quote of decision.targets) {
          const { side, priceTicks, quantityLots } = quote;
          expect(Number.isInteger(priceTicks) && Number.isInteger(quantityLots)).toBe(true);
          expect(priceTicks).toBeGreaterThan(0);
          expect(quantityLots).toBeGreaterThanOrEqual(instrument.minLotsAt(priceTicks));
          expect(side === 'bid' ? priceTicks < touch.ask : priceTicks > touch.bid).toBe(true);
          const offset =
            ((side === 'bid' ? reference - priceTicks : priceTicks - reference) / reference) * 1e4;
          expect(offset).toBeGreaterThanOrEqual(floor - 0.05);
        }
        for (const side of ['bid', 'ask'] as const) {
          const prices = of(decision, side).map((quote) =>
            side === 'bid' ? -quote.priceTicks : quote.priceTicks,
          );
          prices.slice(1).forEach((price, i) => expect(price).toBeGreaterThan(prices[i]!));
        }
        const best = [
          Math.max(...of(decision, 'bid').map((q) => q.priceTicks)),
          Math.min(...of(decision, 'ask').map((q) => q.priceTicks)),
        ];
        expect(best[0]).toBeLessThan(best[1]!);
      }),
      { numRuns: 1_000 },
    );
  });

  it('if everything fills the position stays inside its hard bounds, unless it was outside before', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const view = sceneView(scene);
        const decision = decide(view, scene.config);
        for (const side of ['bid', 'ask'] as const) {
          const capacity = capacityOf(scene.config, view, commitmentsOf(view.orders), side);
          const wanted = of(decision, side).reduce((sum, quote) => {
            const held = scene.orders
              .filter((order) => order.slotKey === quote.slot && isUnresolved(order))
              .reduce((lots, order) => lots + heldLots(order), 0);
            return sum + Math.max(0, quote.quantityLots - held);
          }, 0);
          expect(wanted).toBeLessThanOrEqual(Math.max(0, capacity) + 1e-5);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('a level that is missing or smaller for a limit has a reason, and no reason comes twice', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const decision = decide(sceneView(scene), scene.config);
        for (const side of ['bid', 'ask'] as const) {
          for (let level = 0; level < scene.config.levels; level += 1) {
            if (decision.targets.some((quote) => quote.slot === `${side}-${level}`)) continue;
            const reasons = decision.reasons.filter(
              (r) => r.slot === `${side}-${level}` || (!r.slot && r.side !== 'both'),
            );
            expect(reasons.some((reason) => reason.effect !== 'info')).toBe(true);
          }
        }
        const keys = decision.reasons.map((reason) => `${reason.code} ${reason.side} ${reason.slot}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(decision.targets.every((quote) => parseSlotKey(quote.slot)?.side === quote.side)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is deterministic and its answer survives JSON', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const view = sceneView(scene);
        const text = JSON.stringify(decide(view, scene.config));
        expect(JSON.stringify(decide(view, scene.config))).toBe(text);
        expect(text).not.toMatch(/null/);
      }),
      { numRuns: 300 },
    );
  });

  it('own orders never move the reference: only the book without them counts', () => {
    const book = bookOf(9_990, 10_010, { publicTouch: { bid: 9_995, ask: 10_003 } });
    expect(decide(viewOf({ book }), configOf()).trace.referenceTicks).toBe(10_000);
  });
});
