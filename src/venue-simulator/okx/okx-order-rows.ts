import BigNumber from 'bignumber.js';
import type { CoreEvent, OwnTrade, VenueOrder } from '../venue-types';
import { stpModes } from './okx-order-params';
import type { OkxInstrument, Row } from './okx-instruments';
import { fieldsText, rowIn, rowText } from './okx-row-text';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;

const stpNames = new Map(Object.entries(stpModes).map(([name, mode]) => [mode, name]));
const averageDecimals = 16;
export const feeRate = '-0.001';

/** A name that no client can have chosen: the order brought none. */
export const ownNamePrefix = '#';
export const shownName = (name: string): string => (name.startsWith(ownNamePrefix) ? '' : name);

export function stateOf({ status, memo }: VenueOrder): 'live' | 'partially_filled' | 'filled' | 'canceled' {
  switch (status) {
    case 'NEW':
      return 'live';
    case 'PARTIALLY_FILLED':
      return 'partially_filled';
    case 'FILLED':
      return 'filled';
    case 'CANCELED':
      return memo?.['ending'] === 'filled' ? 'filled' : 'canceled';
    case 'EXPIRED':
    case 'EXPIRED_IN_MATCH':
    case 'REJECTED':
      return 'canceled';
  }
}

/** Codes of what canceled an order. */
const reasons: Readonly<Record<string, string>> = {
  '0': 'Order canceled by the system.',
  '1': 'Order canceled by user.',
  '13': 'The FOK order could not be filled completely.',
  '14': 'The rest of the IOC order could not be filled.',
  '20': 'Cancel all after was triggered.',
  '31': 'The post-only order would take liquidity.',
  '32': 'Self-trade prevention.',
};
export const switchCancel = { cancelSource: '20' } as const;
export const systemCancel = { cancelSource: '0' } as const;
const endings = { GTC: '0', IOC: '14', FOK: '13', POST_ONLY: '31' } as const;

function cancelSourceOf(order: VenueOrder): string {
  if (stateOf(order) !== 'canceled') return '';
  if (order.status === 'CANCELED') return order.memo?.['cancelSource'] ?? '1';
  return order.status === 'EXPIRED_IN_MATCH' ? '32' : endings[order.timeInForce];
}

const ordTypes = { GTC: 'limit', IOC: 'ioc', FOK: 'fok', POST_ONLY: 'post_only' } as const;

/** The row of every REST answer about an order. `trades` are those of this order, ascending. */
export function orderRow(order: VenueOrder, instrument: OkxInstrument, trades: readonly OwnTrade[]): Row {
  const own = tradesOf(order, trades);
  return rowIn(rowText(orderText(order, instrument, { own, last: own.at(-1) })));
}

/** A row of the `orders` channel: of a fill, or of another change; what belongs to a fill is empty then. */
export function orderEventText(
  event: OrderEvent,
  instrument: OkxInstrument,
  trades: readonly OwnTrade[],
  lastPrice: number,
): string {
  const { order, trade } = event;
  const prices = {
    notionalUsd: instrument.quote(order.quantity * (order.price || lastPrice)),
    lastPx: instrument.price(lastPrice),
  };
  return rowText(
    orderText(order, instrument, { own: tradesOf(order, trades), last: trade }),
    fieldsText(fillFieldsOf(trade, instrument)),
    fieldsText(amendFieldsOf(event)),
    fieldsText(prices),
    unusedInEvent,
  );
}

/** The fields of an order; what is told of its last fill is told of `last`. */
function orderText(
  order: VenueOrder,
  instrument: OkxInstrument,
  { own, last }: { readonly own: readonly OwnTrade[]; readonly last: OwnTrade | undefined },
): string {
  const cancelSource = cancelSourceOf(order);
  const ending = {
    cancelSource,
    cancelSourceReason: reasons[cancelSource] ?? '',
    tradeQuoteCcy: instrument.market.quote,
    cTime: String(order.createdAt),
    uTime: String(order.updatedAt),
  };
  return [
    fieldsText(termsOf(order, instrument)),
    fieldsText(progressOf(order, instrument, own)),
    fieldsText(lastFillOf(last, instrument)),
    unused,
    fieldsText(ending),
  ].join(',');
}

function fillFieldsOf(trade: OwnTrade | undefined, instrument: OkxInstrument): Row {
  if (!trade) return { execType: '', fillFee: '0', fillFeeCcy: '', fillNotionalUsd: '' };
  const fillNotionalUsd = instrument.quote(trade.price * trade.quantity);
  return {
    execType: execTypeOf(trade),
    fillFee: feeOf([trade]),
    fillFeeCcy: trade.feeAsset,
    fillNotionalUsd,
  };
}

function amendFieldsOf({ execution, order: { memo } }: OrderEvent): Row {
  if (execution !== 'REPLACED') return { amendResult: '', amendSource: '', reqId: '' };
  return { amendResult: '0', amendSource: '1', reqId: memo?.['reqId'] ?? '' };
}

function termsOf(order: VenueOrder, instrument: OkxInstrument): Row {
  const isMarket = order.type === 'market';
  return {
    instType: 'SPOT',
    instId: instrument.id,
    ordId: instrument.idOf(order),
    clOrdId: shownName(order.clientOrderId),
    tag: order.memo?.['tag'] ?? '',
    px: isMarket ? '' : instrument.price(order.price),
    sz: sizeOf(order, instrument),
    ordType: isMarket ? 'market' : ordTypes[order.timeInForce],
    side: order.side,
    posSide: 'net',
    tdMode: 'cash',
    tgtCcy: order.memo?.['tgtCcy'] ?? '',
    stpMode: stpNames.get(order.stp) ?? '',
  };
}

/** An amount of quote as it came; of an order that an amend has closed what it had filled. */
function sizeOf(order: VenueOrder, instrument: OkxInstrument): string {
  const isClosed = order.status === 'CANCELED' && stateOf(order) === 'filled';
  return order.memo?.['sz'] ?? instrument.size(isClosed ? order.filled : order.quantity);
}

function progressOf(order: VenueOrder, instrument: OkxInstrument, own: readonly OwnTrade[]): Row {
  const { base, quote, tickSize } = instrument.market;
  const [feeCcy, rebateCcy] = order.side === 'buy' ? [base, quote] : [quote, base];
  return {
    state: stateOf(order),
    accFillSz: instrument.size(order.filled),
    avgPx: order.filled === 0 ? '' : averageOf(order, tickSize),
    fee: feeOf(own),
    feeCcy,
    rebate: '0',
    rebateCcy,
    pnl: '0',
  };
}

function averageOf({ filled, filledTickLots }: VenueOrder, tickSize: string): string {
  const average = new BigNumber(filledTickLots).div(filled).times(tickSize);
  return average.decimalPlaces(averageDecimals).toFixed();
}

function lastFillOf(trade: OwnTrade | undefined, instrument: OkxInstrument): Row {
  if (!trade) return { fillPx: '', fillSz: '0', fillTime: '', tradeId: '' };
  return {
    fillPx: instrument.price(trade.price),
    fillSz: instrument.size(trade.quantity),
    fillTime: String(trade.at),
    tradeId: String(trade.tradeId),
  };
}

/** What belongs to other kinds of orders and accounts. */
const unused = fieldsText({
  ...{ ccy: '', lever: '', source: '', category: 'normal', reduceOnly: 'false', quickMgnType: '' },
  ...{
    algoId: '',
    algoClOrdId: '',
    attachAlgoClOrdId: '',
    attachAlgoOrds: [],
    linkedAlgoOrd: { algoId: '' },
  },
  ...{ tpTriggerPx: '', tpTriggerPxType: '', tpOrdPx: '', slTriggerPx: '', slTriggerPxType: '', slOrdPx: '' },
  ...{ pxUsd: '', pxVol: '', pxType: '', stpId: '', isTpLimit: 'false' },
});
const unusedInEvent = fieldsText({
  ...{ code: '0', msg: '', fillPnl: '0', fillIdxPx: '' },
  ...{ fillPxVol: '', fillPxUsd: '', fillMarkVol: '', fillFwdPx: '', fillMarkPx: '' },
});

/** As many of its first trades as this version of the order has. */
function tradesOf({ filled }: VenueOrder, trades: readonly OwnTrade[]): readonly OwnTrade[] {
  if (trades.length === 0) return trades;
  let left = filled;
  return trades.filter(({ quantity }) => {
    if (left <= 0) return false;
    left -= quantity;
    return true;
  });
}

/** Negative when paid. */
function feeOf(trades: readonly OwnTrade[]): string {
  if (trades.length === 0) return '0';
  const sum = trades.reduce((all, { fee }) => all.plus(fee), new BigNumber(0));
  return sum.isZero() ? '0' : sum.negated().toFixed();
}

const execTypeOf = ({ isMaker }: OwnTrade): 'M' | 'T' => (isMaker ? 'M' : 'T');

/** A row of `trade/fills` and `trade/fills-history`. */
export function fillRow(trade: OwnTrade, instrument: OkxInstrument, tag: string): Row {
  const at = String(trade.at);
  return {
    instType: 'SPOT',
    instId: instrument.id,
    tradeId: String(trade.tradeId),
    ordId: instrument.idOf({ stamp: trade.orderStamp }),
    clOrdId: shownName(trade.clientOrderId),
    billId: instrument.idOf(trade),
    tag,
    fillPx: instrument.price(trade.price),
    fillSz: instrument.size(trade.quantity),
    side: trade.side,
    posSide: 'net',
    subType: trade.side === 'buy' ? '1' : '2',
    execType: execTypeOf(trade),
    fee: feeOf([trade]),
    feeCcy: trade.feeAsset,
    feeRate,
    fillPnl: '0',
    fillIdxPx: '',
    fillPxVol: '',
    fillPxUsd: '',
    fillMarkVol: '',
    fillFwdPx: '',
    fillMarkPx: '',
    tradeQuoteCcy: instrument.market.quote,
    ts: at,
    fillTime: at,
  };
}
