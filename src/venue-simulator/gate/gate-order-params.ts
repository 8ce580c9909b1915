import BigNumber from 'bignumber.js';
import type { Lots, Side, Ticks } from '../../domain/units';
import { multiplierDown, multiplierUp } from '../binance/exchange-info';
import type { DepthView, Memo, OrderChange, PlaceRequest, StpMode, VenueTif } from '../venue-types';
import { refusals } from './gate-errors';
import { checkAccount, requiredOf, textOf } from './gate-fields';
import type { Fields } from './gate-fields';
import { shownAmount } from './gate-pairs';
import type { GatePair } from './gate-pairs';

/** One order of a create, with the name that the core knows it by. */
export interface Draft {
  readonly fields: Fields;
  /** Its text, or a name of ours where it brings none. */
  readonly name: string;
}

/** What an order is judged against. */
export interface Surroundings {
  readonly pair: GatePair;
  readonly book: DepthView;
  /** The self-trade prevention group of the account, if it is in one. */
  readonly stpGroup: number | undefined;
  /** Whether a crossing post-only order is accepted and ends, or is refused. */
  readonly acceptsCrossing: boolean;
}

const textPattern = /^t-[0-9A-Za-z_.-]{1,28}$/;
const decimalPattern = /^\d{1,20}(\.\d{1,20})?$/;
const timesInForce: Readonly<Record<string, VenueTif>> = {
  gtc: 'GTC',
  ioc: 'IOC',
  poc: 'POST_ONLY',
  fok: 'FOK',
};
const stpActs: Readonly<Record<string, StpMode>> = {
  cn: 'EXPIRE_TAKER',
  co: 'EXPIRE_MAKER',
  cb: 'EXPIRE_BOTH',
};

/** The order a draft asks for. Throws a refusal for anything the venue would not let in. */
export function placeRequestOf({ fields, name }: Draft, account: string, around: Surroundings): PlaceRequest {
  checkAccount(fields);
  checkText(fields);
  const { pair } = around;
  const [side, type] = [sideOf(fields), typeOf(fields)];
  const timeInForce = timeInForceOf(fields, type);
  const { stp, act } = stpOf(fields, around.stpGroup);
  const size = type === 'market' ? marketSize(fields, side, around) : limitSize(fields, side, around);
  return {
    ...{ account, symbol: pair.symbol, clientOrderId: name, side, type, timeInForce, stp },
    ...{ price: size.price, quantity: size.quantity, memo: memoOf(act, size.quoteAmount) },
    ...(around.acceptsCrossing ? { crossing: 'EXPIRE' as const } : {}),
  };
}

/** What an amend changes. Throws a refusal when it changes nothing or to something not let in. */
export function changeOf(fields: Fields, pair: GatePair, order: PlaceRequest): OrderChange {
  if (textOf(fields, 'amount') === undefined && textOf(fields, 'price') === undefined)
    throw refusals.missing('amount or price');
  const quantity = textOf(fields, 'amount') === undefined ? order.quantity : lotsOf(fields, pair);
  const price = textOf(fields, 'price') === undefined ? order.price : ticksOf(fields, pair);
  checkLeast(price, quantity, pair);
  const note = textOf(fields, 'amend_text');
  return { price, quantity, ...(note === undefined ? {} : { memo: { ...order.memo, amendText: note } }) };
}

function checkText(fields: Fields): void {
  const text = textOf(fields, 'text');
  if (text !== undefined && !textPattern.test(text)) throw refusals.illegal('text');
}

function sideOf(fields: Fields): Side {
  const side = requiredOf(fields, 'side');
  if (side !== 'buy' && side !== 'sell') throw refusals.illegal('side');
  return side;
}

function typeOf(fields: Fields): PlaceRequest['type'] {
  const type = textOf(fields, 'type') ?? 'limit';
  if (type !== 'limit' && type !== 'market') throw refusals.illegal('type');
  if (Number(textOf(fields, 'iceberg') ?? 0) !== 0) throw refusals.illegal('iceberg');
  return type;
}

/** A market order is ioc or fok. */
function timeInForceOf(fields: Fields, type: PlaceRequest['type']): VenueTif {
  const text = textOf(fields, 'time_in_force') ?? (type === 'market' ? 'ioc' : 'gtc');
  const timeInForce = Object.hasOwn(timesInForce, text) ? timesInForce[text] : undefined;
  const isTaking = timeInForce === 'IOC' || timeInForce === 'FOK';
  if (!timeInForce || (type === 'market' && !isTaking)) throw refusals.illegal('time_in_force');
  return timeInForce;
}

/** Outside a group the field itself is refused; inside one the newest order is cancelled unless asked otherwise. */
function stpOf(
  fields: Fields,
  group: number | undefined,
): { readonly stp: StpMode; readonly act: string | undefined } {
  const act = textOf(fields, 'stp_act');
  if (act === undefined || act === '-')
    return { stp: group === undefined ? 'NONE' : 'EXPIRE_TAKER', act: undefined };
  const stp = Object.hasOwn(stpActs, act) ? stpActs[act] : undefined;
  if (!stp) throw refusals.illegal('stp_act');
  if (group === undefined) throw refusals.noStpGroup();
  return { stp, act };
}

function memoOf(act: string | undefined, quoteAmount: string | undefined): Memo {
  return {
    ...(act === undefined ? {} : { stpAct: act }),
    ...(quoteAmount === undefined ? {} : { quoteAmount }),
  };
}

interface Size {
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly quoteAmount?: string;
}

function limitSize(fields: Fields, side: Side, { pair, book }: Surroundings): Size {
  const quantity = lotsOf(fields, pair);
  const price = ticksOf(fields, pair);
  checkLeast(price, quantity, pair);
  const reference = referenceOf(book, side);
  const isFar = price > reference * multiplierUp || price < reference * multiplierDown;
  if (reference > 0 && isFar) throw refusals.deviates();
  return { price, quantity };
}

/** A buy names what it spends, a sell what it gives. */
function marketSize(fields: Fields, side: Side, { pair, book }: Surroundings): Size {
  if (side === 'buy') return spending(amountOf(fields, 'amount'), pair, book);
  const quantity = lotsOf(fields, pair);
  checkLeast(referenceOf(book, side), quantity, pair);
  return { price: 0, quantity };
}

/** The whole lots that an amount of quote buys. A book too thin for it leaves a lot over, which then expires. */
function spending(amount: BigNumber, pair: GatePair, book: DepthView): Size {
  const { market } = pair.format;
  if (amount.lt(market.minNotional)) throw tooSmall(amount, market.quote, market.minNotional);
  let left = amount.div(market.tickSize).div(market.lotSize);
  let quantity = 0;
  for (const [price, lots] of book.asks) {
    const taken = Math.min(lots, left.idiv(price).toNumber());
    quantity += taken;
    left = left.minus(new BigNumber(price).times(taken));
    if (taken === lots) continue;
    if (quantity === 0) throw tooSmall(amount, market.quote, pair.quote(price));
    return { price: 0, quantity, quoteAmount: shownAmount(amount) };
  }
  return { price: 0, quantity: quantity + 1, quoteAmount: shownAmount(amount) };
}

/** More than the venue looks at of a side. */
export const spendingLevels = 1_000;

function amountOf(fields: Fields, name: string): BigNumber {
  const text = requiredOf(fields, name);
  if (!decimalPattern.test(text) || Number(text) === 0) throw refusals.illegal(name);
  return new BigNumber(text);
}

function lotsOf(fields: Fields, pair: GatePair): Lots {
  const { market } = pair.format;
  const amount = amountOf(fields, 'amount');
  const lots = pair.format.lotsOf(amount.toFixed());
  if (lots === undefined) throw refusals.precision('amount');
  if (amount.lt(market.minQuantity)) throw tooSmall(amount, market.base, market.minQuantity);
  if (amount.gt(market.maxQuantity)) throw refusals.tooLarge();
  return lots;
}

function ticksOf(fields: Fields, pair: GatePair): Ticks {
  const ticks = pair.format.ticksOf(amountOf(fields, 'price').toFixed());
  if (ticks === undefined) throw refusals.precision('price');
  return ticks;
}

function checkLeast(price: Ticks, quantity: Lots, pair: GatePair): void {
  const { minNotional, quote } = pair.format.market;
  const worth = new BigNumber(pair.quote(price * quantity));
  if (worth.lt(minNotional)) throw tooSmall(worth, quote, minNotional);
}

const tooSmall = (size: BigNumber, currency: string, least: string): Error =>
  refusals.tooSmall(`${size.toFixed()} ${currency}`, `${shownAmount(least)} ${currency}`);

/** The best price of the other side, else of the own. */
function referenceOf(book: DepthView, side: Side): Ticks {
  const [bid, ask] = [book.bids[0]?.[0], book.asks[0]?.[0]];
  return (side === 'buy' ? (ask ?? bid) : (bid ?? ask)) ?? 0;
}
