import type { InstrumentRules } from '../../../domain/instrument';
import type { BookView, Touch } from '../../../domain/quote';
import type { Reason, ReasonCode } from '../../../domain/reason';
import type { MarketMakingConfig } from './market-making.config';

const block = (code: ReasonCode, params: Reason['params'] = {}): Reason => ({
  code,
  effect: 'block',
  side: 'both',
  params,
});

/**
 * Beyond it the middle says little: a price at the touch would lie outside the collar of 2 % around it. One far order
 * that is left alone on a side makes such a book.
 */
const widestBookBps = 400;
/** A price of few ticks has wide spreads by its grid alone. */
const fewTicks = 10;

type BookSettings = Pick<MarketMakingConfig, 'freshness' | 'maxBookSpreadBps'>;

/** Why this book gives no reference price; undefined when it does. A quiet book that is proven alive is not stale. */
export function bookProblem(book: BookView, settings: BookSettings): Reason | undefined {
  const hardMs = settings.freshness.hardMs ?? book.staleAfterMs;
  if (book.status === 'empty') return block('BOOK_EMPTY');
  if (book.status !== 'synced') return block('BOOK_GAP_RESYNC', { problem: book.problem });
  if (!(book.livenessAgeMs <= hardMs)) {
    // Never alive is an infinite age, which JSON cannot carry.
    const ageMs = Number.isFinite(book.livenessAgeMs) ? Math.round(book.livenessAgeMs) : 'unknown';
    return block('BOOK_STALE', { ageMs, limitMs: hardMs });
  }
  const net = netTouch(book);
  if (net === undefined) return block('BOOK_EMPTY');
  const wide = book.publicTouch ?? net;
  const bid = Math.max(net.bid, wide.bid);
  const ask = Math.min(net.ask, wide.ask);
  return bid >= ask ? block('BOOK_CROSSED', { bid, ask }) : widthProblem(net, settings);
}

function widthProblem({ bid, ask }: Touch, { maxBookSpreadBps }: BookSettings): Reason | undefined {
  if (ask - bid <= fewTicks) return undefined;
  const spreadBps = Math.round((2e4 * (ask - bid)) / (ask + bid));
  const limitBps = maxBookSpreadBps ?? widestBookBps;
  return spreadBps > limitBps ? block('BOOK_TOO_WIDE', { spreadBps, limitBps }) : undefined;
}

/** Why nothing may be created on this pair whatever the book says. */
export function instrumentProblem(status: InstrumentRules['status']): Reason | undefined {
  if (status === 'halted' || status === 'delisted') return block('INSTRUMENT_HALTED');
  return status === 'cancel_only' ? block('INSTRUMENT_CANCEL_ONLY') : undefined;
}

/** Best prices without our own orders; undefined when they leave a side empty. */
export function netTouch(book: BookView): Touch | undefined {
  const bid = book.bids[0];
  const ask = book.asks[0];
  return bid && ask ? { bid: bid[0], ask: ask[0] } : undefined;
}
