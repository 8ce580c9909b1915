import type { InstrumentId } from '../../../domain/instrument';
import type {
  AssetBalance,
  EvidenceSource,
  FillReport,
  OrderReport,
  OrderReportStatus,
} from '../../../domain/venue-event';
import { integerOf, recordOf, requireInteger, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

export type InstrumentOf = (venueSymbol: string) => InstrumentId | undefined;

const statuses: Readonly<Record<string, OrderReportStatus>> = {
  NEW: 'open',
  PENDING_NEW: 'open',
  PARTIALLY_FILLED: 'partiallyFilled',
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
  REJECTED: 'rejected',
};

const statusOf = (text: string): OrderReportStatus =>
  Object.hasOwn(statuses, text) ? statuses[text]! : 'unrecognised';
/** It would have traded with ourselves. What was prevented is in no figure of what was executed, and is no trade. */
const preventedOf = (status: unknown): string | undefined =>
  status === 'EXPIRED_IN_MATCH' ? 'SELF_TRADE' : undefined;
const sideOf = (text: string): OrderReport['side'] => {
  if (text === 'BUY') return 'buy';
  if (text === 'SELL') return 'sell';
  throw new Error(`side ${text} is unknown`);
};

/**
 * A REST order row. A cancel's reply carries the cancel's own id, so ours is `origClientOrderId` where there is one; the
 * order inside the reply to an amend has `qty` where every other row has `origQty`.
 */
export function orderOfRow(row: JsonRecord, instrument: InstrumentId, source: EvidenceSource): OrderReport {
  const endReason = preventedOf(row['status']) ?? textOf(row, 'expiryReason');
  const venueTime = integerOf(row, 'updateTime') ?? integerOf(row, 'transactTime');
  return {
    instrument,
    clientOrderId: textOf(row, 'origClientOrderId') ?? requireText(row, 'clientOrderId'),
    venueOrderId: requireText(row, 'orderId'),
    side: sideOf(requireText(row, 'side')),
    price: requireText(row, 'price'),
    quantity: textOf(row, 'origQty') ?? requireText(row, 'qty'),
    cumFilled: requireText(row, 'executedQty'),
    status: statusOf(requireText(row, 'status')),
    ...(endReason === undefined ? {} : { endReason }),
    ...(venueTime === undefined ? {} : { venueTime }),
    source,
  };
}

/** The trades inside the full reply of a create. */
export function fillsOfReply(row: JsonRecord, order: OrderReport): readonly FillReport[] {
  const fills = rowsOf(row['fills']) ?? [];
  return fills.map((fill) => ({
    instrument: order.instrument,
    tradeId: requireText(fill, 'tradeId'),
    venueOrderId: order.venueOrderId,
    ...(order.clientOrderId === undefined ? {} : { clientOrderId: order.clientOrderId }),
    side: order.side,
    price: requireText(fill, 'price'),
    quantity: requireText(fill, 'qty'),
    ...feeOf(textOf(fill, 'commission'), textOf(fill, 'commissionAsset')),
    liquidity: 'taker',
    venueTime: integerOf(row, 'transactTime') ?? order.venueTime ?? 0,
    source: 'reply',
  }));
}

/** A row of `myTrades`. */
export function fillOfTrade(row: JsonRecord, instrument: InstrumentId): FillReport {
  return {
    instrument,
    tradeId: requireText(row, 'id'),
    venueOrderId: requireText(row, 'orderId'),
    side: row['isBuyer'] === true ? 'buy' : 'sell',
    price: requireText(row, 'price'),
    quantity: requireText(row, 'qty'),
    ...feeOf(textOf(row, 'commission'), textOf(row, 'commissionAsset')),
    liquidity: row['isMaker'] === true ? 'maker' : 'taker',
    venueTime: requireInteger(row, 'time'),
    source: 'rest-trades',
  };
}

/** What an execution report says: always the order, and a fill when it reports a trade. */
export function executionReportOf(
  event: JsonRecord,
  instrument: InstrumentId,
): { readonly order: OrderReport; readonly fill?: FillReport } {
  const clientOrderId = textOf(event, 'C') || requireText(event, 'c');
  const endReason = preventedOf(event['X']) ?? textOf(event, 'eR') ?? rejectReasonOf(event);
  const order: OrderReport = {
    instrument,
    clientOrderId,
    venueOrderId: requireText(event, 'i'),
    side: sideOf(requireText(event, 'S')),
    price: requireText(event, 'p'),
    quantity: requireText(event, 'q'),
    cumFilled: requireText(event, 'z'),
    status: statusOf(requireText(event, 'X')),
    ...(endReason === undefined ? {} : { endReason }),
    venueTime: requireInteger(event, 'T'),
    source: 'ws-order',
  };
  if (event['x'] !== 'TRADE') return { order };
  const fill: FillReport = {
    instrument,
    tradeId: requireText(event, 't'),
    venueOrderId: order.venueOrderId,
    clientOrderId,
    side: order.side,
    price: requireText(event, 'L'),
    quantity: requireText(event, 'l'),
    ...feeOf(textOf(event, 'n'), textOf(event, 'N')),
    liquidity: event['m'] === true ? 'maker' : 'taker',
    venueTime: requireInteger(event, 'T'),
    source: 'ws-trade',
  };
  return { order, fill };
}

/** Balances of an account answer, or of an `outboundAccountPosition` with its short keys. */
export function balancesOf(rows: unknown, keys: readonly [string, string, string]): readonly AssetBalance[] {
  const [asset, free, locked] = keys;
  const list = rowsOf(rows);
  if (!list) throw new Error('balances are not a list');
  return list.map((row) => ({
    asset: requireText(row, asset),
    free: requireText(row, free),
    locked: requireText(row, locked),
  }));
}

/** The event inside a user stream frame; undefined for answers to requests. */
export function userEventOf(json: unknown): JsonRecord | undefined {
  const frame = recordOf(json);
  return recordOf(frame?.['event']);
}

function rejectReasonOf(event: JsonRecord): string | undefined {
  const reason = textOf(event, 'r');
  return reason === undefined || reason === 'NONE' ? undefined : reason;
}

/** A fee without its asset is not known yet: it is left out, never taken for zero. */
function feeOf(fee: string | undefined, feeAsset: string | undefined): Pick<FillReport, 'fee' | 'feeAsset'> {
  return fee === undefined || !feeAsset ? {} : { fee, feeAsset };
}
