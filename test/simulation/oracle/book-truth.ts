import type { Engine } from '../../../src/modules/execution/engine';
import type { MarketParser } from '../../../src/modules/execution/connectors/dialect';
import type { LocalOrderBook } from '../../../src/modules/execution/trackers/local-order-book';
import type { DialectReader } from '../l2/dialect-reader';
import type { SeedPlan } from '../seed-plan';
import type { Findings } from './findings';
import type { Sides, VenueBooks } from './venue-books';

export interface TruthParts {
  readonly findings: Findings;
  readonly plan: SeedPlan;
  readonly reader: DialectReader;
  readonly venueBooks: VenueBooks;
  readonly now: () => number;
  readonly engineOf: (host: string) => Engine | undefined;
}

/** A book made from delivered frames, as far as it is compared. */
export interface DeliveredBook extends Sides {
  readonly symbol: string;
  readonly lastId: number;
  /** Everything in it is the venue's own word; what a fault has written is not compared with the venue. */
  readonly isVenues: boolean;
}

type Top = readonly (readonly [number, number])[];

const compared = 20;
/** A book that goes another way than the delivered frames for longer than this has lost them. */
const apartMs = 2_000;

/** I7: the twenty best levels of the engine's book are those of the delivered frames and of the venue at that update. */
export class BookTruth {
  private readonly judged = new Map<string, number>();
  private readonly apartSince = new Map<string, number>();

  constructor(private readonly parts: TruthParts) {}

  judge(id: string, host: string, book: DeliveredBook): void {
    const key = `${host}|${book.symbol}`;
    if (this.judged.get(key) === book.lastId) return; // The orders of one tick leave over one book.
    const live = this.liveBook(host, book.symbol);
    const { findings, now } = this.parts;
    findings.check('I7', live !== undefined, () => `${id} left and the engine follows no ${book.symbol}`, id);
    if (!live) return;
    if (live.lastId !== this.numberOf(host, book)) {
      const since = this.apartSince.get(key) ?? now();
      this.apartSince.set(key, since);
      const says = (): string => `${id} left over update ${live.lastId}, delivered was ${book.lastId}`;
      return findings.check('I7', now() - since <= apartMs, says, id);
    }
    this.apartSince.delete(key);
    this.judged.set(key, book.lastId);
    this.compare(id, host, book, live);
  }

  private compare(id: string, host: string, book: DeliveredBook, live: LocalOrderBook): void {
    const { findings, venueBooks, plan, reader } = this.parts;
    // Where updates are counted anew, one number names two books.
    const isNamed = book.isVenues && !plan.rates.has('D5');
    const venues = isNamed ? venueBooks.at(host, book.symbol, reader.updateIdOf(book.lastId)) : undefined;
    const steps = this.stepsOf(host, book.symbol);
    for (const side of ['bids', 'asks'] as const) {
      const inBand = bandOf(live, steps.tick);
      const top = live[side]
        .top(compared)
        .map(([ticks, lots]) => [ticks * steps.tick, Math.round(lots * steps.lot)] as const)
        .filter(([ticks]) => inBand(ticks));
      const delivered = differenceOf(top, book[side], side, inBand);
      const says = (what: string, why: string | undefined): string =>
        `${id} left over ${side} of update ${book.lastId} that are not ${what}: ${why}`;
      findings.check('I7', delivered === undefined, () => says('those delivered', delivered), id);
      if (!venues) continue;
      const true_ = differenceOf(top, venues[side], side, inBand);
      findings.check('I7', true_ === undefined, () => says("the venue's", true_), id);
    }
  }

  /** The engine's number of a delivered state: it counts by itself where a venue's numbers may step back. */
  private numberOf(host: string, { symbol, lastId }: DeliveredBook): number {
    const market = this.parts.plan.markets.find((one) => one.symbol === symbol)!;
    const [account] = this.parts.engineOf(host)?.accounts.values() ?? [];
    const feed = account?.connector.feed as unknown as { readonly parser: MarketParser } | undefined;
    return feed?.parser.numberOf?.(`${market.base}/${market.quote}`, lastId) ?? lastId;
  }

  /** How many steps the market was born with are one of the steps the engine reads it in. */
  private stepsOf(host: string, symbol: string): { readonly tick: number; readonly lot: number } {
    const market = this.parts.plan.markets.find((one) => one.symbol === symbol)!;
    const [account] = this.parts.engineOf(host)?.accounts.values() ?? [];
    const rules = account?.connector.feed.rulesOf(`${market.base}/${market.quote}`)?.rules;
    const timesOf = (step: string | undefined, born: string): number =>
      step === undefined ? 1 : Math.round(Number(step) / Number(born));
    return { tick: timesOf(rules?.tickSize, market.tickSize), lot: timesOf(rules?.lotSize, market.lotSize) };
  }

  private liveBook(host: string, symbol: string): LocalOrderBook | undefined {
    const market = this.parts.plan.markets.find((one) => one.symbol === symbol)!;
    const books = this.parts.engineOf(host)?.books as unknown as
      | {
          readonly books: ReadonlyMap<string, { readonly instrument: string; readonly book: LocalOrderBook }>;
        }
      | undefined;
    for (const { instrument, book } of books?.books.values() ?? [])
      if (instrument === `${market.base}/${market.quote}`) return book;
    return undefined;
  }
}

/** Prices that the last snapshot reached: of what lies beyond, a book knows only what has changed since. */
function bandOf(live: LocalOrderBook, tick: number): (ticks: number) => boolean {
  const { low, high } = (
    live as unknown as { readonly band: { readonly low: number; readonly high: number } }
  ).band;
  return (ticks) => ticks >= low * tick && ticks <= high * tick;
}

/** Where the best levels of a side, of those whose prices count, are not these; undefined when they are. */
export function differenceOf(
  top: Top,
  side: ReadonlyMap<number, number>,
  name: 'bids' | 'asks',
  counts: (ticks: number) => boolean = () => true,
): string | undefined {
  for (const [ticks, lots] of top) {
    if (side.get(ticks) !== lots) return `${ticks} has ${lots}, not ${side.get(ticks) ?? 0}`;
  }
  const last = top.at(-1)?.[0];
  let all = 0;
  let better = 0;
  for (const ticks of side.keys()) {
    if (!counts(ticks)) continue;
    all += 1;
    if (last === undefined || (name === 'bids' ? ticks >= last : ticks <= last)) better += 1;
  }
  const expected = top.length < compared ? all : top.length;
  return better === top.length && expected === top.length
    ? undefined
    : `${top.length} levels are shown where ${top.length < compared ? all : better} are`;
}
