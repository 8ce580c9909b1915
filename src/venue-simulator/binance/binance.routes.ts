import type { RequestKind } from '../faults';
import { uidOf } from '../venue-accounts';
import type { VenueOrder } from '../venue-types';
import { placeRefusal, refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import type { Validity } from './binance.signature';
import { checkValid } from './binance.signature';
import type { MarketFormat } from './market-format';
import { balanceRow, canceledRow, createdRow, ownTradeRow, queriedRow } from './order-rows';
import type { Row } from './order-rows';
import { formatOf, keyOf } from './order-keys';
import { placeRequestOf, requiredOf } from './order-params';
import type { Params } from './order-params';
import { ownTradesPage } from './own-trades';
import { cancelIdOf } from './user-events';

/** A request whose key, signature and time were found good. */
export interface SignedCall {
  readonly account: string;
  readonly params: Params;
  readonly validity: Validity;
}

/** `cut` closes the connection without an answer. */
export type Reply =
  | { readonly cut: true }
  | { readonly cut?: false; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

export interface SignedRoute {
  readonly kind: RequestKind;
  /** Whether it asks for a new order. */
  readonly isCreate?: true;
  readonly weight: (params: Params) => number;
  readonly handle: (call: SignedCall) => Reply | Promise<Reply>;
}

const cutReply: Reply = { cut: true };
const answer = (body: unknown): Reply => ({ body });
const always = (weight: number) => (): number => weight;
const ordersPerPage = 500;
const mostOrders = 1_000;

/** The account's own requests. */
export class SignedRoutes {
  readonly table: ReadonlyMap<string, SignedRoute>;

  constructor(private readonly parts: BinanceParts) {
    const query = (
      weight: (params: Params) => number,
      handle: (call: SignedCall) => unknown,
    ): SignedRoute => ({
      kind: 'query',
      weight,
      handle: (call) => answer(handle(call)),
    });
    this.table = new Map<string, SignedRoute>([
      [
        'POST /api/v3/order',
        { kind: 'create', isCreate: true, weight: always(1), handle: (call) => this.create(call) },
      ],
      ['DELETE /api/v3/order', { kind: 'cancel', weight: always(1), handle: (call) => this.cancel(call) }],
      [
        'DELETE /api/v3/openOrders',
        { kind: 'cancel', weight: always(1), handle: (call) => this.cancelAll(call) },
      ],
      ['GET /api/v3/order', query(always(4), (call) => this.order(call))],
      [
        'GET /api/v3/openOrders',
        query(
          (p) => (p.has('symbol') ? 6 : 80),
          (call) => this.openOrders(call),
        ),
      ],
      [
        'GET /api/v3/myTrades',
        query(
          (p) => (p.has('orderId') ? 5 : 20),
          (call) => this.trades(call),
        ),
      ],
      ['GET /api/v3/allOrders', query(always(20), (call) => this.allOrders(call))],
      ['GET /api/v3/account', query(always(20), (call) => this.accountRow(call))],
    ]);
  }

  private async create({ account, params, validity }: SignedCall): Promise<Reply> {
    const { core, faults, meter, now, rejections } = this.parts;
    const format = this.formatOf(params);
    const clientOrderId = requiredOf(params, 'newClientOrderId');
    if ((await faults.pass('create-received', clientOrderId)) === 'drop') return cutReply;
    checkValid(validity, now());
    if ((format.market.status ?? 'TRADING') !== 'TRADING') throw refusals.closed();
    const request = placeRequestOf(params, account, format, core.depth(format.market.symbol, 1));
    meter.chargeOrder(account);
    const placed = core.place(request);
    if (!placed.ok && placed.reason === 'WOULD_MATCH') for (const tell of rejections) tell(request);
    if ((await faults.pass('create-executed', clientOrderId)) === 'drop' || faults.takeDrop('create')) {
      return cutReply;
    }
    if (!placed.ok) throw placeRefusal(placed.reason);
    return { body: createdRow(placed.order, placed.trades, format), headers: meter.orderHeaders(account) };
  }

  private async cancel({ account, params, validity }: SignedCall): Promise<Reply> {
    const { core, faults, now, history } = this.parts;
    const format = this.formatOf(params);
    const key = keyOf(account, params);
    const clientOrderId = key.clientOrderId ?? history.order(key)?.clientOrderId ?? '';
    if ((await faults.pass('cancel-received', clientOrderId)) === 'drop') return cutReply;
    checkValid(validity, now());
    const canceled = core.cancel(key);
    if ((await faults.pass('cancel-executed', clientOrderId)) === 'drop' || faults.takeDrop('cancel')) {
      return cutReply;
    }
    if (!canceled.ok) throw refusals.unknownOrder();
    const cancelId = params.get('newClientOrderId') ?? cancelIdOf(canceled.order.orderId);
    return answer(canceledRow(canceled.order, format, cancelId));
  }

  private cancelAll({ account, params, validity }: SignedCall): Reply {
    const { core, faults, now } = this.parts;
    const format = this.formatOf(params);
    checkValid(validity, now());
    const { symbol } = format.market;
    const canceled = core
      .openOrders(account, symbol)
      .map(({ orderId }) => core.cancel({ account, symbol, orderId }))
      .flatMap((one) => (one.ok ? [one.order] : []));
    if (faults.takeDrop('cancel')) return cutReply;
    if (canceled.length === 0) throw refusals.unknownOrder();
    return answer(canceled.map((order) => canceledRow(order, format, cancelIdOf(order.orderId))));
  }

  private order({ account, params }: SignedCall): Row {
    const format = this.formatOf(params);
    const order = this.parts.history.order(keyOf(account, params), this.asOf());
    if (!order) throw refusals.noOrder();
    return queriedRow(order, format);
  }

  private openOrders({ account, params }: SignedCall): readonly Row[] {
    if (params.has('symbol')) this.formatOf(params);
    return this.parts.history
      .openOrders(account, params.get('symbol'), this.asOf())
      .flatMap((order) => this.row(order));
  }

  /** From an id on: the oldest; otherwise the latest, ascending as well. */
  private allOrders({ account, params }: SignedCall): readonly Row[] {
    const { symbol } = this.formatOf(params).market;
    const limit = Math.min(Number(params.get('limit') ?? ordersPerPage), mostOrders);
    const from = Number(params.get('orderId') ?? 0);
    const found = this.parts.history
      .orders(account, symbol, this.asOf())
      .filter((order) => order.orderId >= from && order.status !== 'REJECTED');
    const page = params.has('orderId') ? found.slice(0, limit) : found.slice(-limit);
    return page.flatMap((order) => this.row(order));
  }

  private row(order: VenueOrder): readonly Row[] {
    const format = this.parts.formats.get(order.symbol);
    return format ? [queriedRow(order, format)] : [];
  }

  private trades({ account, params }: SignedCall): readonly Row[] {
    const format = this.formatOf(params);
    const trades = this.parts.history.trades(account, format.market.symbol, this.asOf());
    return ownTradesPage(params, trades).map((trade) => ownTradeRow(trade, format));
  }

  private accountRow({ account, params }: SignedCall): Row {
    const rows = this.parts.history.balances(account, this.asOf()).map(balanceRow);
    const isZero = (row: Row): boolean => Number(row['free']) === 0 && Number(row['locked']) === 0;
    const rates = { maker: '0.00100000', taker: '0.00100000', buyer: '0.00000000', seller: '0.00000000' };
    return {
      makerCommission: 10,
      takerCommission: 10,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: rates,
      canTrade: true,
      canWithdraw: false,
      canDeposit: false,
      brokered: false,
      requireSelfTradePrevention: false,
      updateTime: this.parts.now(),
      accountType: 'SPOT',
      balances: params.get('omitZeroBalances') === 'true' ? rows.filter((row) => !isZero(row)) : rows,
      permissions: ['SPOT'],
      uid: uidOf(account),
    };
  }

  private asOf(): number | undefined {
    return this.parts.faults.queriedAsOf(this.parts.now());
  }

  private formatOf(params: Params): MarketFormat {
    return formatOf(params, this.parts.formats);
  }
}
