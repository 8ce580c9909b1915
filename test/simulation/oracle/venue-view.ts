import BigNumber from 'bignumber.js';
import { decodeClientOrderId } from '../../../src/domain/ids';
import type { DecodedId } from '../../../src/domain/ids';
import type { CoreEvent, OwnTrade, VenueCore, VenueOrder } from '../../../src/venue-simulator/venue-types';
import type { DialectReader } from '../l2/dialect-reader';
import type { SeedPlan, StrategyPlan } from '../seed-plan';
import { apiKey } from '../seed-plan';

/** One strategy as the venue itself knows it. */
export interface Standing {
  readonly plan: StrategyPlan;
  readonly live: Map<number, VenueOrder>;
  positionLots: number;
  /** Lots the position may not exceed and not fall below, as last configured. */
  maxLots: number;
  minLots: number;
  quote: number;
  trades: number;
  /** The venue's time at which the market took the last quote of a side. */
  readonly takenAt: { buy: number; sell: number };
}

/** The venue's own record of our orders and trades, by strategy: nothing here comes from the engine. */
export class VenueView {
  readonly standings = new Map<number, Standing>();
  readonly trades: OwnTrade[] = [];
  private readonly ids = new Map<string, DecodedId | undefined>();
  private readonly tradeKeys = new Set<string>();

  constructor(
    core: VenueCore,
    plan: SeedPlan,
    private readonly reader: DialectReader,
    private readonly installation: () => string | undefined,
    private readonly tell: (event: Extract<CoreEvent, { type: 'order' }>, standing: Standing) => void,
  ) {
    for (const strategy of plan.strategies) {
      const positionLots = new BigNumber(strategy.base).div(strategy.market.lotSize).toNumber();
      this.standings.set(strategy.number, {
        plan: strategy,
        live: new Map(),
        positionLots,
        maxLots: strategy.maxLots,
        minLots: strategy.minLots,
        quote: Number(strategy.quote),
        trades: 0,
        takenAt: { buy: -Infinity, sell: -Infinity },
      });
    }
    core.onEvent((event) => event.type === 'order' && this.onOrder(event), ['order']);
  }

  /** The strategy an id of this installation names. */
  strategyOf(clientOrderId: string): Standing | undefined {
    const id = this.decoded(clientOrderId);
    return id && id.installation === this.installation() ? this.standings.get(id.strategyNumber) : undefined;
  }

  /** Every judge asks for the same few ids. */
  private decoded(clientOrderId: string): DecodedId | undefined {
    const known = this.ids.get(clientOrderId);
    if (known || this.ids.has(clientOrderId)) return known;
    const id = decodeClientOrderId(clientOrderId);
    this.ids.set(clientOrderId, id);
    return id;
  }

  /** Lots of ours that rest on a market at a price. */
  ownAt(symbol: string, price: number): number {
    let lots = 0;
    for (const { live } of this.standings.values())
      for (const order of live.values())
        if (order.price === price && order.symbol === symbol) lots += order.quantity - order.filled;
    return lots;
  }

  hasTrade(symbol: string, tradeId: string, side: string): boolean {
    return this.tradeKeys.has(`${symbol}|${tradeId}|${side}`);
  }

  private onOrder(event: Extract<CoreEvent, { type: 'order' }>): void {
    const { order, trade } = event;
    if (order.account !== apiKey) return;
    const standing = this.strategyOf(order.clientOrderId);
    if (!standing || order.orderId < 0) return;
    if (order.status === 'NEW' || order.status === 'PARTIALLY_FILLED')
      standing.live.set(order.orderId, order);
    else standing.live.delete(order.orderId);
    if (trade) this.onTrade(standing, trade);
    this.tell(event, standing);
  }

  private onTrade(standing: Standing, trade: OwnTrade): void {
    const { market } = standing.plan;
    standing.positionLots += trade.side === 'buy' ? trade.quantity : -trade.quantity;
    if (trade.feeAsset === market.base)
      standing.positionLots -= new BigNumber(trade.fee).div(market.lotSize).toNumber();
    const value = trade.price * Number(market.tickSize) * trade.quantity * Number(market.lotSize);
    standing.quote += trade.side === 'buy' ? -value : value;
    standing.trades += 1;
    if (!hasSide(standing, trade.side)) standing.takenAt[trade.side] = trade.at;
    this.trades.push(trade);
    this.tradeKeys.add(`${trade.symbol}|${this.reader.tradeIdOf(trade)}|${trade.side}`);
  }
}

export const hasSide = ({ live }: Standing, side: 'buy' | 'sell'): boolean => {
  for (const order of live.values()) if (order.side === side) return true;
  return false;
};
