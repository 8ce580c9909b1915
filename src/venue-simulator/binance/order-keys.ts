import type { OrderKey } from '../venue-types';
import { refusals } from './binance-errors';
import type { MarketFormat } from './market-format';
import { requiredOf } from './order-params';
import type { Params } from './order-params';

const usualNames = { orderId: 'orderId', clientOrderId: 'origClientOrderId' };

/** The order a request is about, by the venue's id or by the client's. Throws a refusal when it names none. */
export function keyOf(account: string, params: Params, names = usualNames): OrderKey {
  const symbol = requiredOf(params, 'symbol');
  const orderId = params.get(names.orderId);
  const clientOrderId = params.get(names.clientOrderId);
  if (orderId !== undefined) return { account, symbol, orderId: Number(orderId) };
  if (clientOrderId === undefined) throw refusals.missing(names.orderId);
  return { account, symbol, clientOrderId };
}

/** The market a request is about. Throws a refusal for one that is not listed. */
export function formatOf(params: Params, formats: ReadonlyMap<string, MarketFormat>): MarketFormat {
  const format = formats.get(requiredOf(params, 'symbol'));
  if (!format) throw refusals.symbol();
  return format;
}
