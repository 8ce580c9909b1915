import BigNumber from 'bignumber.js';
import { renderReason } from '../../domain/reasons';
import type { SessionView } from '../execution/types';
import type { Strategy } from '../market-making/strategy/strategy';
import { allowedMoves } from '../market-making/strategy/strategy-states';

export interface RowBooks {
  readonly fillsCount: number;
  /** Put in less taken out, by asset. */
  readonly deposits: Readonly<Record<string, string>>;
  readonly openingMid: string | undefined;
  /** Totals of the strategy by asset. */
  readonly totals: Readonly<Record<string, string>>;
}

/** One strategy as the page shows it. Money in decimals, what is not known is null. */
export function fleetRow(strategy: Strategy, session: SessionView | undefined, books: RowBooks): object {
  const [base = '', quote = ''] = strategy.symbol.split('/');
  const held = { base: books.totals[base] ?? '0', quote: books.totals[quote] ?? '0' };
  const given = { base: books.deposits[base] ?? '0', quote: books.deposits[quote] ?? '0' };
  const { id, name, symbol, venue, environment, state, desiredState } = strategy;
  return {
    ...{ id, name, symbol, venue, environment, state, desiredState },
    stateReason: strategy.stateReason?.detail ?? null,
    bid: session?.bestBid ?? null,
    mid: session?.mid ?? null,
    ask: session?.bestAsk ?? null,
    quotes: (session?.orders ?? []).map((order) => ({
      side: order.side === 'buy' ? 'bid' : 'ask',
      price: order.price,
      quantity: order.quantity,
      status: order.status,
    })),
    inventory: { ...held, lean: session?.lean ?? 0 },
    fillsCount: books.fillsCount,
    pnl: pnlOf(held, given, session?.mid, books.openingMid),
    reasons: (session?.reasons ?? []).map((reason) => {
      const { code, side, since } = reason;
      return { code, side, ...renderReason(reason), sinceMs: since };
    }),
    allowed: allowedMoves(state),
  };
}

interface Pair {
  readonly base: string;
  readonly quote: string;
}

/** Worth now, and against what was put in at the price when trading began. */
export function pnlOf(
  held: Pair,
  given: Pair,
  mid: string | undefined,
  openingMid: string | undefined,
): object {
  if (mid === undefined) return { equityQuote: null, netQuote: null };
  const equity = worth(held, mid);
  const net =
    openingMid === undefined ? null : equity.minus(worth(given, openingMid)).decimalPlaces(8).toFixed();
  return { equityQuote: equity.decimalPlaces(8).toFixed(), netQuote: net };
}

const worth = ({ base, quote }: Pair, price: string): BigNumber =>
  new BigNumber(base).times(price).plus(quote);
