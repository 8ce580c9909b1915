import { ExposureBook } from './exposure-book';
import { defaultLimits } from './limits';
import type { OperatorLimits } from './limits';
import { PostTradeCheck } from './post-trade-check';
import { RiskMemory } from './risk-memory';
import { TradePrices } from './trade-prices';

/** What risk keeps between two ticks, one of each per engine. */
export class RiskDesk {
  readonly limits: OperatorLimits;
  readonly memory = new RiskMemory();
  readonly trades = new TradePrices();
  readonly exposure: ExposureBook;
  readonly postTrade: PostTradeCheck;

  constructor(limits: Partial<OperatorLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
    this.exposure = new ExposureBook(this.limits.exposure);
    this.postTrade = new PostTradeCheck(this.limits.maxOrderNotional);
  }
}
