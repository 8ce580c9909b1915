import BigNumber from 'bignumber.js';
import type { Side } from '../../domain/units';
import type { DepthView, PlaceRequest, StpMode, VenueTif } from '../venue-types';
import { refusals } from './binance-errors';
import { multiplierDown, multiplierUp } from './exchange-info';
import type { MarketFormat } from './market-format';

export type Params = ReadonlyMap<string, string>;

interface Terms {
  readonly type: PlaceRequest['type'];
  readonly timeInForce: VenueTif;
}

const stpModes: readonly string[] = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'];
const idPattern = /^[A-Za-z0-9_:./-]{1,36}$/;
const decimalPattern = /^\d{1,20}(\.\d{1,20})?$/;
const longestFraction = 8;

/** The order a request asks for. Throws a refusal for anything the venue's filters would not let in. */
export function placeRequestOf(
  params: Params,
  account: string,
  market: MarketFormat,
  book: DepthView,
): PlaceRequest {
  const side = sideOf(params);
  const terms = termsOf(params);
  const quantity = quantityOf(params, market);
  const price = terms.type === 'market' ? 0 : priceOf(params, market);
  checkBand(side, price, book);
  checkNotional(price || lastOf(book, side), quantity, market);
  return {
    account,
    symbol: market.market.symbol,
    clientOrderId: clientIdOf(params),
    side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    price,
    quantity,
    stp: stpOf(params),
  };
}

export function requiredOf(params: Params, name: string): string {
  const value = params.get(name);
  if (!value) throw refusals.missing(name);
  return value;
}

function sideOf(params: Params): Side {
  const side = requiredOf(params, 'side');
  if (side !== 'BUY' && side !== 'SELL') throw refusals.side();
  return side === 'BUY' ? 'buy' : 'sell';
}

function termsOf(params: Params): Terms {
  const type = requiredOf(params, 'type');
  if (type === 'MARKET') return { type: 'market', timeInForce: 'IOC' };
  if (type === 'LIMIT_MAKER') return { type: 'limit', timeInForce: 'POST_ONLY' };
  if (type !== 'LIMIT') throw refusals.orderType();
  const timeInForce = requiredOf(params, 'timeInForce');
  if (timeInForce !== 'GTC' && timeInForce !== 'IOC' && timeInForce !== 'FOK') throw refusals.timeInForce();
  return { type: 'limit', timeInForce };
}

/** The id a client names its order by. Throws a refusal for one that the venue does not take. */
export function clientIdOf(params: Params): string {
  const id = requiredOf(params, 'newClientOrderId');
  if (!idPattern.test(id)) throw refusals.illegal('newClientOrderId');
  return id;
}

function stpOf(params: Params): StpMode {
  const mode = params.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER';
  if (!stpModes.includes(mode)) throw refusals.illegal('selfTradePreventionMode');
  return mode as StpMode;
}

function decimalOf(params: Params, name: string): string {
  const text = requiredOf(params, name);
  if (!decimalPattern.test(text)) throw refusals.illegal(name);
  const point = text.indexOf('.');
  if (point < 0 || text.length - point - 1 <= longestFraction) return text;
  const value = new BigNumber(text);
  if ((value.decimalPlaces() ?? 0) > longestFraction) throw refusals.precision(name);
  return value.toFixed();
}

/** In lots. Throws a refusal for a quantity outside the market's filter. */
export function quantityOf(params: Params, format: MarketFormat, name = 'quantity'): number {
  const lots = format.lotsOf(decimalOf(params, name));
  if (lots === undefined || !format.isInRange(lots)) throw refusals.filter('LOT_SIZE');
  return lots;
}

function priceOf(params: Params, market: MarketFormat): number {
  const ticks = market.ticksOf(decimalOf(params, 'price'));
  if (ticks === undefined) throw refusals.filter('PRICE_FILTER');
  return ticks;
}

function checkNotional(price: number, quantity: number, market: MarketFormat): void {
  if (!market.isWorthwhile(price * quantity)) throw refusals.filter('NOTIONAL');
}

/** A price far from the market is a mistake. Market orders have none. */
function checkBand(side: Side, price: number, book: DepthView): void {
  const reference = lastOf(book, side);
  if (price === 0 || reference === 0) return;
  const isFar = price > reference * multiplierUp || price < reference * multiplierDown;
  if (isFar) throw refusals.filter('PERCENT_PRICE_BY_SIDE');
}

/** The best price of the other side, else of the own. */
function lastOf(book: DepthView, side: Side): number {
  const [bid, ask] = [book.bids[0]?.[0], book.asks[0]?.[0]];
  return (side === 'buy' ? (ask ?? bid) : (bid ?? ask)) ?? 0;
}
