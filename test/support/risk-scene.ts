import type { InstrumentRules } from '../../src/domain/instrument';
import type { BookView, TargetQuote } from '../../src/domain/quote';
import { nothingRecent } from '../../src/modules/execution/risk/risk-memory';
import type { Recent } from '../../src/modules/execution/risk/risk-memory';
import type { Batch, RiskLimits, RiskView } from '../../src/modules/execution/risk/risk-view';
import { bookOf, configOf, instrumentOf, limitsOf, targetOf } from './decisions';

/** One question to the gate: what differs from a quiet market and a strategy with room. */
export interface Scene {
  readonly places?: readonly TargetQuote[];
  readonly view?: Partial<Omit<RiskView, 'limits' | 'book' | 'recent'>>;
  readonly recent?: Partial<Recent>;
  readonly book?: Partial<BookView>;
  readonly limits?: Partial<RiskLimits>;
  readonly rules?: Partial<InstrumentRules>;
}

export const bid = targetOf();
export const ask = targetOf({ slot: 'ask-0', side: 'ask', priceTicks: 10_010 });

export function sceneOf({ places = [bid, ask], view, recent, book, limits, rules }: Scene): {
  readonly batch: Batch;
  readonly risk: RiskView;
} {
  const instrument = instrumentOf({ minNotional: '5', ...rules });
  let id = 0;
  const batch = {
    strategyId: 's1',
    accountId: 'a1',
    venue: 'binance' as const,
    epoch: 7,
    instrument,
    places,
    nextId: () => `id-${(id += 1)}`,
  };
  const risk: RiskView = {
    gate: [],
    book: bookOf(9_999, 10_001, book),
    secondReferenceTicks: undefined,
    loopLagMs: 0,
    orders: [],
    positionLots: 10_000,
    freeBaseLots: 10_000,
    freeQuoteTickLots: 1e9,
    recent: { ...nothingRecent, ...recent },
    exposure: [],
    limits: { ...limitsOf(configOf(), instrument), ...limits },
    ...view,
  };
  return { batch, risk };
}
