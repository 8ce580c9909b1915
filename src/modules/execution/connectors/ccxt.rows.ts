import BigNumber from 'bignumber.js';
import type { InstrumentRules, VenueId } from '../../../domain/instrument';
import type { Dec } from '../../../domain/units';
import type {
  AssetBalance,
  EvidenceSource,
  FillReport,
  OrderReport,
  OrderReportStatus,
} from '../../../domain/venue-event';
import { recordOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const atMost = 512;
const bps = 10_000;
/** For pairs without a rule: above anything an account can hold. */
const unbounded = '1000000000';

/** A unified decimal without an exponent; undefined for what is no number. */
export function decimalOf(value: unknown): Dec | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const number = new BigNumber(value);
  return number.isFinite() ? number.toFixed() : undefined;
}

function requireDecimal(row: JsonRecord, key: string): Dec {
  const value = decimalOf(row[key]);
  if (value === undefined) throw new Error(`field ${key} is no decimal`);
  return value;
}

function requireId(row: JsonRecord, key: string): string {
  const value = textOf(row, key);
  if (!value) throw new Error(`field ${key} is missing`);
  return value.slice(0, atMost);
}

const timeOf = (row: JsonRecord, ...keys: readonly string[]): number | undefined =>
  keys.map((key) => row[key]).find((value): value is number => typeof value === 'number');

function sideOf(row: JsonRecord): OrderReport['side'] {
  const { side } = row;
  if (side === 'buy' || side === 'sell') return side;
  throw new Error('field side is neither buy nor sell');
}

/** A unified order. `ownIdOf` takes off what the venue puts around our id. Throws on a row that lacks what an order has. */
export function orderOf(
  row: JsonRecord,
  source: EvidenceSource,
  ownIdOf: (text: string) => string = (text) => text,
): OrderReport {
  const clientOrderId = textOf(row, 'clientOrderId');
  const venueTime = timeOf(row, 'lastUpdateTimestamp', 'timestamp');
  const quantity = requireDecimal(row, 'amount');
  const cumFilled = decimalOf(row['filled']) ?? '0';
  return {
    instrument: requireId(row, 'symbol'),
    ...(clientOrderId ? { clientOrderId: ownIdOf(clientOrderId) } : {}),
    venueOrderId: requireId(row, 'id'),
    side: sideOf(row),
    price: decimalOf(row['price']) ?? '0',
    quantity,
    cumFilled,
    ...stateOf(row, cumFilled, quantity),
    ...(venueTime === undefined ? {} : { venueTime }),
    source,
  };
}

interface State {
  readonly status: OrderReportStatus;
  readonly endReason?: string;
}

const ends: Readonly<Record<string, OrderReportStatus>> = {
  canceled: 'canceled',
  expired: 'expired',
  rejected: 'rejected',
};

/** An order that is over with something left was not filled, whatever the word. */
function stateOf(row: JsonRecord, cumFilled: Dec, quantity: Dec): State {
  const word = textOf(row, 'status') ?? '';
  if (word === 'open' || word === 'canceling')
    return { status: new BigNumber(cumFilled).isZero() ? 'open' : 'partiallyFilled' };
  if (word === 'closed') return isWhole(cumFilled, quantity) ? { status: 'filled' } : { status: 'canceled' };
  const end = Object.hasOwn(ends, word) ? ends[word] : undefined;
  return end ? { status: end } : { status: 'unrecognised', endReason: word };
}

const isWhole = (filled: Dec, quantity: Dec): boolean => new BigNumber(filled).gte(quantity);

/** A unified trade of ours. Throws on a row that lacks what a trade has. */
export function fillOf(row: JsonRecord, source: 'ws-trade' | 'rest-trades', isFeeKnown = true): FillReport {
  const venueTime = timeOf(row, 'timestamp');
  if (venueTime === undefined) throw new Error('field timestamp is no time');
  const role = row['takerOrMaker'];
  return {
    instrument: requireId(row, 'symbol'),
    tradeId: requireId(row, 'id'),
    venueOrderId: requireId(row, 'order'),
    side: sideOf(row),
    price: requireDecimal(row, 'price'),
    quantity: requireDecimal(row, 'amount'),
    ...(isFeeKnown ? feeOf(row) : {}),
    liquidity: role === 'maker' || role === 'taker' ? role : 'unknown',
    venueTime,
    source,
  };
}

/** Positive is paid. A fee in two assets, or without its asset, counts as not known: it is asked for. */
function feeOf(row: JsonRecord): Pick<FillReport, 'fee' | 'feeAsset'> {
  const listed = (Array.isArray(row['fees']) ? (row['fees'] as readonly unknown[]) : []).filter(isFee);
  const single = recordOf(row['fee']);
  const fees = listed.length > 0 ? listed : [single].filter(isFee);
  const [fee] = fees;
  if (fees.length !== 1 || !fee) return {};
  return { fee: decimalOf(fee['cost']) ?? '0', feeAsset: textOf(fee, 'currency') ?? '' };
}

function isFee(value: unknown): value is JsonRecord {
  const fee = recordOf(value);
  return fee !== undefined && decimalOf(fee['cost']) !== undefined && Boolean(textOf(fee, 'currency'));
}

const aggregates: ReadonlySet<string> = new Set([
  'info',
  'timestamp',
  'datetime',
  'free',
  'used',
  'total',
  'debt',
]);

/** The assets of a unified balance. */
export const balancesOf = (balance: JsonRecord): readonly AssetBalance[] =>
  Object.entries(balance).flatMap(([asset, value]) => {
    const row = aggregates.has(asset) ? undefined : recordOf(value);
    return row ? assetOf(asset, row) : [];
  });

/** Of free, locked and total two tell the third. An asset with one of them alone has nothing in the other. */
function assetOf(asset: string, row: JsonRecord): readonly AssetBalance[] {
  const [free, used, total] = ['free', 'used', 'total'].map((key) => decimalOf(row[key]));
  const whole = new BigNumber(total ?? NaN);
  const known = free ?? (total === undefined ? undefined : whole.minus(used ?? 0).toFixed());
  if (known === undefined) return [];
  const locked = used ?? (total === undefined ? '0' : whole.minus(known).toFixed());
  return [{ asset, free: known, locked }];
}

/** The rules of a unified spot market. Throws on one without steps. */
export function rulesOf(market: JsonRecord, venue: VenueId): InstrumentRules {
  const precision = recordOf(market['precision']) ?? {};
  const lotSize = positive(precision, 'amount');
  return {
    venue,
    id: requireId(market, 'symbol'),
    venueSymbol: requireId(market, 'id'),
    base: requireId(market, 'base'),
    quote: requireId(market, 'quote'),
    tickSize: positive(precision, 'price'),
    lotSize,
    minQuantity: limitOf(market, 'amount', 'min') ?? lotSize,
    maxQuantity: limitOf(market, 'amount', 'max') ?? unbounded,
    minNotional: limitOf(market, 'cost', 'min') ?? '0',
    makerFeeBps: feeBpsOf(market['maker']),
    takerFeeBps: feeBpsOf(market['taker']),
    maxOpenOrders: 100,
    status: market['active'] === false ? 'halted' : 'trading',
  };
}

/** A limit of nought is none. */
function limitOf(market: JsonRecord, of: 'amount' | 'cost', bound: 'min' | 'max'): Dec | undefined {
  const value = decimalOf((recordOf((recordOf(market['limits']) ?? {})[of]) ?? {})[bound]);
  return value === undefined || new BigNumber(value).isZero() ? undefined : value;
}

function positive(row: JsonRecord, key: string): Dec {
  const value = requireDecimal(row, key);
  if (!new BigNumber(value).isGreaterThan(0)) throw new Error(`step ${key} is not positive`);
  return value;
}

const feeBpsOf = (rate: unknown): number => new BigNumber(decimalOf(rate) ?? '0.001').times(bps).toNumber();

export type Levels = readonly (readonly [Dec, Dec])[];

/** The best levels of a side as decimals, copied: what ccxt holds changes under its reader. */
export function levelsOf(side: unknown, most: number): Levels {
  const rows = Array.isArray(side) ? (side as readonly unknown[]).slice(0, most) : [];
  return rows.flatMap((row): Levels => {
    const [price, quantity] = Array.isArray(row) ? (row as readonly unknown[]) : [];
    const level = [decimalOf(price), decimalOf(quantity)] as const;
    return level[0] === undefined || level[1] === undefined ? [] : [[level[0], level[1]]];
  });
}
