/** Units that a bare number carries in its type name. Aliases, not brands: arithmetic on them stays plain. */

/** Price as a count of the instrument's tick size. Always an integer in a quote or an order. */
export type Ticks = number;
/** Quantity as a count of the instrument's lot size. Always an integer in a quote or an order. */
export type Lots = number;
/** Milliseconds since the Unix epoch, UTC. */
export type Ms = number;
/** Milliseconds on the process's monotonic clock; only differences have a meaning. */
export type Mono = number;
/** A plain decimal string: no exponent, no plus sign. The form money takes at every edge. */
export type Dec = string;

/** The side of an order or a fill. */
/** A copy under way: not a value yet. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type Side = 'buy' | 'sell';
/** The side of a quote: what we want resting. */
export type QuoteSide = 'bid' | 'ask';

export const orderSideOf = (side: QuoteSide): Side => (side === 'bid' ? 'buy' : 'sell');
export const quoteSideOf = (side: Side): QuoteSide => (side === 'buy' ? 'bid' : 'ask');
