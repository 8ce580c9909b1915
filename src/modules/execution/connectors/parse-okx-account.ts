import BigNumber from 'bignumber.js';
import type { InstrumentId } from '../../../domain/instrument';
import type {
  AssetBalance,
  EvidenceSource,
  FillReport,
  OrderReport,
  OrderReportStatus,
} from '../../../domain/venue-event';
import { integerOf, requireInteger, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const statuses: Readonly<Record<string, OrderReportStatus>> = {
  live: 'open',
  partially_filled: 'partiallyFilled',
  filled: 'filled',
  canceled: 'canceled',
  mmp_canceled: 'canceled',
};
/** What canceled an order, where the engine has a word of its own for it. */
const reasons: Readonly<Record<string, string>> = { '20': 'DEAD_MAN', '31': 'POST_ONLY' };

const statusOf = (text: string): OrderReportStatus =>
  Object.hasOwn(statuses, text) ? statuses[text]! : 'unrecognised';

const sideOf = (row: JsonRecord): OrderReport['side'] => {
  const side = requireText(row, 'side');
  if (side === 'buy' || side === 'sell') return side;
  throw new Error(`side ${side} is unknown`);
};

/** OKX writes an empty text for what is absent. */
export const presentOf = (row: JsonRecord, key: string): string | undefined => textOf(row, key) || undefined;

/** A row of any read or push about an order. */
export function okxOrder(row: JsonRecord, instrument: InstrumentId, source: EvidenceSource): OrderReport {
  const clientOrderId = presentOf(row, 'clOrdId');
  const venueTime = integerOf(row, 'uTime');
  const status = statusOf(requireText(row, 'state'));
  const endReason = endReasonOf(row, status);
  return {
    instrument,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    venueOrderId: requireText(row, 'ordId'),
    side: sideOf(row),
    price: presentOf(row, 'px') ?? '0',
    quantity: requireText(row, 'sz'),
    cumFilled: presentOf(row, 'accFillSz') ?? '0',
    status,
    ...(endReason === undefined ? {} : { endReason }),
    ...(venueTime === undefined ? {} : { venueTime }),
    source,
  };
}

/** A row of the `orders` channel: always the order, and a fill when it reports a trade. `fee` is cumulative there. */
export function okxPush(
  row: JsonRecord,
  instrument: InstrumentId,
): { readonly order: OrderReport; readonly fill?: FillReport } {
  const order = okxOrder(row, instrument, 'ws-order');
  const tradeId = presentOf(row, 'tradeId');
  if (tradeId === undefined) return { order };
  const { clientOrderId } = order;
  const fill: FillReport = {
    instrument,
    tradeId,
    venueOrderId: order.venueOrderId,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    side: order.side,
    price: requireText(row, 'fillPx'),
    quantity: requireText(row, 'fillSz'),
    ...feeOf(row, 'fillFee', 'fillFeeCcy'),
    liquidity: liquidityOf(row),
    venueTime: requireInteger(row, 'fillTime'),
    source: 'ws-trade',
  };
  return { order, fill };
}

/** A row of `trade/fills` or `trade/fills-history`. */
export function okxFill(row: JsonRecord, instrument: InstrumentId): FillReport {
  const clientOrderId = presentOf(row, 'clOrdId');
  return {
    instrument,
    tradeId: requireText(row, 'tradeId'),
    venueOrderId: requireText(row, 'ordId'),
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    side: sideOf(row),
    price: requireText(row, 'fillPx'),
    quantity: requireText(row, 'fillSz'),
    ...feeOf(row, 'fee', 'feeCcy'),
    liquidity: liquidityOf(row),
    venueTime: integerOf(row, 'fillTime') ?? requireInteger(row, 'ts'),
    source: 'rest-trades',
  };
}

/** The `details` of an account, read or pushed. */
export function okxBalances(details: unknown): readonly AssetBalance[] {
  const rows = rowsOf(details);
  if (!rows) throw new Error('balances are not a list');
  return rows.map((row) => ({
    asset: requireText(row, 'ccy'),
    free: presentOf(row, 'availBal') ?? '0',
    locked: presentOf(row, 'frozenBal') ?? '0',
  }));
}

function endReasonOf(row: JsonRecord, status: OrderReportStatus): string | undefined {
  if (status === 'unrecognised') return textOf(row, 'state');
  const source = presentOf(row, 'cancelSource');
  return source === undefined ? undefined : (reasons[source] ?? source);
}

function liquidityOf(row: JsonRecord): FillReport['liquidity'] {
  const kind = textOf(row, 'execType');
  if (kind === 'M') return 'maker';
  return kind === 'T' ? 'taker' : 'unknown';
}

/** OKX counts a fee that is paid below zero. One that is absent is not known yet, never zero. */
function feeOf(row: JsonRecord, amount: string, asset: string): Pick<FillReport, 'fee' | 'feeAsset'> {
  const fee = presentOf(row, amount);
  const feeAsset = presentOf(row, asset);
  if (fee === undefined || feeAsset === undefined) return {};
  return { fee: new BigNumber(fee).negated().toFixed().replace(/^-0$/, '0'), feeAsset };
}
