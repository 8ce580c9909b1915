import type { Dec, Mono } from '../../../domain/units';
import type { MarketFeed } from '../connectors/types';

const windowMs = 60_000;
const bucketMs = 1_000;

interface Bucket {
  readonly second: number;
  value: number;
  quantity: number;
}

/** The average price, weighted by quantity, of the public trades of the last minute, per feed and instrument. */
export class TradePrices {
  private readonly feeds = new Map<MarketFeed, Map<string, Bucket[]>>();

  /** Counts the trades of a feed from now on; once however often it is called. */
  listen(feed: MarketFeed): void {
    if (this.feeds.has(feed)) return;
    const buckets = new Map<string, Bucket[]>();
    this.feeds.set(feed, buckets);
    feed.onEvent((event) => {
      if (event.type === 'publicTrade') add(buckets, event);
    });
  }

  /** In quote currency per unit of base; undefined when nothing was traded in the last minute. */
  average(feed: MarketFeed, instrument: string, now: Mono): number | undefined {
    let value = 0;
    let quantity = 0;
    for (const bucket of this.feeds.get(feed)?.get(instrument) ?? []) {
      if (bucket.second * bucketMs <= now - windowMs) continue;
      value += bucket.value;
      quantity += bucket.quantity;
    }
    return quantity > 0 ? value / quantity : undefined;
  }
}

interface Trade {
  readonly instrument: string;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly receivedAt: Mono;
}

function add(feed: Map<string, Bucket[]>, trade: Trade): void {
  const buckets = feed.get(trade.instrument) ?? [];
  feed.set(trade.instrument, buckets);
  const second = Math.floor(trade.receivedAt / bucketMs);
  const last = buckets.at(-1);
  const bucket = last && last.second >= second ? last : { second, value: 0, quantity: 0 };
  if (bucket !== last) buckets.push(bucket);
  const quantity = Number(trade.quantity);
  bucket.value += Number(trade.price) * quantity;
  bucket.quantity += quantity;
  while (buckets.length > windowMs / bucketMs + 1) buckets.shift();
}
