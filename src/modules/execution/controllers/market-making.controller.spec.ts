import { bookOf, configOf, instrumentOf, orderOf, viewOf } from '../../../../test/support/decisions';
import type { Decision, StrategyView } from '../../../domain/quote';
import { decide } from './market-making.controller';

const quotesOf = (decision: Decision): readonly string[] =>
  decision.targets.map((quote) => `${quote.slot} ${quote.priceTicks}×${quote.quantityLots}`);
const codesOf = (decision: Decision): readonly string[] =>
  decision.reasons.map((reason) => `${reason.code} ${reason.slot ?? reason.side}`);

describe('decide', () => {
  it.each([
    ['E7 neutral', 10, 0, 0, ['bid-0 9990×1000', 'ask-0 10010×1000']],
    ['E8 long', 15, 0.4, 2, ['bid-0 9988×600', 'ask-0 10008×1400']],
    ['E9 full', 30, 1, 5, ['ask-0 10005×2000']],
    ['E10 short', 5, -0.6667, -3.3333, ['bid-0 9993×1666', 'ask-0 10014×333']],
  ])('%s: leans on both prices and both sizes', (_, base, lean, shift, expected) => {
    const decision = decide(viewOf({ base }), configOf());
    expect(quotesOf(decision)).toEqual(expected);
    expect(decision.trace.lean).toBeCloseTo(lean, 4);
    expect(decision.trace.shiftBps).toBeCloseTo(shift, 4);
    expect(decision.trace.unskewed.map((quote) => quote.priceTicks)).toEqual([9990, 10010]);
  });

  it('E11 never quotes inside the cost floor, however full it is', () => {
    const config = configOf({ costMode: 'floor', minEdgeBps: 0, inventory: { priceSkew: 1 } });
    const decision = decide(viewOf({ base: 30 }), config);
    expect(quotesOf(decision)).toEqual(['ask-0 10008×2000']);
    expect(codesOf(decision)).toEqual(['INVENTORY_LIMIT bid-0']);
  });

  it('E5 widens a spread below the fee to the fee and says so', () => {
    const config = configOf({ costMode: 'floor', minEdgeBps: 0, bidSpreadBps: 2, askSpreadBps: 2 });
    const decision = decide(viewOf(), config);
    expect(decision.trace.halfSpreadBps).toEqual({ bid: 7.5, ask: 7.5 });
    expect(codesOf(decision)).toEqual(['BELOW_MIN_SPREAD bid', 'BELOW_MIN_SPREAD ask']);
  });

  it('a rebate never makes the floor negative', () => {
    const view = viewOf({ instrument: instrumentOf({ makerFeeBps: -2 }) });
    const config = configOf({ costMode: 'floor', bidSpreadBps: 0.1, askSpreadBps: 0.1 });
    expect(decide(view, config).targets.map((q) => q.priceTicks)).toEqual([9_999, 10_001]);
  });

  it('E13 spaces the levels outwards', () => {
    const decision = decide(viewOf(), configOf({ levels: 3 }));
    expect(quotesOf(decision).slice(0, 3)).toEqual(['bid-0 9990×1000', 'bid-1 9985×1000', 'bid-2 9980×1000']);
  });

  it('E17 fills the inventory cap from the inner level and says why the rest is missing', () => {
    const inventory = { priceSkew: 0, sizeSkew: 0, maxBase: '10' };
    const decision = decide(viewOf({ base: 8.7 }), configOf({ levels: 3, inventory }));
    expect(quotesOf(decision).filter((q) => q.startsWith('bid'))).toEqual([
      'bid-0 9990×1000',
      'bid-1 9985×300',
    ]);
    expect(codesOf(decision).filter((c) => c.startsWith('INVENTORY'))).toEqual([
      'INVENTORY_LIMIT bid-1',
      'INVENTORY_LIMIT bid-2',
    ]);
  });

  it('counts orders whose end is not known, in another slot, against the cap', () => {
    const inventory = { priceSkew: 0, sizeSkew: 0, maxBase: '11.5' };
    const lost = orderOf({ slotKey: 'bid-9', doubtSince: 1 });
    const decision = decide(viewOf({ orders: [lost] }), configOf({ inventory }));
    expect(quotesOf(decision)[0]).toBe('bid-0 9990×500');
  });

  it.each(['bid-0', 'bid-0b'])(
    'an unresolved order in %s does not push out the levels behind it',
    (slotKey) => {
      const inventory = { priceSkew: 0, sizeSkew: 0, maxBase: '12' };
      const pending = orderOf({ slotKey, acknowledged: false, sentAt: 99_990 });
      const decision = decide(viewOf({ orders: [pending] }), configOf({ levels: 2, inventory }));
      expect(quotesOf(decision).slice(0, 2)).toEqual(['bid-0 9990×1000', 'bid-1 9985×1000']);
    },
  );

  it('takes a fill that is not booked off the capacity', () => {
    const inventory = { priceSkew: 0, sizeSkew: 0, maxBase: '11' };
    const filling = orderOf({ maxFilled: 400 });
    const decision = decide(viewOf({ orders: [filling] }), configOf({ inventory }));
    expect(quotesOf(decision)[0]).toBe('bid-0 9990×600');
  });

  it('E20 rounds away from the reference', () => {
    const config = configOf({ bidSpreadBps: 14.75, askSpreadBps: 4.75 });
    expect(decide(viewOf(), config).targets.map((q) => q.priceTicks)).toEqual([9_985, 10_005]);
  });

  it('stays a margin away from the touch and says so', () => {
    const view = viewOf({ book: bookOf(9_980, 10_020) });
    const config = configOf({ bidSpreadBps: 0.1, askSpreadBps: 10, postOnly: { marginTicks: 30 } });
    const decision = decide(view, config);
    expect(decision.targets.map((q) => q.priceTicks)).toEqual([9_990, 10_010]);
    expect(codesOf(decision)).toEqual(['POST_ONLY_MARGIN bid-0']);
  });

  it('sizes a quote currency order at the reference', () => {
    const decision = decide(viewOf(), configOf({ orderNotionalQuote: '50' }));
    expect(quotesOf(decision)).toEqual(['bid-0 9990×500', 'ask-0 10010×500']);
  });

  it('leans on a target in base where the mode says so', () => {
    const inventory = { mode: 'base', targetBase: '5', rangeBase: '5', maxBase: '10' };
    const decision = decide(viewOf({ base: 8, quote: 0 }), configOf({ inventory }));
    expect(quotesOf(decision)).toEqual(['bid-0 9987×400', 'ask-0 10007×1600']);
  });

  it('names the minimum of the venue that a level misses', () => {
    const view = viewOf({ instrument: instrumentOf({ minNotional: '150' }) });
    const decision = decide(view, configOf());
    expect(decision.targets).toEqual([]);
    expect(decision.reasons[0]).toMatchObject({
      code: 'BELOW_MIN_NOTIONAL',
      slot: 'bid-0',
      params: { quantity: '1', minimum: '1.502' },
    });
  });
});

it('a book is as wide as the configuration says it may be', () => {
  expect(codesOf(decide(viewOf({ book: bookOf(9_999, 10_407) }), configOf()))).not.toContain(
    'BOOK_TOO_WIDE both',
  );
  const wide = viewOf({ book: bookOf(9_999, 10_900) });
  expect(codesOf(decide(wide, configOf({ maxBookSpreadBps: 1_000 })))).not.toContain('BOOK_TOO_WIDE both');
});

describe('decide, when nothing may be quoted', () => {
  it.each<[string, Partial<StrategyView>, string]>([
    [
      'the book is out of sequence',
      { book: bookOf(9_999, 10_001, { status: 'invalid', problem: 'gap' }) },
      'BOOK_GAP_RESYNC both',
    ],
    ['the book never came', { book: bookOf(9_999, 10_001, { status: 'empty' }) }, 'BOOK_EMPTY both'],
    ['the feed went silent', { book: bookOf(9_999, 10_001, { livenessAgeMs: 5_001 }) }, 'BOOK_STALE both'],
    [
      'the feed never was alive',
      { book: bookOf(9_999, 10_001, { livenessAgeMs: Infinity }) },
      'BOOK_STALE both',
    ],
    ['only we quote a side', { book: bookOf(9_999, 10_001, { asks: [] }) }, 'BOOK_EMPTY both'],
    ['the book is crossed', { book: bookOf(10_001, 10_001) }, 'BOOK_CROSSED both'],
    ['one far order is left on a side', { book: bookOf(9_999, 10_408) }, 'BOOK_TOO_WIDE both'],
    [
      'the venue halted the pair',
      { instrument: instrumentOf({ status: 'halted' }) },
      'INSTRUMENT_HALTED both',
    ],
    [
      'the venue only cancels',
      { instrument: instrumentOf({ status: 'cancel_only' }) },
      'INSTRUMENT_CANCEL_ONLY both',
    ],
  ])('%s: no target, one block', (_, change, expected) => {
    const decision = decide(viewOf(change), configOf());
    expect(decision.targets).toEqual([]);
    expect(codesOf(decision)).toEqual([expected]);
    expect(decision.reasons[0]!.effect).toBe('block');
  });

  it('a quiet book that is proven alive is quoted', () => {
    const book = bookOf(9_999, 10_001, { livenessAgeMs: 5_000, changeAgeMs: 600_000 });
    expect(decide(viewOf({ book }), configOf()).targets).toHaveLength(2);
  });

  it('a block of one side leaves the other', () => {
    const gate = { reasons: [{ code: 'PAUSED_BY_RISK', effect: 'block', side: 'bid', params: {} } as const] };
    const decision = decide(viewOf({ gate }), configOf());
    expect(quotesOf(decision)).toEqual(['ask-0 10010×1000']);
    expect(codesOf(decision)).toEqual(['PAUSED_BY_RISK bid']);
  });

  it('a hold of the gate pulls nothing', () => {
    const gate = { reasons: [{ code: 'CIRCUIT_OPEN', effect: 'hold', side: 'both', params: {} } as const] };
    expect(decide(viewOf({ gate }), configOf()).targets).toHaveLength(2);
  });
});
