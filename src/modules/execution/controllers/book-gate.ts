import type { InstrumentRules } from '../../../domain/instrument';
import type { BookView, Touch } from '../../../domain/quote';
import type { Reason, ReasonCode } from '../../../domain/reason';

/** Age beyond which a book counts as stale when the configuration leaves it open, in ms. */
export const defaultHardMs = 5_000;

const block = (code: ReasonCode, params: Reason['params'] = {}): Reason => ({
  code,
  effect: 'block',
  side: 'both',
  params,
});

/** Why this book gives no reference price; undefined when it does. A quiet book that is proven alive is not stale. */
export function bookProblem(book: BookView, hardMs: number): Reason | undefined {
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
  return bid >= ask ? block('BOOK_CROSSED', { bid, ask }) : undefined;
}

/** Why nothing may be created on this pair whatever the book says. */
export function instrumentProblem(status: InstrumentRules['status']): Reason | undefined {
  if (status === 'halted') return block('INSTRUMENT_HALTED');
  return status === 'cancel_only' ? block('INSTRUMENT_CANCEL_ONLY') : undefined;
}

/** Best prices without our own orders; undefined when they leave a side empty. */
export function netTouch(book: BookView): Touch | undefined {
  const bid = book.bids[0];
  const ask = book.asks[0];
  return bid && ask ? { bid: bid[0], ask: ask[0] } : undefined;
}
