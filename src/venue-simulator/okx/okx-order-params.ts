import BigNumber from 'bignumber.js';
import type { Lots, Side, Ticks } from '../../domain/units';
import { multiplierDown, multiplierUp } from '../binance/exchange-info';
import type {
  DepthView,
  Memo,
  OrderChange,
  PlaceRequest,
  StpMode,
  VenueOrder,
  VenueTif,
} from '../venue-types';
import { refusals } from './okx-errors';
import { requiredOf, textOf, wholeOf } from './okx-fields';
import type { Fields } from './okx-fields';
import { mostMarketQuote } from './okx-instruments';
import type { OkxInstrument } from './okx-instruments';

/** One order of a create, with the name that the core knows it by. */
export interface Draft {
  readonly fields: Fields;
  /** Its client id, or a name of ours where it brings none. */
  readonly name: string;
}

const clientIdPattern = /^[0-9A-Za-z]{1,32}$/;
const tagPattern = /^[0-9A-Za-z]{1,16}$/;
const decimalPattern = /^\d{1,20}(\.\d{1,20})?$/;
const kinds: Readonly<Record<string, readonly [PlaceRequest['type'], VenueTif]>> = {
  limit: ['limit', 'GTC'],
  post_only: ['limit', 'POST_ONLY'],
  ioc: ['limit', 'IOC'],
  fok: ['limit', 'FOK'],
  market: ['market', 'IOC'],
};
export const stpModes: Readonly<Record<string, StpMode>> = {
  cancel_maker: 'EXPIRE_MAKER',
  cancel_taker: 'EXPIRE_TAKER',
  cancel_both: 'EXPIRE_BOTH',
};

/** More than the venue looks at of a side. */
export const walkedLevels = 1_000;

/** The order a draft asks for. Throws a refusal for anything the venue would not let in. */
export function placeRequestOf(
  { fields, name }: Draft,
  account: string,
  instrument: OkxInstrument,
  book: DepthView,
): PlaceRequest {
  checkMode(fields);
  const side = oneOf(fields, 'side', { buy: 'buy', sell: 'sell' } as const);
  const [type, timeInForce] = oneOf(fields, 'ordType', kinds);
  checkNames(fields);
  const stp = textOf(fields, 'stpMode') === undefined ? 'EXPIRE_MAKER' : oneOf(fields, 'stpMode', stpModes);
  const size =
    type === 'market'
      ? marketSize(fields, side, instrument, book)
      : limitSize(fields, side, instrument, book);
  const { price, quantity, memo: ofSize } = size;
  const tag = textOf(fields, 'tag');
  const memo: Memo = { ...ofSize, ...(tag === undefined ? {} : { tag }) };
  return {
    ...{ account, symbol: instrument.symbol, clientOrderId: name, side, type, timeInForce, price, quantity },
    ...{ stp, memo, crossing: 'EXPIRE' },
  };
}

/** What an amend changes; the size is the whole one, with what has been filled. Throws a refusal. */
export function changeOf(fields: Fields, instrument: OkxInstrument, order: VenueOrder): OrderChange {
  const has = (name: string): boolean => textOf(fields, name) !== undefined;
  if (!has('newSz') && !has('newPx')) throw refusals.noChange();
  if (order.type === 'market') throw refusals.amendType();
  const quantity = has('newSz') ? lotsOf(fields, 'newSz', instrument) : order.quantity;
  const price = has('newPx') ? ticksOf(fields, 'newPx', instrument) : order.price;
  // No more than what has been filled makes the order a filled one.
  const isDone = order.filled > 0 && quantity <= order.filled;
  const memo = { ...order.memo, reqId: requestIdOf(fields), ...(isDone ? { ending: 'filled' } : {}) };
  return { quantity, price, memo };
}

function requestIdOf(fields: Fields): string {
  const id = textOf(fields, 'reqId') ?? '';
  if (id !== '' && !clientIdPattern.test(id)) throw refusals.illegal('reqId');
  return id;
}

/** Seconds of the dead-man's switch: none, or 10 to 120. */
export function timeOutOf(fields: Fields): number {
  const seconds = wholeOf(fields, 'timeOut');
  if (seconds === undefined) throw refusals.empty('timeOut');
  if (seconds !== 0 && (seconds < 10 || seconds > 120)) throw refusals.illegal('timeOut');
  return seconds;
}

/** Only spot without borrowing exists here. */
function checkMode(fields: Fields): void {
  const mode = requiredOf(fields, 'tdMode');
  if (mode === 'cross' || mode === 'isolated') throw refusals.accountMode();
  if (mode !== 'cash') throw refusals.illegal('tdMode');
}

function checkNames(fields: Fields): void {
  const [id, tag] = [textOf(fields, 'clOrdId'), textOf(fields, 'tag')];
  if (id !== undefined && !clientIdPattern.test(id)) throw refusals.illegal('clOrdId');
  if (tag !== undefined && !tagPattern.test(tag)) throw refusals.illegal('tag');
}

function oneOf<T>(fields: Fields, name: string, known: Readonly<Record<string, T>>): T {
  const text = requiredOf(fields, name);
  const found = Object.hasOwn(known, text) ? known[text] : undefined;
  if (found === undefined) throw refusals.illegal(name);
  return found;
}

interface Size {
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly memo?: Memo;
}

function limitSize(fields: Fields, side: Side, instrument: OkxInstrument, book: DepthView): Size {
  const quantity = lotsOf(fields, 'sz', instrument);
  const price = ticksOf(fields, 'px', instrument);
  const reference = referenceOf(book, side);
  const [most, least] = [reference * multiplierUp, Math.round(reference * multiplierDown)];
  if (reference > 0 && side === 'buy' && price > most) throw refusals.tooHigh(instrument.price(most));
  if (reference > 0 && side === 'sell' && price < least) throw refusals.tooLow(instrument.price(least));
  return { price, quantity };
}

/** A buy names what it spends unless it says otherwise, a sell what it gives. */
function marketSize(fields: Fields, side: Side, instrument: OkxInstrument, book: DepthView): Size {
  const units = { base_ccy: 'base_ccy', quote_ccy: 'quote_ccy' } as const;
  const usual = side === 'buy' ? 'quote_ccy' : 'base_ccy';
  const unit = textOf(fields, 'tgtCcy') === undefined ? usual : oneOf(fields, 'tgtCcy', units);
  const levels = side === 'buy' ? book.asks : book.bids;
  if (unit === 'quote_ccy') return worth(decimalOf(fields, 'sz'), instrument, levels);
  const quantity = lotsOf(fields, 'sz', instrument);
  const value = instrument.quote(quantity * referenceOf(book, side));
  if (Number(value) > mostMarketQuote) throw refusals.marketTooLarge();
  return { price: 0, quantity, memo: { tgtCcy: unit } };
}

/** The whole lots that an amount of quote trades. A book too thin for it leaves a lot over, which then ends. */
function worth(amount: BigNumber, { market }: OkxInstrument, levels: DepthView['bids']): Size {
  if (amount.gt(mostMarketQuote)) throw refusals.marketTooLarge();
  const memo = { tgtCcy: 'quote_ccy', sz: amount.toFixed() };
  let left = amount.div(market.tickSize).div(market.lotSize);
  let quantity = 0;
  for (const [price, lots] of levels) {
    const taken = Math.min(lots, left.idiv(price).toNumber());
    quantity += taken;
    left = left.minus(new BigNumber(price).times(taken));
    if (taken === lots) continue;
    if (new BigNumber(market.lotSize).times(quantity).lt(market.minQuantity)) throw refusals.tooSmall();
    return { price: 0, quantity, memo };
  }
  return { price: 0, quantity: quantity + 1, memo };
}

function decimalOf(fields: Fields, name: string): BigNumber {
  const text = requiredOf(fields, name);
  if (!decimalPattern.test(text) || Number(text) === 0) throw refusals.illegal(name);
  return new BigNumber(text);
}

function lotsOf(fields: Fields, name: string, { market, format }: OkxInstrument): Lots {
  const size = decimalOf(fields, name);
  if (size.lt(market.minQuantity)) throw refusals.tooSmall();
  if (size.gt(market.maxQuantity)) throw refusals.tooLarge();
  const lots = format.lotsOf(size.toFixed());
  if (lots === undefined) throw refusals.lot();
  return lots;
}

/** Off the grid is refused; the documents name no code for it. */
function ticksOf(fields: Fields, name: string, { format }: OkxInstrument): Ticks {
  const ticks = format.ticksOf(decimalOf(fields, name).toFixed());
  if (ticks === undefined) throw refusals.illegal(name);
  return ticks;
}

/** The best price of the other side, else of the own. */
function referenceOf(book: DepthView, side: Side): Ticks {
  const [bid, ask] = [book.bids[0]?.[0], book.asks[0]?.[0]];
  return (side === 'buy' ? (ask ?? bid) : (bid ?? ask)) ?? 0;
}
