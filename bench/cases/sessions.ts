import { Instrument } from '../../src/domain/instrument';
import type { ClientOrder } from '../../src/domain/order';
import type { BookView, StrategyView, TargetQuote } from '../../src/domain/quote';
import { orderSideOf } from '../../src/domain/units';
import { parseMarketMakingConfig } from '../../src/modules/execution/controllers/market-making.config';
import type { MarketMakingConfig } from '../../src/modules/execution/controllers/market-making.config';
import { decide } from '../../src/modules/execution/controllers/market-making.controller';
import { randomOf } from '../streams/random';

/** What a session owns between two ticks. */
export interface SessionState {
  readonly baseLots: number;
  readonly quoteTickLots: number;
  readonly orders: readonly ClientOrder[];
}

export const levels = 5;
export const reference = 6_000_017;
export const instrument = new Instrument({
  venue: 'binance',
  id: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '9000',
  minNotional: '5',
  makerFeeBps: 1,
  takerFeeBps: 2,
  maxOpenOrders: 200,
  status: 'trading',
});

export const config = configOf();

function configOf(): MarketMakingConfig {
  const parsed = parseMarketMakingConfig({
    levels,
    bidSpreadBps: 10.3,
    askSpreadBps: 10.3,
    orderQuantityBase: '0.05',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

export const book: BookView = {
  status: 'synced',
  problem: '',
  sequence: 1,
  livenessAgeMs: 5,
  staleAfterMs: 5_000,
  changeAgeMs: 5,
  bids: [[reference - 1, 50_000]],
  asks: [[reference + 1, 50_000]],
  publicTouch: { bid: reference - 1, ask: reference + 1 },
};
export const nowMs = 1_764_000_000_000;
export const monoMs = 1_000_000;

export const viewOf = ({ baseLots, quoteTickLots, orders }: SessionState): StrategyView => ({
  nowMs,
  monoMs,
  instrument,
  book,
  inventory: { baseLots, quoteTickLots, freeBaseLots: baseLots, freeQuoteTickLots: quoteTickLots },
  orders,
  gate: { reasons: [] },
});

/** Sessions whose orders rest at their target or 40 bps away from it, about half and half. */
export function sessionsOf(count: number, seed: number): readonly SessionState[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => {
    const baseLots = 100_000 + Math.floor(random() * 100_000);
    const quoteTickLots = reference * 150_000;
    const { targets } = decide(viewOf({ baseLots, quoteTickLots, orders: [] }), config);
    const orders = targets
      .filter(() => random() < 0.8)
      .map((target) => resting(target, random() < 0.5 ? 0 : 24_000));
    return { baseLots, quoteTickLots, orders };
  });
}

/** `offset` in ticks away from the touch. */
const resting = (target: TargetQuote, offset: number): ClientOrder => ({
  clientOrderId: `m-${target.slot}`,
  strategyId: 's',
  accountId: 'a',
  venue: 'binance',
  instrument: instrument.id,
  slotKey: target.slot,
  side: orderSideOf(target.side),
  price: target.priceTicks + (target.side === 'bid' ? -offset : offset),
  quantity: target.quantityLots,
  type: 'limit',
  timeInForce: 'postOnly',
  epoch: 1,
  committedAt: nowMs - 60_000,
  deadlineAt: nowMs,
  sentAt: monoMs - 60_000,
  acknowledged: true,
  venueOrderId: 'v',
  maxFilled: 0,
  bookedFilled: 0,
  doubtSince: undefined,
  ended: undefined,
  command: 'NONE',
  commandSentAt: undefined,
  lastLocalChangeAt: monoMs - 60_000,
  evidence: { source: 'reply', at: monoMs - 60_000 },
});
