import type { Reason, ReasonCode } from './reason';

/** What a code means to a person and what would change it. `{name}` stands for a parameter of the reason. */
export interface ReasonText {
  readonly text: string;
  readonly fix: string;
}

const automatic = 'Nothing to do: this ends by itself.';

/** The only source of reason texts: for the API, the page, the log and the documents. */
export const reasonTexts: Readonly<Record<ReasonCode, ReasonText>> = {
  PAUSED_BY_USER: { text: 'Paused by its owner.', fix: 'Resume the strategy.' },
  PAUSED_BY_RISK: {
    text: 'Paused by risk control: {cause}.',
    fix: 'Ask an administrator to lift the halt.',
  },
  KILL_SWITCH: {
    text: 'The kill switch of {scope} was used by {actor}: {cause}.',
    fix: 'Ask an administrator to release it, then resume the strategy.',
  },
  REDUCE_ONLY: {
    text: 'Only orders that move the position towards its target are placed: {cause}.',
    fix: 'Ask an administrator to lift the halt of {scope}.',
  },
  STOPPING: { text: 'The strategy is stopping.', fix: automatic },
  QUARANTINED: {
    text: 'Stopped after a fault of the engine: {detail}.',
    fix: 'Read the fault, then start the strategy again.',
  },
  RECONCILING: { text: 'Orders and balances are being read back from the venue.', fix: automatic },
  DRAINING: {
    text: 'The engine before this one ended without a word; {waitMs} ms until nothing of it can arrive any more.',
    fix: automatic,
  },
  LEASE_NOT_HELD: {
    text: 'Another engine holds the right to trade; if it has died, that runs out within 15 s.',
    fix: automatic,
  },
  VENUE_DISCONNECTED: { text: 'The connection to the venue is down.', fix: automatic },
  USER_STREAM_DOWN: { text: 'The stream of own orders and fills is down.', fix: automatic },
  USER_STREAM_SILENT: {
    text: 'The venue did not echo an order on the stream of own orders.',
    fix: automatic,
  },
  KEY_REJECTED: {
    text: 'The venue refuses the API key: {why}.',
    fix: 'Check the key, its permissions and its allowed addresses.',
  },
  CLOCK_SKEW: {
    text: 'The clock of the venue was last {offsetMs} ms ahead; new orders wait while a wrong time is measured anew.',
    fix: 'Synchronise the clock of the machine.',
  },
  DEAD_MAN_NOT_ARMED: {
    text: "The dead-man's switch of the venue does not hold: {why}.",
    fix: 'Let one engine alone trade the account, and see what keeps it from renewing.',
  },
  RATE_LIMITED: {
    text: 'The venue takes no new orders for {waitMs} ms: its request limits are used up, or it asked for silence.',
    fix: automatic,
  },
  CIRCUIT_OPEN: { text: 'The venue fails too many requests; new orders wait.', fix: automatic },
  INSTRUMENT_HALTED: { text: 'The venue has halted trading of this pair.', fix: automatic },
  INSTRUMENT_CANCEL_ONLY: { text: 'The venue accepts only cancels for this pair.', fix: automatic },
  INSTRUMENT_RULES_CHANGED: {
    text: 'The venue changed the rules of this pair ({change}); quotes return when all old orders have ended.',
    fix: automatic,
  },
  INSTRUMENT_RULES_UNSURE: {
    text: 'The venue refused an order by the rules of this pair; they are being read anew, and nothing is placed until then.',
    fix: automatic,
  },
  BOOK_STALE: {
    text: 'The order book was last proved alive {ageMs} ms ago; at most {limitMs} ms are allowed.',
    fix: automatic,
  },
  BOOK_GAP_RESYNC: { text: 'The order book is being rebuilt: {problem}.', fix: automatic },
  BOOK_EMPTY: {
    text: 'Without our own orders one side of the order book is empty, so there is no reference price.',
    fix: 'Wait for other orders, or quote a pair with a market.',
  },
  BOOK_TOO_WIDE: {
    text: 'Without our own orders the best bid and ask are {spreadBps} bps apart; at most {limitBps} bps make a price.',
    fix: 'Wait for other orders, or raise maxBookSpreadBps for a market that is always so wide.',
  },
  BOOK_CROSSED: { text: 'The best bid {bid} is not below the best ask {ask}.', fix: automatic },
  INSUFFICIENT_BASE: {
    text: 'Free base {have} is less than the {need} this order holds.',
    fix: 'Add {missing} to the allocation, or make the orders smaller.',
  },
  INSUFFICIENT_QUOTE: {
    text: 'Free quote {have} is less than the {need} this order holds.',
    fix: 'Add {missing} to the allocation, or make the orders smaller.',
  },
  ACCOUNT_UNRECONCILED: {
    text: 'The balance shown by the venue differs from the books: {detail}.',
    fix: 'Open the reconciliation of the account and explain the difference.',
  },
  BELOW_MIN_NOTIONAL: {
    text: 'Quantity {quantity} is below the {minimum} that the minimum value of the venue asks at this price.',
    fix: 'Raise the order size.',
  },
  BELOW_MIN_QUANTITY: {
    text: 'Quantity {quantity} is below the minimum {minimum} of the venue.',
    fix: 'Raise the order size.',
  },
  ABOVE_MAX_QUANTITY: {
    text: 'Quantity {quantity} is above the maximum {maximum} of the venue.',
    fix: 'Lower the order size.',
  },
  PRICE_INVALID: {
    text: 'The price {price} is not a price of this pair.',
    fix: 'Lower the spread or the level spacing.',
  },
  PRICE_COLLAR: {
    text: 'The price is {distanceBps} bps away from the mid; at most {limitBps} bps are allowed.',
    fix: 'Lower the spread, the level count or the level spacing.',
  },
  BELOW_MIN_SPREAD: {
    text: 'The spread of {configuredBps} bps is below the floor and was widened to {floorBps} bps.',
    fix: 'Raise the spread, or lower minimumSpreadBps or minEdgeBps.',
  },
  POST_ONLY_MARGIN: {
    text: 'The price was moved or held so that it cannot take from the book.',
    fix: automatic,
  },
  INVENTORY_LIMIT: {
    text: 'Inventory is at its limit on this side.',
    fix: 'Wait for the other side to fill, or widen the inventory limits.',
  },
  ORDER_NOTIONAL_LIMIT: {
    text: 'The order is worth {notional}; at most {limit} are allowed.',
    fix: 'Lower the order size, or ask an administrator to raise the limit.',
  },
  ORDER_COUNT_LIMIT: {
    text: '{open} orders are open on this pair; at most {limit} are used of what the venue allows.',
    fix: 'Lower the number of levels.',
  },
  REFERENCES_DISAGREE: {
    text: 'Two reference prices are {gapBps} bps apart; at most {limitBps} bps are allowed.',
    fix: automatic,
  },
  ORDER_RATE_LIMIT: {
    text: '{creates} orders were created on this account within a second; at most {limit} are allowed.',
    fix: automatic,
  },
  LOSS_LIMIT: {
    text: 'The day has lost {used} of quote; at most {limit} are allowed.',
    fix: 'Find out why, then ask an administrator to lift the halt.',
  },
  DRAWDOWN_LIMIT: {
    text: 'The result is {used} of quote below its best of the day; at most {limit} are allowed.',
    fix: 'Find out why, then ask an administrator to lift the halt.',
  },
  TOXIC_FLOW: {
    text: '{fills} fills within a minute; at most {limit} are allowed.',
    fix: 'Widen the spread if this happens again.',
  },
  ONE_SIDED_FILLS: {
    text: '{orders} orders of this side were filled in a row; at most {limit} are allowed.',
    fix: 'Wait for the other side to fill, or for a minute without fills.',
  },
  EXPOSURE_LIMIT: {
    text: 'The exposure of {scope} would be {used} of quote; at most {limit} are allowed.',
    fix: 'Lower the order size, or ask an administrator to raise the cap.',
  },
  ORDER_UNKNOWN: {
    text: 'The venue has not said what became of order {clientOrderId}; its place stays empty until it has.',
    fix: automatic,
  },
  ORDER_LOST: {
    text: 'Order {clientOrderId} was live and the venue does not find it any more.',
    fix: 'Look for the order at the venue, then resolve it by hand.',
  },
  CANCEL_PENDING: { text: 'A cancel on this side has not taken effect yet.', fix: automatic },
  FILL_UNBOOKED: { text: 'A fill of {quantity} is known and not in the books yet.', fix: automatic },
  SELF_CROSS_GUARD: {
    text: 'The price would meet an own order at {blocker}.',
    fix: 'Wait for that order to move, or separate the spreads of the strategies on this pair.',
  },
  POST_ONLY_REJECTED: {
    text: 'The venue refused an order that would have taken from the book.',
    fix: automatic,
  },
  REJECT_BACKOFF: {
    text: 'The venue refused orders of this side {rejects} times in a row; the next try waits {waitMs} ms.',
    fix: automatic,
  },
  MIN_LIFETIME: {
    text: 'The order is {gapBps} bps away from its target and may be replaced in {waitMs} ms.',
    fix: 'Lower refreshMs, requoteMoveBps or minOrderLifetimeMs to follow faster.',
  },
  LOOP_LAG: {
    text: 'The engine is {lagMs} ms behind; at most {limitMs} ms are allowed.',
    fix: 'Lower the load of this machine.',
  },
  DATABASE_DOWN: {
    text: 'The database does not answer, so no order can be recorded.',
    fix: 'Check the database.',
  },
};

/** A reason in words, with its parameters filled in; a parameter it lacks is shown as `?`. */
export function renderReason(reason: Pick<Reason, 'code' | 'params'>): ReasonText {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(reason.params[name] ?? '?'));
  const { text, fix } = reasonTexts[reason.code];
  return { text: fill(text), fix: fill(fix) };
}
