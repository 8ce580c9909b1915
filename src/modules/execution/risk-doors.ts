import type { StrategyView } from '../../domain/quote';
import type { ExchangeConnector } from './connectors/types';
import { bookProblem } from './controllers/book-gate';
import type { MarketMakingConfig } from './controllers/market-making.config';
import type { Engine, OpenAccount } from './engine';
import { haltStrategy } from './halt-effects';
import type { Admission } from './risk/admit';
import { dayStartOf } from './risk/day-pnl';
import { worstLong } from './risk/exposure';
import { lossBreach } from './risk/loss-checks';
import type { LossBreach } from './risk/loss-checks';
import type { PostTradeCheck } from './risk/post-trade-check';
import type { Batch } from './risk/risk-view';
import type { Store } from './store/types';
import { lossViewOf, riskViewOf } from './views';
import type { Seat } from './views';

/** The gate with its memory: marks the day, admits, remembers, and halts the strategy for a loss beyond its limit. */
export function admitAs(
  engine: Engine,
  config: MarketMakingConfig,
  seat: Seat,
  asked: { readonly batch: Batch; readonly view: StrategyView },
): Admission {
  const { batch, view } = asked;
  const { risk, orders } = engine;
  risk.trades.listen(seat.account.connector.feed);
  markDay(engine, seat, view, bookProblem(view.book, config) === undefined);
  const isAsked = batch.places.length > 0; // In most ticks nothing is: then only the day is looked at.
  const seen = isAsked ? riskViewOf(engine, config, view, seat) : undefined;
  const admitted = seen ? engine.parts.admit(batch, seen) : nothing;
  for (const order of admitted.approved) orders.trackIntent(order);
  risk.memory.ordered(batch.accountId, { creates: admitted.approved.length, cancels: 0 }, view.monoMs);
  recount(engine, seat, view);
  const breach = lossBreach(seen ?? lossViewOf(engine, config, view, seat));
  if (breach && engine.sessions.get(seat.strategyId)?.mode === 'running') {
    const { used, limit } = breach.params;
    haltStrategy(engine, seat.strategyId, breach.code, `${used} of ${limit} in quote currency`);
  }
  return admitted;
}

const nothing: Admission = { approved: [], refused: [] };
const lossCodes: readonly LossBreach['code'][] = ['LOSS_LIMIT', 'DRAWDOWN_LIMIT'];

/** A loss of the day is none of one process: it is read back before a strategy quotes. Throws StoreUnavailable. */
export async function recallDay(engine: Engine, strategyId: string): Promise<void> {
  const now = engine.runtime.now();
  const { since, ...traded } = await engine.store.tradedSince(strategyId, dayStartOf(now), lossCodes);
  const [base, quote, best] = [traded.base, traded.quote, traded.best].map(Number) as [
    number,
    number,
    number,
  ];
  engine.risk.memory.recorded(strategyId, { since, base, quote, best }, now);
}

/** Mid of the book with own size in it, in ticks; undefined while there is none. */
const midOf = ({ book }: StrategyView): number | undefined =>
  book.publicTouch && (book.publicTouch.bid + book.publicTouch.ask) / 2;

/** What a person lets go on after a halt for its loss is measured anew; a stop and a start change nothing. */
function markDay(engine: Engine, { strategyId }: Seat, view: StrategyView, isPriced: boolean): void {
  const session = engine.sessions.get(strategyId);
  if (session?.mode === 'halted' && lossCodes.some((code) => code === session.haltCode))
    return engine.risk.memory.restart(strategyId);
  const mid = midOf(view);
  if (mid === undefined || !isPriced) return; // One far order alone on a side must not make a loss.
  const { instrument, inventory } = view;
  const mark = {
    price: mid * instrument.tickSize,
    base: inventory.baseLots * instrument.lotSize,
    quote: inventory.quoteTickLots * instrument.tickLotValue,
  };
  engine.risk.memory.mark(strategyId, mark, view.nowMs);
}

/** What the strategy holds and bids for now, with what has just been admitted, for everybody who shares a cap. */
function recount(engine: Engine, { strategyId, scopes }: Seat, view: StrategyView): void {
  const { exposure } = engine.risk;
  const mid = midOf(view);
  if (mid === undefined || !exposure.hasCaps) return;
  const { instrument, inventory } = view;
  const lots = worstLong(inventory.baseLots, engine.orders.unended(strategyId));
  exposure.set(strategyId, scopes, instrument.quote, lots * mid * instrument.tickLotValue);
  exposure.retain(engine.sessions);
}

/** The connector with every create counted as its bytes leave. */
export const watchedSends = (
  { connector }: OpenAccount,
  check: PostTradeCheck,
  strategyId: string,
): Pick<ExchangeConnector, 'place'> => ({
  place: (order, call) => {
    const canSend = (): boolean => {
      const isClear = call.canSend();
      if (isClear) check.sent(order.clientOrderId, strategyId);
      return isClear;
    };
    return connector.place(order, { ...call, canSend });
  },
});

/** The Store with every committed intent counted. */
export const watchedCommits = (store: Store, check: PostTradeCheck): Pick<Store, 'commitIntents'> => ({
  commitIntents: async (batches, createDeadlineMs) => {
    const verdicts = await store.commitIntents(batches, createDeadlineMs);
    for (const { strategyId, orders } of batches) {
      if (verdicts.get(strategyId)?.kind === 'committed') for (const order of orders) check.committed(order);
    }
    return verdicts;
  },
});

/** A mismatch after the fact is a promise broken: a person looks before anything goes on. */
export function checkTrades(engine: Engine): void {
  for (const { strategyId, detail } of engine.risk.postTrade.take()) {
    haltStrategy(engine, strategyId, 'POST_TRADE_MISMATCH', detail);
    engine.notify({ code: 'POST_TRADE_MISMATCH', severity: 'page', detail, strategyId });
  }
}
