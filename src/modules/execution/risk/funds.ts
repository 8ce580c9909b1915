import type { Instrument } from '../../../domain/instrument';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import type { Lots, Side, Ticks } from '../../../domain/units';
import { refuse } from './check-state';

/** Fractional lots of base and tick·lots of quote that new orders may still hold. */
export interface Free {
  readonly baseLots: number;
  readonly quoteTickLots: number;
}

/** Keeps the floating sum on the safe side of the exact one the database adds up. */
const margin = 1 - 1e-12;

/** What one lot holds while its order is unended: price and worst fee of quote for a buy, itself for a sell. */
export const holdPerLot = (instrument: Instrument, side: Side, price: Ticks): number =>
  side === 'sell' ? 1 : price * (1 + Math.max(0, instrument.rules.makerFeeBps) / 1e4);

const wholeLots = (x: number): Lots => Math.floor(x + Math.max(1e-9, x * 4e-15));

export interface Funded {
  /** Undefined when not even the venue's minimum fits. */
  readonly quote: TargetQuote | undefined;
  readonly free: Free;
  /** Set when the order was trimmed or dropped. */
  readonly reason: Reason | undefined;
}

/** The order at the size its funds allow. */
export function fund(quote: TargetQuote, free: Free, instrument: Instrument): Funded {
  const isBid = quote.side === 'bid';
  const rate = holdPerLot(instrument, isBid ? 'buy' : 'sell', quote.priceTicks);
  const have = Math.max(0, isBid ? free.quoteTickLots : free.baseLots);
  const fits: Lots = Math.min(
    quote.quantityLots,
    isBid ? wholeLots((have * margin) / rate) : wholeLots(have),
  );
  const isWhole = fits >= quote.quantityLots;
  const reason = isWhole ? undefined : shortage(quote, have, quote.quantityLots * rate, instrument);
  if (fits < instrument.minLotsAt(quote.priceTicks)) return { quote: undefined, free, reason };
  const rest = have - fits * rate;
  return {
    quote: isWhole ? quote : { ...quote, quantityLots: fits },
    free: isBid
      ? { baseLots: free.baseLots, quoteTickLots: rest }
      : { baseLots: rest, quoteTickLots: free.quoteTickLots },
    reason,
  };
}

function shortage(quote: TargetQuote, have: number, need: number, instrument: Instrument): Reason {
  const { lotSize, tickSize } = instrument.rules;
  const unit = quote.side === 'bid' ? Number(lotSize) * Number(tickSize) : Number(lotSize);
  const figure = (amount: number): string => String(Number((amount * unit).toPrecision(10)));
  const params = { have: figure(have), need: figure(need), missing: figure(need - have) };
  return refuse(quote, quote.side === 'bid' ? 'INSUFFICIENT_QUOTE' : 'INSUFFICIENT_BASE', params);
}
