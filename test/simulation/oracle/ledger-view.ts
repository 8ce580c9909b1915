import BigNumber from 'bignumber.js';
import { fillKeyOf } from '../../../src/domain/fill';
import type { Fill } from '../../../src/domain/fill';
import type { Posting } from '../../../src/modules/execution/store/memory-ledger';
import type { Market, OwnTrade } from '../../../src/venue-simulator/venue-types';
import { accountId, apiKey } from '../seed-plan';
import type { World } from '../world';

export interface AssetTotal {
  readonly asset: string;
  readonly shown: BigNumber;
  readonly booked: BigNumber;
}

/** The books as they are at one moment, beside the venue's own trades and balances. */
export class LedgerView {
  readonly postings: ReadonlyMap<string, readonly Posting[]>;

  constructor(private readonly world: World) {
    const postings = new Map<string, Posting[]>();
    for (const line of world.database.postings()) {
      const lines = postings.get(line.key);
      if (lines) lines.push(line);
      else postings.set(line.key, [line]);
    }
    this.postings = postings;
  }

  keyOf(trade: OwnTrade): string {
    const market = this.marketOf(trade);
    const { plan, venue } = this.world;
    const { reader } = venue;
    return `fill:${fillKeyOf({
      ...{ venue: plan.venue, accountId, instrument: `${market.base}/${market.quote}`, side: trade.side },
      ...{ tradeId: reader.tradeIdOf(trade), venueOrderId: reader.orderIdOf(trade) },
    } as Fill)}`;
  }

  /** What is wrong with the booking of a trade; undefined when nothing is. */
  problemOf(trade: OwnTrade): string | undefined {
    const market = this.marketOf(trade);
    const key = this.keyOf(trade);
    const lines = this.postings.get(key);
    if (!lines) return `not booked (${key})`;
    const { base, quote } = movedBy(trade, market);
    if (!ours(lines, market.base).eq(base))
      return `booked ${ours(lines, market.base).toFixed()} of ${base.toFixed()}`;
    if (!ours(lines, market.quote).eq(quote))
      return `quote ${ours(lines, market.quote).toFixed()} is not ${quote.toFixed()}`;
    const fees = this.postings.get(key.replace('fill:', 'fee:')) ?? [];
    const fee = new BigNumber(trade.fee).negated();
    return ours(fees, trade.feeAsset).eq(fee)
      ? undefined
      : `fee ${ours(fees, trade.feeAsset).toFixed()} is not ${fee.toFixed()}`;
  }

  /** Per asset what the venue has, and what the books say once these trades are in them too. */
  totals(unbooked: readonly OwnTrade[]): readonly AssetTotal[] {
    const { core, plan } = this.world;
    const books = new Map<string, BigNumber>();
    const add = (asset: string, quantity: BigNumber.Value): void =>
      void books.set(asset, (books.get(asset) ?? new BigNumber(0)).plus(quantity));
    const holders = new Set(plan.strategies.map(({ id }) => `strategy:${id}`));
    for (const kind of ['unallocated', 'suspense', 'unexplained']) holders.add(`${kind}:${accountId}`);
    for (const lines of this.postings.values())
      for (const { holder, asset, quantity } of lines) if (holders.has(holder)) add(asset, quantity);
    for (const trade of unbooked) {
      const market = this.marketOf(trade);
      const { base, quote } = movedBy(trade, market);
      add(market.base, base);
      add(market.quote, quote);
      add(trade.feeAsset, new BigNumber(trade.fee).negated());
    }
    return core.balances(apiKey).map(({ asset, free, locked }) => {
      const shown = new BigNumber(free).plus(locked);
      return { asset, shown, booked: books.get(asset) ?? new BigNumber(0) };
    });
  }

  private marketOf({ symbol }: OwnTrade): Market {
    return this.world.plan.markets.find((one) => one.symbol === symbol)!;
  }
}

/** What a trade moves before its fee. */
function movedBy(
  trade: OwnTrade,
  { lotSize, tickSize }: Market,
): { readonly base: BigNumber; readonly quote: BigNumber } {
  const base = new BigNumber(lotSize).times(trade.quantity).times(trade.side === 'buy' ? 1 : -1);
  return { base, quote: new BigNumber(tickSize).times(trade.price).times(base).negated() };
}

/** What a transaction moves into or out of the account: its strategies and its unallocated money. */
const ours = (lines: readonly Posting[], asset: string): BigNumber =>
  lines
    .filter((line) => line.asset === asset && /^(strategy|unallocated):/.test(line.holder))
    .reduce((sum, line) => sum.plus(line.quantity), new BigNumber(0));
