import BigNumber from 'bignumber.js';
import { DomainError } from '../../domain/errors';
import type { Fill } from '../../domain/fill';
import { fillKeyOf } from '../../domain/fill';
import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import { statusOf, unbookedOf } from '../../domain/order';
import type { Dec, Ms } from '../../domain/units';
import type { Engine, OpenAccount } from './engine';
import { orderViewOf } from './session-view';
import type { Outcome } from './trackers/resolution';
import { isResolvable, objectionTo, reportOfVerdict } from './trackers/resolution';
import type { OrderView } from './types';

/** A trade as the venue shows it to a person. Without a fee it is asked for. */
export interface ShownTrade {
  readonly tradeId: string;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly fee?: Dec;
  readonly feeAsset?: string;
  readonly at: Ms;
}

export interface Resolution {
  readonly clientOrderId: string;
  readonly outcome: Outcome;
  readonly filledQuantity: Dec;
  /** The venue's id of the order, where it was never learned. */
  readonly venueOrderId?: string;
  /** Those of its trades that are not in the books yet. */
  readonly trades: readonly ShownTrade[];
}

const bookingWaitMs = 5_000;

interface Found {
  readonly order: ClientOrder;
  readonly rules: Instrument;
  readonly account: OpenAccount;
}

/**
 * A person's word about an order that is lost or overdue: it ends as they say, and the trades they have seen are booked
 * as ordinary fills under the venue's ids, so that the same trade arriving later is the same fill. Throws DomainError,
 * StoreUnavailable.
 */
export async function resolveOrder(engine: Engine, resolution: Resolution): Promise<OrderView> {
  const { clientOrderId, outcome, trades, venueOrderId } = resolution;
  const databaseNow = await engine.store.now();
  const { order, rules, account } = await find(engine, clientOrderId); // Last: nothing is awaited behind it.
  if (!isResolvable(order, databaseNow)) {
    const detail = `${clientOrderId} is ${statusOf(order)}: the venue itself answers for it`;
    throw new DomainError('ILLEGAL_TRANSITION', detail, 'Only LOST and overdue UNKNOWN orders are resolved.');
  }
  const filled = rules.toLots(resolution.filledQuantity);
  const tradeLots = trades.reduce((sum, trade) => sum + rules.toLots(trade.quantity), 0);
  const verdict = { outcome, filled, tradeLots, venueOrderId };
  const objection = objectionTo(order, verdict);
  if (objection) throw refused(objection.pointer, objection.detail);
  const named = { ...order, venueOrderId: order.venueOrderId ?? venueOrderId };
  const fills = trades.map((trade, index) =>
    fillOf({ order: named, rules, account }, trade, `/trades/${index}`),
  );
  const stamp = { at: engine.runtime.monotonic(), atMs: engine.runtime.now() };
  engine.orders.apply(clientOrderId, reportOfVerdict(verdict, stamp));
  for (const fill of fills) account.reconciler.fill(fill);
  return booked(engine, clientOrderId, rules);
}

/**
 * Books a fill the venue proves and its API does not deliver, or posts the fee of a booked one that has none. Throws
 * DomainError, StoreUnavailable.
 */
export async function bookFill(
  engine: Engine,
  clientOrderId: string,
  trade: ShownTrade,
): Promise<{ readonly booked: 'fill' | 'fee'; readonly order: OrderView }> {
  const found = await find(engine, clientOrderId);
  const fill = fillOf(found, trade, '');
  const { pendingFees } = await engine.store.load(found.account.config.id);
  const unbooked = unbookedOf(engine.orders.get(clientOrderId) ?? found.order); // As it is by now.
  const known = pendingFees.find((each) => fillKeyOf(each) === fillKeyOf(fill));
  if (known) await postFee(engine, found.account, known, fill);
  else if (unbooked < found.rules.toLots(trade.quantity)) {
    const detail = `${found.rules.quantity(unbooked)} of ${clientOrderId} is not in the books`;
    throw new DomainError('NOTHING_UNBOOKED', detail, 'See unbooked of the order.');
  } else found.account.reconciler.fill(fill);
  const order = await booked(engine, clientOrderId, found.rules);
  return { booked: known ? 'fee' : 'fill', order };
}

async function postFee(engine: Engine, account: OpenAccount, known: Fill, said: Fill): Promise<void> {
  const isSame = new BigNumber(known.price).eq(said.price) && new BigNumber(known.quantity).eq(said.quantity);
  const conflict = (detail: string): DomainError =>
    new DomainError('FILL_CONFLICT', detail, 'Compare the trade with what the venue shows.');
  if (!isSame) throw conflict(`trade ${known.tradeId} is booked as ${known.quantity} at ${known.price}`);
  const { fee, feeAsset } = said;
  if (fee === undefined || feeAsset === undefined) throw refused('/fee', 'is what this trade lacks');
  const result = await engine.store.recordFee({ ...known, fee, feeAsset });
  if (result.kind === 'conflict') throw conflict(result.detail);
  if (result.kind === 'booked') engine.holdings.update(result.balances);
  account.reconciler.fill(said); // Nobody need ask for it any more.
}

/** The order from memory, or from the record where its trades may still come late. */
async function find(engine: Engine, clientOrderId: string): Promise<Found> {
  const { orders, accounts } = engine;
  if (!orders.get(clientOrderId)) await recall(engine, clientOrderId);
  const order = orders.get(clientOrderId);
  const account = order && accounts.get(order.accountId);
  const rules = orders.rulesOf(clientOrderId);
  if (order && account && rules) return { order, account, rules };
  const hint = 'See GET /api/v1/strategies/{id}/orders.';
  throw new DomainError('NOT_FOUND', `There is no order ${clientOrderId}.`, hint);
}

async function recall({ orders, accounts, store, leases }: Engine, clientOrderId: string): Promise<void> {
  const row = await store.findOrder({ clientOrderId });
  if (!row) return;
  if (leases.isElsewhere(row.strategyId))
    throw new DomainError('LEASE_HELD_ELSEWHERE', 'another engine runs its strategy', 'Ask that engine.');
  const rules = accounts.get(row.accountId)?.rules.get(row.instrument);
  if (!rules)
    throw new DomainError('NOT_READY', `account ${row.accountId} is not open`, 'Reconcile it first.');
  orders.recall(row, rules);
}

function fillOf({ order, rules, account }: Found, trade: ShownTrade, at: string): Fill {
  const { fee, feeAsset, price } = trade;
  const { venueOrderId, side, strategyId, clientOrderId, venue } = order;
  if (venueOrderId === undefined)
    throw refused('/venueOrderId', 'is needed: the venue has not shown it here');
  if ((fee === undefined) !== (feeAsset === undefined)) throw refused(`${at}/feeAsset`, 'comes with the fee');
  const worse = new BigNumber(price).comparedTo(rules.price(order.price)) ?? 0;
  if (order.type === 'limit' && (side === 'buy' ? worse > 0 : worse < 0))
    throw refused(`${at}/price`, `is worse than the limit ${rules.price(order.price)}`);
  rules.toLots(trade.quantity);
  return {
    ...{ venue, accountId: account.config.id, strategyId, clientOrderId, venueOrderId, side },
    ...{ instrument: rules.id, base: rules.base, quote: rules.quote, tradeId: trade.tradeId, price },
    ...{ quantity: trade.quantity, liquidity: 'unknown', venueTime: trade.at, source: 'human' },
    ...(fee === undefined || feeAsset === undefined ? {} : { fee, feeAsset }),
  };
}

/** The order once what was said is in the books; as it is when they do not answer in time. */
async function booked(engine: Engine, clientOrderId: string, rules: Instrument): Promise<OrderView> {
  const { orders, runtime } = engine;
  await Promise.race([orders.idle(), runtime.sleep(bookingWaitMs)]);
  return orderViewOf(orders.get(clientOrderId)!, rules, runtime.monotonic());
}

const refused = (pointer: string, detail: string): DomainError =>
  new DomainError('OUT_OF_RANGE', `${pointer} ${detail}.`, 'Correct the field.', [
    { pointer, code: 'OUT_OF_RANGE', detail },
  ]);
