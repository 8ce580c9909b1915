import BigNumber from 'bignumber.js';
import { renderReason } from '../../domain/reasons';
import type { SessionView } from '../execution/types';
import type { Strategy } from '../market-making/strategy/strategy';
import type { StrategyState } from '../market-making/strategy/strategy-states';
import { allowedMoves } from '../market-making/strategy/strategy-states';

export interface RowBooks {
  readonly fillsCount: number;
  /** Put in less taken out, by asset. */
  readonly deposits: Readonly<Record<string, string>>;
  readonly openingMid: string | undefined;
  /** Another engine leases it, or one that died did last. */
  readonly isElsewhere: boolean;
  /** Totals of the strategy by asset. */
  readonly totals: Readonly<Record<string, string>>;
}

/** One strategy as the page shows it. Money in decimals, what is not known is null. */
export interface FleetRow {
  readonly id: string;
  readonly name: string;
  readonly state: StrategyState;
  readonly bid: string | null;
  readonly mid: string | null;
  readonly ask: string | null;
  readonly quotes: readonly {
    readonly side: 'bid' | 'ask';
    readonly price: string;
    readonly quantity: string;
    readonly status: string;
  }[];
  readonly reasons: readonly {
    readonly code: string;
    readonly effect: string;
    readonly side: string;
    readonly text: string;
    readonly fix: string;
    readonly sinceMs: number;
  }[];
}

export function fleetRow(strategy: Strategy, session: SessionView | undefined, books: RowBooks): FleetRow {
  const [base = '', quote = ''] = strategy.symbol.split('/');
  const held = pairOf(books.totals, base, quote);
  const given = pairOf(books.deposits, base, quote);
  const { id, name, symbol, venue, environment, state, desiredState } = strategy;
  const row = {
    ...{ id, name, symbol, venue, environment, state, desiredState },
    stateReason: strategy.stateReason?.detail ?? null,
    ...(session ? liveOf(session) : restOf(strategy, books.isElsewhere)),
    inventory: { ...held, lean: session?.lean ?? 0 },
    fillsCount: books.fillsCount,
    pnl: pnlOf(held, given, session?.mid, books.openingMid),
    allowed: allowedMoves(state),
  };
  return row;
}

type Live = Pick<FleetRow, 'bid' | 'mid' | 'ask' | 'quotes' | 'reasons'>;

/** Without a session here. One that should run says what it waits for. */
function restOf({ desiredState, stateSince }: Strategy, isElsewhere: boolean): Live {
  const waiting = { code: 'LEASE_NOT_HELD', effect: 'block', side: 'both', params: {} } as const;
  const told = { ...waiting, ...renderReason(waiting), sinceMs: Date.parse(stateSince) };
  const reasons = desiredState === 'running' && isElsewhere ? [told] : [];
  return { bid: null, mid: null, ask: null, quotes: [], reasons };
}

function liveOf(session: SessionView): Live {
  return {
    bid: session.bestBid ?? null,
    mid: session.mid ?? null,
    ask: session.bestAsk ?? null,
    quotes: session.orders.map(({ side, price, quantity, status }) => ({
      side: side === 'buy' ? ('bid' as const) : ('ask' as const),
      ...{ price, quantity, status },
    })),
    reasons: session.reasons.map((reason) => {
      const { code, effect, side, since } = reason;
      return { code, effect, side, ...renderReason(reason), sinceMs: since };
    }),
  };
}

const pairOf = (amounts: Readonly<Record<string, string>>, base: string, quote: string): Pair => ({
  base: amounts[base] ?? '0',
  quote: amounts[quote] ?? '0',
});

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
