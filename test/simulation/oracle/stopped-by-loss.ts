import type { SeenRequest } from '../wire';
import type { Findings } from './findings';
import type { Standing, VenueView } from './venue-view';

/** A loss has to be seen at a tick, and what was committed before may still leave. */
const noticedMs = 3_000;

/** I24: a strategy beyond the loss it was allowed places nothing, whether the loss is realised or not. */
export class LossJudge {
  private readonly overSince = new Map<number, number>();

  constructor(
    private readonly findings: Findings,
    private readonly view: VenueView,
    private readonly parts: {
      readonly now: () => number;
      /** In ticks; undefined while a side of the market is empty. */
      readonly mid: (symbol: string) => number | undefined;
    },
  ) {}

  probe(): void {
    for (const [number, standing] of this.view.standings) {
      const loss = this.lossOf(standing);
      const { limits } = standing.plan.config as {
        readonly limits?: { readonly maxDailyLossQuote?: string };
      };
      if (loss <= Number(limits?.maxDailyLossQuote ?? Infinity)) this.overSince.delete(number);
      else if (!this.overSince.has(number)) this.overSince.set(number, this.parts.now());
    }
  }

  left({ kind, clientOrderId: id }: SeenRequest): void {
    const standing = this.view.strategyOf(id);
    if (kind !== 'create' || !standing) return;
    const over = this.parts.now() - (this.overSince.get(standing.plan.number) ?? Infinity);
    const says = (): string => `${id} left ${Math.round(over)} ms after its strategy was beyond its loss`;
    this.findings.check('I24', over < noticedMs, says, id);
  }

  /** What the trades of the run are worth now, at the mid of the venue. */
  private lossOf({ plan, positionLots, quote }: Standing): number {
    const { market, base, quote: given } = plan;
    const mid = this.parts.mid(market.symbol);
    if (mid === undefined) return 0;
    const price = mid * Number(market.tickSize);
    const bought = positionLots * Number(market.lotSize) - Number(base);
    return Number(given) - quote - bought * price;
  }
}
