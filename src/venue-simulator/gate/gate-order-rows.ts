import BigNumber from 'bignumber.js';
import type { OwnTrade, VenueBalance, VenueOrder } from '../venue-types';
import { seconds, shownAmount } from './gate-pairs';
import type { GatePair } from './gate-pairs';

export type Row = Readonly<Record<string, unknown>>;

/** What is told of an order besides the order itself. */
export interface OrderContext {
  readonly pair: GatePair;
  /** The trades of its account in its market, ascending. */
  readonly trades: readonly OwnTrade[];
  readonly stpGroup: number | undefined;
}

const averageDecimals = 12;

/** What clients see where an order brought no text of theirs. */
export const shownText = (name: string): string => (name.startsWith('t-') ? name : 'apiv4');

/** How an order ended; `open` while it has not. */
export function finishAs({ status, timeInForce }: VenueOrder): string {
  switch (status) {
    case 'NEW':
    case 'PARTIALLY_FILLED':
      return 'open';
    case 'FILLED':
      return 'filled';
    case 'CANCELED':
      return 'cancelled';
    case 'EXPIRED_IN_MATCH':
      return 'stp';
    case 'EXPIRED':
      return { GTC: 'unknown', IOC: 'ioc', FOK: 'fok', POST_ONLY: 'poc' }[timeInForce];
    case 'REJECTED':
      return 'unknown';
  }
}

const statusTexts: Readonly<Record<string, string>> = { open: 'open', filled: 'closed' };
const timeInForceTexts = { GTC: 'gtc', IOC: 'ioc', FOK: 'fok', POST_ONLY: 'poc' } as const;

/** The row of every REST answer about an order. */
export function orderRow(order: VenueOrder, context: OrderContext): Row {
  const amounts = amountsOf(order, context.pair);
  const fees = feesOf(order, context);
  return {
    ...resultOf(order, context, amounts),
    filled_amount: amounts.filled,
    fill_price: amounts.total,
    fee: fees.fee,
    fee_currency: fees.fee_currency,
    point_fee: fees.point_fee,
    gt_fee: fees.gt_fee,
    rebated_fee: fees.rebated_fee,
    rebated_fee_currency: fees.rebated_fee_currency,
    gt_maker_fee: '0',
    gt_taker_fee: '0',
    gt_discount: false,
  };
}

/** The row without what clearing adds. */
export const resultRow = (order: VenueOrder, context: OrderContext): Row =>
  resultOf(order, context, amountsOf(order, context.pair));

function resultOf(order: VenueOrder, { pair, stpGroup }: OrderContext, amounts: Amounts): Row {
  const ending = finishAs(order);
  return {
    id: String(pair.globalId(order.orderId)),
    text: shownText(order.clientOrderId),
    amend_text: order.memo?.['amendText'] ?? '-',
    create_time: String(seconds(order.createdAt)),
    update_time: String(seconds(order.updatedAt)),
    create_time_ms: order.createdAt,
    update_time_ms: order.updatedAt,
    status: statusTexts[ending] ?? 'cancelled',
    currency_pair: pair.id,
    type: order.type,
    account: 'spot',
    side: order.side,
    amount: sizeOf(order, pair),
    price: priceOf(order, pair),
    time_in_force: timeInForceTexts[order.timeInForce],
    iceberg: '0',
    auto_borrow: false,
    left: amounts.left,
    filled_total: amounts.total,
    avg_deal_price: amounts.average,
    stp_id: stpGroup ?? 0,
    stp_act: order.memo?.['stpAct'] ?? '-',
    finish_as: ending,
  };
}

/** Nothing but its names. */
export const ackRow = (order: VenueOrder, { pair }: OrderContext): Row => ({
  id: String(pair.globalId(order.orderId)),
  text: shownText(order.clientOrderId),
  amend_text: order.memo?.['amendText'] ?? '-',
});

export type OrderEventName = 'put' | 'update' | 'finish';

/** A row of `spot.orders`; every time is a text here. */
export function orderEventRow(
  order: VenueOrder,
  context: OrderContext,
  event: OrderEventName,
  user: number,
): Row {
  const { pair, stpGroup } = context;
  const amounts = amountsOf(order, pair);
  const fees = feesOf(order, context);
  return {
    id: String(pair.globalId(order.orderId)),
    text: shownText(order.clientOrderId),
    create_time: String(seconds(order.createdAt)),
    update_time: String(seconds(order.updatedAt)),
    currency_pair: pair.id,
    type: order.type,
    account: 'spot',
    side: order.side,
    amount: sizeOf(order, pair),
    price: priceOf(order, pair),
    time_in_force: timeInForceTexts[order.timeInForce],
    left: amounts.left,
    filled_amount: amounts.filled,
    filled_total: amounts.total,
    avg_deal_price: amounts.average,
    fee: fees.fee,
    fee_currency: fees.fee_currency,
    point_fee: fees.point_fee,
    gt_fee: fees.gt_fee,
    rebated_fee: fees.rebated_fee,
    rebated_fee_currency: fees.rebated_fee_currency,
    create_time_ms: String(order.createdAt),
    update_time_ms: String(order.updatedAt),
    user,
    event,
    stp_id: stpGroup ?? 0,
    stp_act: order.memo?.['stpAct'] ?? '-',
    finish_as: finishAs(order),
    biz_info: '-',
    amend_text: order.memo?.['amendText'] ?? '-',
  };
}

const lightlyLeftOut: readonly string[] = ['fee', 'point_fee', 'gt_fee', 'rebated_fee'];

/** A row of the channels whose names end in `_v2`: without the fees. */
export const lightRow = (row: Row, leftOut: readonly string[] = lightlyLeftOut): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !leftOut.includes(name)));

const sizeOf = (order: VenueOrder, pair: GatePair): string =>
  order.memo?.['quoteAmount'] ?? pair.amount(order.quantity);

const priceOf = (order: VenueOrder, pair: GatePair): string =>
  order.type === 'market' ? '0' : pair.price(order.price);

interface Amounts {
  readonly left: string;
  readonly filled: string;
  readonly total: string;
  readonly average: string;
}

/** A market buy counts what it spends: its amount and what is left of it are of the quote currency. */
function amountsOf(order: VenueOrder, pair: GatePair): Amounts {
  const total = order.filledTickLots === 0 ? '0' : pair.quote(order.filledTickLots);
  const quoteAmount = order.memo?.['quoteAmount'];
  const left =
    quoteAmount === undefined
      ? pair.amount(order.quantity - order.filled)
      : new BigNumber(quoteAmount).minus(total).toFixed();
  return { left, filled: pair.amount(order.filled), total, average: averageOf(order, pair) };
}

function averageOf({ filled, filledTickLots }: VenueOrder, pair: GatePair): string {
  if (filled === 0) return '0';
  const price = new BigNumber(filledTickLots).div(filled).times(pair.format.market.tickSize);
  return price.decimalPlaces(averageDecimals).toFixed();
}

/** Fees are paid in what a trade receives. */
function feesOf(order: VenueOrder, { pair, trades }: OrderContext) {
  const { base, quote } = pair.format.market;
  const [feeCurrency, otherCurrency] = order.side === 'buy' ? [base, quote] : [quote, base];
  return {
    fee: feeOf(order, trades),
    fee_currency: feeCurrency,
    point_fee: '0',
    gt_fee: '0',
    rebated_fee: '0',
    rebated_fee_currency: otherCurrency,
  };
}

/** Of its first trades, as many as this version of the order has. */
function feeOf({ orderId, filled, side }: VenueOrder, trades: readonly OwnTrade[]): string {
  if (filled === 0) return '0';
  let sum = new BigNumber(0);
  let left = filled;
  for (const trade of trades) {
    if (left <= 0) break;
    if (trade.orderId !== orderId || trade.side !== side) continue;
    sum = sum.plus(trade.fee);
    left -= trade.quantity;
  }
  return sum.toFixed();
}

/** Milliseconds with decimals, as trades show their time. */
export const preciseTime = (at: number): string => `${at}.000`;

export const ownTradeRow = (trade: OwnTrade, pair: GatePair): Row => ({
  id: String(pair.globalId(trade.tradeId)),
  create_time: String(seconds(trade.at)),
  create_time_ms: preciseTime(trade.at),
  currency_pair: pair.id,
  side: trade.side,
  role: trade.isMaker ? 'maker' : 'taker',
  amount: pair.amount(trade.quantity),
  price: pair.price(trade.price),
  order_id: String(pair.globalId(trade.orderId)),
  fee: shownAmount(trade.fee),
  fee_currency: trade.feeAsset,
  point_fee: '0',
  gt_fee: '0',
  amend_text: '-',
  sequence_id: String(trade.tradeId),
  text: shownText(trade.clientOrderId),
});

/** A row of `spot.usertrades`. */
export const userTradeRow = (trade: OwnTrade, pair: GatePair, user: number): Row => ({
  id: pair.globalId(trade.tradeId),
  user_id: user,
  order_id: String(pair.globalId(trade.orderId)),
  currency_pair: pair.id,
  create_time: seconds(trade.at),
  create_time_ms: preciseTime(trade.at),
  side: trade.side,
  amount: pair.amount(trade.quantity),
  role: trade.isMaker ? 'maker' : 'taker',
  price: pair.price(trade.price),
  fee: shownAmount(trade.fee),
  fee_currency: trade.feeAsset,
  point_fee: '0',
  gt_fee: '0',
  text: shownText(trade.clientOrderId),
  id_market: trade.tradeId,
});

export const accountRow = ({ asset, free, locked }: VenueBalance, updateId: number): Row => ({
  currency: asset,
  available: free,
  locked,
  update_id: updateId,
});

/** A row of `spot.balances`: the balance and how it differs from the one before. */
export function balanceEventRow(
  now: VenueBalance,
  before: VenueBalance,
  told: { readonly at: number; readonly user: number; readonly changeType: string },
): Row {
  const total = new BigNumber(now.free).plus(now.locked);
  const change = total.minus(before.free).minus(before.locked);
  return {
    timestamp: String(seconds(told.at)),
    timestamp_ms: String(told.at),
    user: String(told.user),
    currency: now.asset,
    change: change.toFixed(),
    total: total.toFixed(),
    available: now.free,
    freeze: now.locked,
    freeze_change: new BigNumber(now.locked).minus(before.locked).toFixed(),
    change_type: told.changeType,
  };
}
