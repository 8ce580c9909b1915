import type { OrderChange, OrderKey, PlaceRequest, VenueOrder } from '../venue-types';
import { BinanceRefusal, placeRefusal, refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import type { Reply, SignedCall, SignedRoute } from './binance.routes';
import { checkValid } from './binance.signature';
import { mostAmends } from './exchange-info';
import type { MarketFormat } from './market-format';
import { formatOf, keyOf } from './order-keys';
import { clientIdOf, placeRequestOf, quantityOf, requiredOf } from './order-params';
import type { Params } from './order-params';
import { amendedRow, canceledRow, createdRow } from './order-rows';
import type { Row } from './order-rows';
import { cancelIdOf } from './user-events';

const canceledNames = { orderId: 'cancelOrderId', clientOrderId: 'cancelOrigClientOrderId' };

const replaceModes = ['STOP_ON_FAILURE', 'ALLOW_FAILURE'];

/** One half of a cancel-replace: what it did, or why not. */
type Half = { readonly isDone: boolean; readonly row: Row };

/** Requests that change an order: less of it in place, or another one instead of it. */
export class ChangeRoutes {
  readonly table: ReadonlyMap<string, SignedRoute>;
  private executions = 0;

  constructor(private readonly parts: BinanceParts) {
    this.table = new Map<string, SignedRoute>([
      [
        'PUT /api/v3/order/amend/keepPriority',
        { kind: 'create', weight: () => 4, handle: (call) => this.amend(call) },
      ],
      [
        'POST /api/v3/order/cancelReplace',
        { kind: 'create', isCreate: true, weight: () => 1, handle: (call) => this.replace(call) },
      ],
    ]);
  }

  /** Not counted as an order. Without a new client id the order gets one of the venue's making. */
  private async amend(call: SignedCall): Promise<Reply> {
    const { account, params, validity } = call;
    const { core, now, faults } = this.parts;
    const key = keyOf(account, params);
    const name = key.clientOrderId ?? core.order(key)?.clientOrderId ?? '';
    if ((await faults.pass('create-received', name)) === 'drop') return { cut: true };
    checkValid(validity, now());
    const body = this.amended(call);
    if ((await faults.pass('create-executed', name)) === 'drop' || faults.takeDrop('create'))
      return { cut: true };
    return { body };
  }

  private amended({ account, params }: SignedCall): Row {
    const { core } = this.parts;
    const format = formatOf(params, this.parts.formats);
    const order = core.order(keyOf(account, params));
    if (!order) throw refusals.amend('Unknown order sent.');
    this.executions += 1;
    const change = this.changeOf(order, params, format);
    const amended = core.amend({ account, symbol: order.symbol, orderId: order.orderId }, change);
    if (!amended.ok) throw refusals.amend('Unknown order sent.');
    const row = amendedRow(amended.order, format, order.clientOrderId);
    return { transactTime: amended.order.updatedAt, executionId: this.executions, amendedOrder: row };
  }

  private changeOf(order: VenueOrder, params: Params, format: MarketFormat): OrderChange {
    const quantity = quantityOf(params, format, 'newQty');
    if (quantity > order.quantity) throw refusals.amend('Order amend (quantity increase) is not supported.');
    if (quantity === order.quantity)
      throw refusals.amend('The requested action would change no state; rejecting.');
    if (quantity <= order.filled) throw refusals.amend('The new quantity has been executed.');
    const amends = Number(order.memo?.['amends'] ?? 0) + 1;
    if (amends > mostAmends) throw refusals.filter('MAX_NUM_ORDER_AMENDS');
    return {
      quantity,
      clientOrderId: this.newIdOf(order, params),
      memo: { ...order.memo, amends: String(amends), formerId: order.clientOrderId },
    };
  }

  private newIdOf({ account, symbol, clientOrderId, orderId }: VenueOrder, params: Params): string {
    if (!params.has('newClientOrderId')) return `simAmend${orderId}x${this.executions}`;
    const id = clientIdOf(params);
    const isTaken = this.parts.core.openOrders(account, symbol).some((open) => open.clientOrderId === id);
    if (isTaken && id !== clientOrderId) throw placeRefusal('DUPLICATE_ID');
    return id;
  }

  /**
   * Filters and the order count come before the cancel. `STOP_ON_FAILURE` places nothing when the cancel fails,
   * `ALLOW_FAILURE` places all the same.
   */
  private async replace(call: SignedCall): Promise<Reply> {
    const { account, params } = call;
    const { meter, faults } = this.parts;
    const mode = requiredOf(params, 'cancelReplaceMode');
    if (!replaceModes.includes(mode)) throw refusals.illegal('cancelReplaceMode');
    const format = formatOf(params, this.parts.formats);
    const key = keyOf(account, params, canceledNames);
    if ((await faults.pass('create-received', clientIdOf(params))) === 'drop') return { cut: true };
    const request = this.admitted(call, format);
    const cancel = this.cancelHalf(params, key, format);
    const isStopped = !cancel.isDone && mode === 'STOP_ON_FAILURE';
    const place = isStopped ? undefined : this.placeHalf(request, format);
    const done = [cancel, place].filter((half) => half?.isDone).length;
    const body = replacedBody(cancel, place);
    if (done < 2) throw refusals.replace(done === 1, body);
    return { body, headers: meter.orderHeaders(account) };
  }

  /** The order that is to come, if its time, its market, its filters and the count of orders let it. */
  private admitted({ account, params, validity }: SignedCall, format: MarketFormat): PlaceRequest {
    const { core, meter, now } = this.parts;
    checkValid(validity, now());
    if ((format.market.status ?? 'TRADING') !== 'TRADING') throw refusals.closed();
    const request = placeRequestOf(params, account, format, core.depth(format.market.symbol, 1));
    meter.chargeOrder(account);
    return request;
  }

  private cancelHalf(params: Params, key: OrderKey, format: MarketFormat): Half {
    return halfOf(() => {
      const canceled = this.parts.core.cancel(key);
      if (!canceled.ok) throw refusals.unknownOrder();
      const cancelId = params.get('cancelNewClientOrderId') ?? cancelIdOf(canceled.order.orderId);
      return canceledRow(canceled.order, format, cancelId);
    });
  }

  private placeHalf(request: PlaceRequest, format: MarketFormat): Half {
    return halfOf(() => {
      const placed = this.parts.core.place(request);
      if (!placed.ok) throw placeRefusal(placed.reason);
      return createdRow(placed.order, placed.trades, format);
    });
  }
}

function halfOf(act: () => Row): Half {
  try {
    return { isDone: true, row: act() };
  } catch (error) {
    if (!(error instanceof BinanceRefusal)) throw error;
    return { isDone: false, row: { code: error.code, msg: error.text } };
  }
}

const wordOf = (half: Half | undefined): string => {
  if (!half) return 'NOT_ATTEMPTED';
  return half.isDone ? 'SUCCESS' : 'FAILURE';
};

const replacedBody = (cancel: Half, place: Half | undefined): Row => ({
  cancelResult: wordOf(cancel),
  newOrderResult: wordOf(place),
  cancelResponse: cancel.row,
  newOrderResponse: place?.row ?? null,
});
