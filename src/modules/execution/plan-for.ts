import type { Instrument } from '../../domain/instrument';
import type { BookView, StrategyView } from '../../domain/quote';
import { acceptedConfig } from './accepted-config';
import type { Engine, OpenAccount } from './engine';
import { dryPlan } from './dry-plan';
import type { PlanInput, PlanView } from './types';
import { bookOf } from './traded-instruments';
import { riskViewOf } from './views';

const bookWaitMs = 5_000;
const pollMs = 50;

/** The dry run of a strategy that need not exist, on the live book. Throws DomainError. */
export async function planFor(engine: Engine, account: OpenAccount, input: PlanInput): Promise<PlanView> {
  const { config, rules } = acceptedConfig(account, input);
  engine.books.follow(account.connector.feed, rules);
  try {
    const book = await settledBook(engine, account, rules);
    const view = projectedView(engine, rules, book, input.allocation);
    const session = {
      strategyId: 'plan',
      accountId: account.config.id,
      venue: account.config.venue,
      epoch: 0,
    };
    return dryPlan({ view, config, risk: riskViewOf(engine, config, view), session });
  } finally {
    engine.books.unfollow(account.config, rules.id);
  }
}

/** The first published book; what there is after 5 s otherwise, and the plan says what is wrong with it. */
async function settledBook(engine: Engine, account: OpenAccount, rules: Instrument): Promise<BookView> {
  const until = engine.runtime.monotonic() + bookWaitMs;
  for (;;) {
    const book = bookOf(engine, account, rules);
    if (book.status === 'synced' || engine.runtime.monotonic() > until) return book;
    await engine.runtime.sleep(pollMs);
  }
}

/** As if the allocation were already the strategy's. */
function projectedView(
  engine: Engine,
  rules: Instrument,
  book: BookView,
  allocation: { readonly base: string; readonly quote: string },
): StrategyView {
  const baseLots = rules.toFractionalLots(allocation.base);
  const quoteTickLots = rules.toFractionalLots(allocation.quote) / Number(rules.rules.tickSize);
  return {
    nowMs: engine.runtime.now(),
    monoMs: engine.runtime.monotonic(),
    instrument: rules,
    book,
    inventory: { baseLots, quoteTickLots, freeBaseLots: baseLots, freeQuoteTickLots: quoteTickLots },
    orders: [],
    gate: { reasons: [] },
  };
}
