import BigNumber from 'bignumber.js';
import type { InstrumentId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type {
  AssetBalance,
  EvidenceSource,
  FillReport,
  OrderReport,
  OrderReportStatus,
} from '../../../domain/venue-event';
import { requireText, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

/** Gate wants it before every text a client chooses. */
const prefix = 't-';
/** Ends that the terms of an order bring about. */
const expiries: ReadonlySet<string> = new Set(['ioc', 'fok', 'stp']);
const postOnly = 'poc';

export const gateText = (clientOrderId: string): string => `${prefix}${clientOrderId}`;

/** Our id without its prefix; undefined for a text that no client has chosen. */
export function gateClientId(row: JsonRecord): string | undefined {
  const text = textOf(row, 'text');
  return text?.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** Milliseconds of a field that may be a number, or a text with a fraction. */
export function gateMs(row: JsonRecord, key: string): Ms | undefined {
  const text = textOf(row, key);
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Math.floor(Number(text)) : undefined;
}

/** A row of any read or push about an order. A push says by its `event` what a read says by its `status`. */
export function gateOrder(row: JsonRecord, instrument: InstrumentId, source: EvidenceSource): OrderReport {
  const clientOrderId = gateClientId(row);
  const venueTime = gateMs(row, 'update_time_ms');
  const quantity = requireText(row, 'amount');
  const left = requireText(row, 'left');
  const cumFilled = new BigNumber(quantity).minus(left).toFixed();
  const { status, endReason } = stateOf(row, new BigNumber(cumFilled).isZero());
  return {
    instrument,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    venueOrderId: requireText(row, 'id'),
    side: sideOf(row),
    price: textOf(row, 'price') || '0',
    quantity,
    cumFilled,
    status,
    ...(endReason === undefined ? {} : { endReason }),
    ...(venueTime === undefined ? {} : { venueTime }),
    source,
  };
}

/** A trade: of `my_trades`, or pushed by `spot.usertrades`. */
export function gateFill(
  row: JsonRecord,
  instrument: InstrumentId,
  source: 'ws-trade' | 'rest-trades',
): FillReport {
  const clientOrderId = gateClientId(row);
  const venueTime = gateMs(row, 'create_time_ms');
  if (venueTime === undefined) throw new Error('field create_time_ms is not a time');
  const role = textOf(row, 'role');
  return {
    instrument,
    tradeId: requireText(row, 'id'),
    venueOrderId: requireText(row, 'order_id'),
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    side: sideOf(row),
    price: requireText(row, 'price'),
    quantity: requireText(row, 'amount'),
    ...feeOf(row),
    liquidity: role === 'maker' || role === 'taker' ? role : 'unknown',
    venueTime,
    source,
  };
}

/** Balances that were read (`locked`) or pushed (`freeze`). */
export const gateBalance = (row: JsonRecord, locked: 'locked' | 'freeze'): AssetBalance => ({
  asset: requireText(row, 'currency'),
  free: requireText(row, 'available'),
  locked: requireText(row, locked),
});

interface State {
  readonly status: OrderReportStatus;
  readonly endReason?: string;
}

function stateOf(row: JsonRecord, isUnfilled: boolean): State {
  const word = textOf(row, 'status') ?? pushedStatus(row);
  if (word === 'open') return { status: isUnfilled ? 'open' : 'partiallyFilled' };
  if (word === 'closed') return { status: 'filled' };
  if (word !== 'cancelled') return { status: 'unrecognised', endReason: word };
  const how = textOf(row, 'finish_as') ?? '';
  // It was taken and lived for a moment, so its first word may still come by the stream: no refusal.
  if (how === postOnly && isUnfilled) return { status: 'expired', endReason: 'POST_ONLY' };
  return { status: expiries.has(how) ? 'expired' : 'canceled', endReason: how };
}

function pushedStatus(row: JsonRecord): string {
  const event = requireText(row, 'event');
  if (event === 'put' || event === 'update') return 'open';
  if (event !== 'finish') return event;
  return textOf(row, 'finish_as') === 'filled' ? 'closed' : 'cancelled';
}

function sideOf(row: JsonRecord): OrderReport['side'] {
  const side = requireText(row, 'side');
  if (side === 'buy' || side === 'sell') return side;
  throw new Error(`side ${side} is unknown`);
}

/**
 * A fee is taken in one of three ways: in what was traded, in GT, or in points. Should several be named at once, none of
 * them is the whole fee: it is left out, and counts as not known.
 */
function feeOf(row: JsonRecord): Pick<FillReport, 'fee' | 'feeAsset'> {
  const fee = textOf(row, 'fee');
  const feeAsset = textOf(row, 'fee_currency');
  if (!fee || !feeAsset) return {};
  const parts = [
    { fee, feeAsset },
    { fee: textOf(row, 'gt_fee') || '0', feeAsset: 'GT' },
    { fee: textOf(row, 'point_fee') || '0', feeAsset: 'POINT' },
  ].filter((part) => !new BigNumber(part.fee).isZero());
  if (parts.length > 1) return {};
  return parts[0] ?? { fee: '0', feeAsset };
}
