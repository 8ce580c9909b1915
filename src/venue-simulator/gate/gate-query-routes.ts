import { isOpen } from '../order-shelf';
import type { VenueOrder } from '../venue-types';
import { uidOf } from '../venue-accounts';
import type { Countdowns } from './gate-countdown';
import { refusals } from './gate-errors';
import {
  checkAccount,
  optionalPairOf,
  pageFrom,
  pageOf,
  pairOf,
  requiredOf,
  spanOf,
  textOf,
  wholeOf,
} from './gate-fields';
import type { Fields } from './gate-fields';
import type { GateLedger } from './gate-ledger';
import { fieldsOf } from './gate-order-routes';
import { accountRow, ownTradeRow } from './gate-order-rows';
import type { Row } from './gate-order-rows';
import type { GateParts } from './gate-parts';
import { route } from './gate-routes';
import type { Routes, SignedCall, SignedRoute } from './gate-routes';

const mostOpen = 100;
const mostRows = 1_000;
const leastCountdown = 5;
const feeRate = '0.001';

/** What an account may ask about itself, and its countdown. */
export function queryRoutes(
  parts: GateParts,
  ledger: GateLedger,
  countdowns: Countdowns,
): Routes<SignedRoute> {
  const query = (body: (call: SignedCall) => unknown): SignedRoute => ({
    ...{ kind: 'query', handle: (call) => ({ body: body(call) }) },
  });
  return [
    [route('GET', '/spot/orders/{id}'), query((call) => order(parts, ledger, call))],
    [route('GET', '/spot/orders'), query((call) => orders(parts, ledger, call))],
    [route('GET', '/spot/open_orders'), query((call) => openOrders(parts, ledger, call))],
    [route('GET', '/spot/my_trades'), query((call) => trades(parts, call))],
    [route('GET', '/spot/accounts'), query((call) => balances(parts, call))],
    [route('GET', '/spot/fee'), query(({ account, query: fields }) => fee(parts, account, fields))],
    [route('GET', '/wallet/fee'), query(({ account }) => walletFee(account))],
    [route('GET', '/account/detail'), query(({ account }) => detail(account))],
    [
      route('POST', '/spot/countdown_cancel_all'),
      { kind: 'query', handle: (call) => ({ body: countdown(parts, countdowns, call) }) },
    ],
  ];
}

const asOf = ({ faults, now }: GateParts): number | undefined => faults.queriedAsOf(now());

/** A pair is needed while the order is open; a number tells its own pair. */
function order(parts: GateParts, ledger: GateLedger, { account, id, query }: SignedCall): Row {
  checkAccount(query);
  const found = ledger.find(account, id, optionalPairOf(query, parts.pairs), asOf(parts));
  return ledger.row(found.order, found.pair);
}

/** Newest first: open ones of a pair, or those that ended within a span. */
function orders(parts: GateParts, ledger: GateLedger, { account, query }: SignedCall): readonly Row[] {
  checkAccount(query);
  const status = requiredOf(query, 'status');
  if (status !== 'open' && status !== 'finished') throw refusals.illegal('status');
  const isFinished = status === 'finished';
  const pair = isFinished ? optionalPairOf(query, parts.pairs) : pairOf(query, parts.pairs);
  const page = pageOf(query, isFinished ? mostRows : mostOpen);
  const all = parts.history.orders(account, pair?.symbol, asOf(parts));
  const found = isFinished ? finished(all, query, parts.now()) : all.filter(isOpen).toReversed();
  return ledger.rows(pageFrom(found, page));
}

/** A span is optional here: without one every ended order the venue remembers is listed. */
function finished(all: readonly VenueOrder[], query: Fields, now: number): readonly VenueOrder[] {
  const hasSpan = textOf(query, 'from') !== undefined || textOf(query, 'to') !== undefined;
  const span = hasSpan ? spanOf(query, now) : undefined;
  const side = textOf(query, 'side');
  return all
    .filter((one) => !isOpen(one) && one.status !== 'REJECTED')
    .filter((one) => !span || (one.updatedAt >= span.from && one.updatedAt <= span.to))
    .filter((one) => !side || one.side === side)
    .toSorted((a, b) => b.updatedAt - a.updatedAt || b.orderId - a.orderId);
}

/** Pages count within each pair; every pair with open orders is listed. */
function openOrders(parts: GateParts, ledger: GateLedger, { account, query }: SignedCall): readonly Row[] {
  checkAccount(query);
  const page = pageOf(query, mostOpen);
  const open = parts.history.openOrders(account, undefined, asOf(parts));
  return parts.pairs.all.flatMap((pair) => {
    const own = open.filter(({ symbol }) => symbol === pair.symbol);
    if (own.length === 0) return [];
    const rows = ledger.rows(pageFrom(own.toReversed(), page));
    return [{ currency_pair: pair.id, total: rows.length, orders: rows }];
  });
}

/** Newest first. */
function trades(parts: GateParts, { account, query }: SignedCall): readonly Row[] {
  checkAccount(query);
  const given = optionalPairOf(query, parts.pairs);
  const orderId = textOf(query, 'order_id');
  if (orderId !== undefined && !given) throw refusals.missing('currency_pair');
  const span = spanOf(query, parts.now());
  const found = (given ? [given] : parts.pairs.all)
    .flatMap((pair) =>
      parts.history.trades(account, pair.symbol, asOf(parts)).map((trade) => ({ trade, pair })),
    )
    .filter(({ trade: { at } }) => at >= span.from && at <= span.to)
    .filter(({ trade, pair }) => orderId === undefined || String(pair.globalId(trade.orderId)) === orderId)
    .toSorted((a, b) => b.trade.at - a.trade.at || b.trade.tradeId - a.trade.tradeId);
  return pageFrom(found, pageOf(query, mostRows)).map(({ trade, pair }) => ownTradeRow(trade, pair));
}

function balances(parts: GateParts, { account, query }: SignedCall): readonly Row[] {
  const currency = textOf(query, 'currency');
  return parts.history
    .balances(account, asOf(parts))
    .filter(({ asset }) => currency === undefined || asset === currency)
    .map((balance) => accountRow(balance, parts.changes.ofAccount(account)));
}

const feeRow = (account: string): Row => ({
  user_id: uidOf(account),
  taker_fee: feeRate,
  maker_fee: feeRate,
  gt_discount: false,
  gt_taker_fee: '0',
  gt_maker_fee: '0',
  loan_fee: '0',
  point_type: '1',
  debit_fee: 3,
});

function fee({ pairs }: GateParts, account: string, fields: Fields): Row {
  const pair = optionalPairOf(fields, pairs);
  return { ...feeRow(account), currency_pair: pair?.id ?? '' };
}

const walletFee = (account: string): Row => ({
  ...feeRow(account),
  ...{ futures_taker_fee: '0', futures_maker_fee: '0', delivery_taker_fee: '0', delivery_maker_fee: '0' },
});

/** A key of the classic mode. */
const detail = (account: string): Row => ({
  user_id: uidOf(account),
  ip_whitelist: [],
  currency_pairs: [],
  key: { mode: 1 },
  tier: 0,
  copy_trading_role: 0,
});

/** For one pair or for all; 0 ends it. */
function countdown({ pairs, now }: GateParts, countdowns: Countdowns, { account, body }: SignedCall): Row {
  const fields = fieldsOf(body);
  const timeout = wholeOf(fields, 'timeout');
  if (timeout === undefined) throw refusals.missing('timeout');
  if (timeout !== 0 && timeout < leastCountdown) throw refusals.illegal('timeout');
  const given = optionalPairOf(fields, pairs);
  for (const { symbol } of given ? [given] : pairs.all) {
    if (timeout === 0) countdowns.disarm(account, symbol);
    else countdowns.arm(account, symbol, timeout * 1_000);
  }
  return { triggerTime: timeout === 0 ? 0 : now() + timeout * 1_000 };
}
