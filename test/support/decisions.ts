import { Instrument } from '../../src/domain/instrument';
import type { InstrumentRules } from '../../src/domain/instrument';
import type { ClientOrder } from '../../src/domain/order';
import type { BookView, StrategyView, TargetQuote } from '../../src/domain/quote';
import { orderSideOf } from '../../src/domain/units';
import { parseMarketMakingConfig } from '../../src/modules/execution/controllers/market-making.config';
import type { MarketMakingConfig } from '../../src/modules/execution/controllers/market-making.config';
import { defaultLimits, lowered } from '../../src/modules/execution/risk/limits';
import { nothingRecent } from '../../src/modules/execution/risk/risk-memory';
import type { RiskLimits, RiskView } from '../../src/modules/execution/risk/risk-view';

/** Price 100.00 is 10,000 ticks, quantity 1 is 1,000 lots. */
export const rules: InstrumentRules = {
  venue: 'binance',
  id: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.001',
  minQuantity: '0.001',
  maxQuantity: '9000',
  minNotional: '0',
  makerFeeBps: 7.5,
  takerFeeBps: 10,
  maxOpenOrders: 200,
  status: 'trading',
};

export const instrumentOf = (change: Partial<InstrumentRules> = {}): Instrument =>
  new Instrument({ ...rules, ...change });

/** A configuration from the fields given, with costs off and one unit of base per order. Throws when it is refused. */
export function configOf(change: Readonly<Record<string, unknown>> = {}): MarketMakingConfig {
  const size = 'orderNotionalQuote' in change ? {} : { orderQuantityBase: '1' };
  const parsed = parseMarketMakingConfig({ costMode: 'none', ...size, ...change });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

export const bookOf = (bid: number, ask: number, change: Partial<BookView> = {}): BookView => ({
  status: 'synced',
  problem: '',
  sequence: 1,
  livenessAgeMs: 10,
  staleAfterMs: 5_000,
  changeAgeMs: 10,
  bids: [[bid, 5_000]],
  asks: [[ask, 5_000]],
  publicTouch: { bid, ask },
  ...change,
});

/** Ten units of base and 1,000 of quote at a mid of 100: on target. */
export function viewOf(change: Partial<StrategyView> & { base?: number; quote?: number } = {}): StrategyView {
  const { base = 10, quote = 1_000, ...rest } = change;
  const inventory = {
    baseLots: base * 1e3,
    quoteTickLots: quote * 1e5,
    freeBaseLots: base * 1e3,
    freeQuoteTickLots: quote * 1e5,
  };
  return {
    nowMs: 1_000_000,
    monoMs: 100_000,
    instrument: instrumentOf(),
    book: bookOf(9_999, 10_001),
    inventory,
    orders: [],
    gate: { reasons: [] },
    ...rest,
  };
}

/** A live order sent 100 s ago; `change` makes it anything else. */
export const orderOf = (change: Partial<ClientOrder> = {}): ClientOrder => ({
  clientOrderId: 'm-1',
  strategyId: 's1',
  accountId: 'a1',
  venue: 'binance',
  instrument: 'BTC/USDT',
  slotKey: 'bid-0',
  side: 'buy',
  price: 9_990,
  quantity: 1_000,
  type: 'limit',
  timeInForce: 'postOnly',
  epoch: 1,
  committedAt: 900_000,
  deadlineAt: 915_000,
  sentAt: 0,
  acknowledged: true,
  venueOrderId: 'v1',
  maxFilled: 0,
  bookedFilled: 0,
  doubtSince: undefined,
  ended: undefined,
  command: 'NONE',
  commandSentAt: undefined,
  lastLocalChangeAt: 0,
  evidence: { source: 'reply', at: 0 },
  ...change,
});

export const targetOf = (change: Partial<TargetQuote> = {}): TargetQuote => ({
  slot: 'bid-0',
  side: 'bid',
  priceTicks: 9_990,
  quantityLots: 1_000,
  postOnly: true,
  reducesInventory: false,
  ...change,
});

/** The live order that rests exactly at a target. */
export const restingAt = (target: TargetQuote, change: Partial<ClientOrder> = {}): ClientOrder =>
  orderOf({
    clientOrderId: `m-${target.slot}`,
    slotKey: target.slot,
    side: orderSideOf(target.side),
    price: target.priceTicks,
    quantity: target.quantityLots,
    ...change,
  });

/** The limits of a session with the inventory bounds of its configuration. */
export const limitsOf = (config: MarketMakingConfig, instrument = instrumentOf()): RiskLimits => ({
  ...lowered(defaultLimits, config.limits),
  maxBookAgeMs: 5_000,
  maxLoopLagMs: 250,
  maxPositionLots:
    config.inventory.maxBase === null ? undefined : instrument.toFractionalLots(config.inventory.maxBase),
  minPositionLots: instrument.toFractionalLots(config.inventory.minBase),
});

/** What the gate sees when the orders of the view are all the operator has. */
export const riskOf = (view: StrategyView, config: MarketMakingConfig): RiskView => ({
  gate: view.gate.reasons,
  book: view.book,
  secondReferenceTicks: undefined,
  loopLagMs: 0,
  orders: view.orders,
  positionLots: view.inventory.baseLots,
  freeBaseLots: view.inventory.freeBaseLots,
  freeQuoteTickLots: view.inventory.freeQuoteTickLots,
  recent: nothingRecent,
  exposure: [],
  limits: limitsOf(config, view.instrument),
});
