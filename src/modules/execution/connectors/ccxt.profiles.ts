import type { GenericVenueId } from '../../../domain/instrument';
import type { RejectCode } from '../../../domain/sent';
import type { Environment } from './types';
import { integerOf, recordOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

/** What a book frame says about its place in the sequence. */
export interface BookRange {
  readonly venueSymbol: string;
  readonly first: number;
  readonly last: number;
  /** Begins the sequence anew. */
  readonly isFirst: boolean;
}

/** How an order is named in a unified call: a venue id, or parameters. */
export interface NamedOrder {
  readonly id?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface UrlTree {
  [key: string]: string | UrlTree;
}

/** What one venue has, and how ccxt's unified methods are told it. Everything not stated here is refused. */
export interface CcxtProfile {
  /** Key of the class in ccxt. */
  readonly id: string;
  readonly environments: readonly Environment[];
  readonly needsPassphrase: boolean;
  /** Laid over the options of ccxt. They name the kind of account, so that no call asks for it first. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly bookIntegrity: 'sequence' | 'checksum' | 'none';
  readonly bookLimit?: number;
  readonly rangeOf?: (frame: JsonRecord) => BookRange | undefined;
  /** The checksum of ten levels as the frame states it, where ccxt does not compare it. */
  readonly checksumOf?: (frame: JsonRecord) => { readonly symbol: string; readonly sum: number } | undefined;
  /** Frames that ccxt would read in part only, as the frames it reads whole. */
  readonly split?: (frame: unknown) => readonly unknown[];
  /** Whether a frame confirms a private subscription, and how many of them make the stream live. */
  readonly isConfirmed: (frame: JsonRecord) => boolean;
  readonly confirmations: number;
  /** Trades come with the orders: there is no stream of their own. */
  readonly tradesWithOrders: boolean;
  /** What ccxt reads wrong of a pushed order or trade, set right from the venue's own row. */
  readonly corrected?: (row: JsonRecord, venueRow: JsonRecord) => JsonRecord;
  readonly correctedTrade?: (row: JsonRecord, venueRow: JsonRecord) => JsonRecord;
  /** Whether ccxt reads the fee of a pushed trade right. Where not, each is asked for. */
  readonly feesOnStream: boolean;
  readonly byClientId: (clientOrderId: string) => NamedOrder;
  /** Our id as it stands in a row. */
  readonly ownIdOf?: (text: string) => string;
  /** A query by our id; `lists`: the open and the ended orders are read and searched. */
  readonly query: 'order' | 'lists';
  readonly history: 'fetchCanceledAndClosedOrders' | 'fetchClosedOrders' | 'fetchOrders';
  /** One list of the account, one per pair, or one per pair of those that `openPairs` names. */
  readonly openOrders: 'account' | 'pair' | 'namedPairs';
  readonly openLimit: number | undefined;
  readonly openPairs?: (client: Readonly<Record<string, unknown>>) => Promise<readonly unknown[]>;
  readonly openParams?: Readonly<Record<string, unknown>>;
  readonly trades: {
    readonly limit: number;
    readonly windowMs: number;
    /** The list is of all pairs. */
    readonly allPairs?: boolean;
    readonly ofOrder: boolean;
  };
  /** Added to every create: self-trade prevention. */
  readonly createParams: Readonly<Record<string, unknown>>;
  /** Codes that refuse an order for good under an HTTP status that says nothing. */
  readonly refusals: Readonly<Record<string, RejectCode>>;
  /** Where a test serves the venue. Without it there is no environment `sim`. */
  readonly simulated?: (http: string, ws: string) => UrlTree;
}

const spot = { defaultType: 'spot' } as const;
const live = ['live'] as const;
const liveAndSandbox = ['live', 'sandbox'] as const;
const day = 86_400_000;
const dataOf = (frame: JsonRecord): JsonRecord => recordOf(frame['data']) ?? {};

/** Bybit: `u` grows by one; 1 is a new snapshot. */
function bybitRange(frame: JsonRecord): BookRange | undefined {
  const data = dataOf(frame);
  const last = integerOf(data, 'u');
  if (last === undefined) return undefined;
  const isFirst = frame['type'] === 'snapshot' || last === 1;
  return { venueSymbol: textOf(data, 's') ?? '', first: last, last, isFirst };
}

function kucoinRange(frame: JsonRecord): BookRange | undefined {
  const data = dataOf(frame);
  const first = integerOf(data, 'sequenceStart');
  const last = integerOf(data, 'sequenceEnd');
  if (first === undefined || last === undefined) return undefined;
  return { venueSymbol: textOf(data, 'symbol') ?? '', first, last, isFirst: false };
}

function mexcRange(frame: JsonRecord): BookRange | undefined {
  const data = recordOf(frame['publicAggreDepths']) ?? {};
  const first = integerOf(data, 'fromVersion');
  const last = integerOf(data, 'toVersion');
  if (first === undefined || last === undefined) return undefined;
  return { venueSymbol: textOf(frame, 'symbol') ?? '', first, last, isFirst: false };
}

function krakenSum(frame: JsonRecord): { readonly symbol: string; readonly sum: number } | undefined {
  const [row] = Array.isArray(frame['data']) ? (frame['data'] as readonly unknown[]) : [];
  const sum = integerOf(recordOf(row) ?? {}, 'checksum');
  return sum === undefined ? undefined : { symbol: textOf(recordOf(row) ?? {}, 'symbol') ?? '', sum };
}

/** ccxt reads all executions of a frame as trades, or none, by the first. */
function krakenSplit(frame: unknown): readonly unknown[] {
  const fields = recordOf(frame);
  const rows = fields?.['data'];
  if (fields?.['channel'] !== 'executions' || !Array.isArray(rows)) return [frame];
  return (rows as readonly unknown[]).map((row) => ({ ...fields, data: [row] }));
}

/** High-frequency accounts, which all are by now, list open orders by pair, and the pairs that have any. */
async function kucoinOpenPairs(client: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  const read = client['privateGetHfOrdersActiveSymbols'] as () => Promise<JsonRecord>;
  const { symbols } = dataOf(await read.call(client));
  if (!Array.isArray(symbols)) throw new Error('the list of pairs is missing');
  return symbols as readonly unknown[];
}

/** ccxt names an order by its number of long ago, and leaves out what is filled. */
const krakenCorrected = (row: JsonRecord, own: JsonRecord): JsonRecord => ({
  ...row,
  clientOrderId: own['cl_ord_id'],
  filled: own['cum_qty'] ?? 0,
});

/** ccxt takes what the last trade filled for what all of them did. */
const bitgetCorrected = (row: JsonRecord, own: JsonRecord): JsonRecord => ({
  ...row,
  filled: own['accBaseVolume'] ?? 0,
});

/** ccxt does not know the word for an order that has arrived and is not yet in the book. */
const kucoinCorrected = (row: JsonRecord, own: JsonRecord): JsonRecord =>
  own['type'] === 'received' ? { ...row, status: 'open' } : row;

/** ccxt looks for the role where it stood before. */
const mexcCorrectedTrade = (row: JsonRecord, own: JsonRecord): JsonRecord => ({
  ...row,
  takerOrMaker: own['isMaker'] === true ? 'maker' : 'taker',
});

const clientOrderIdOf = (clientOrderId: string): NamedOrder => ({ params: { clientOrderId } });

const bybit: CcxtProfile = {
  id: 'bybit',
  environments: liveAndSandbox,
  needsPassphrase: false,
  options: { ...spot, enableUnifiedMargin: false, enableUnifiedAccount: true, unifiedMarginStatus: 6 },
  bookIntegrity: 'sequence',
  bookLimit: 50,
  rangeOf: bybitRange,
  isConfirmed: (frame) => frame['op'] === 'subscribe' && frame['success'] === true,
  confirmations: 2,
  tradesWithOrders: false,
  feesOnStream: true,
  byClientId: (orderLinkId) => ({ params: { orderLinkId } }),
  query: 'lists',
  history: 'fetchCanceledAndClosedOrders',
  openOrders: 'account',
  openLimit: undefined,
  openParams: { paginate: true },
  trades: { limit: 100, windowMs: 7 * day, ofOrder: true },
  createParams: { smpType: 'CancelMaker' },
  refusals: {
    ...{ '170131': 'BALANCE', '170033': 'BALANCE', '170218': 'POST_ONLY', '170121': 'SYMBOL' },
    ...{ '170134': 'FILTER', '170135': 'FILTER', '170136': 'FILTER', '170137': 'FILTER', '170140': 'FILTER' },
  },
};

const kucoin: CcxtProfile = {
  id: 'kucoin',
  corrected: kucoinCorrected,
  environments: live,
  needsPassphrase: true,
  options: { ...spot, uta: false, hf: true },
  bookIntegrity: 'sequence',
  rangeOf: kucoinRange,
  isConfirmed: (frame) => frame['type'] === 'ack',
  confirmations: 1,
  tradesWithOrders: true,
  feesOnStream: false,
  byClientId: (clientOid) => ({ id: clientOid, params: { clientOid } }),
  query: 'order',
  history: 'fetchClosedOrders',
  openOrders: 'namedPairs',
  openPairs: kucoinOpenPairs,
  openLimit: undefined,
  trades: { limit: 100, windowMs: 7 * day, ofOrder: true },
  createParams: { stp: 'CO' },
  refusals: { '200004': 'BALANCE', '900001': 'SYMBOL', '200003': 'RESTRICTED' },
};

const kraken: CcxtProfile = {
  id: 'kraken',
  corrected: krakenCorrected,
  environments: live,
  needsPassphrase: false,
  options: spot,
  bookIntegrity: 'checksum',
  bookLimit: 25,
  checksumOf: krakenSum,
  split: krakenSplit,
  isConfirmed: (frame) => frame['method'] === 'subscribe' && frame['success'] === true,
  confirmations: 1,
  tradesWithOrders: true,
  feesOnStream: false,
  byClientId: clientOrderIdOf,
  query: 'lists',
  history: 'fetchClosedOrders',
  openOrders: 'account',
  openLimit: undefined,
  trades: { limit: 50, windowMs: 30 * day, allPairs: true, ofOrder: false },
  createParams: { stptype: 'cancel-oldest' },
  refusals: {
    ...{ 'EOrder:Insufficient funds': 'BALANCE', 'EOrder:Post only order': 'POST_ONLY' },
    ...{ 'EOrder:Order minimum not met': 'FILTER', 'EOrder:Cost minimum not met': 'FILTER' },
    ...{ 'EOrder:Tick size check failed': 'FILTER', 'EOrder:Orders limit exceeded': 'LIMIT' },
    ...{ 'EQuery:Unknown asset pair': 'SYMBOL', 'EGeneral:Permission denied': 'AUTH' },
  },
};

const mexc: CcxtProfile = {
  id: 'mexc',
  correctedTrade: mexcCorrectedTrade,
  environments: live,
  needsPassphrase: false,
  options: spot,
  bookIntegrity: 'sequence',
  rangeOf: mexcRange,
  isConfirmed: (frame) => frame['code'] === 0 && textOf(frame, 'msg')?.includes('@private.') === true,
  confirmations: 2,
  tradesWithOrders: false,
  feesOnStream: true,
  byClientId: clientOrderIdOf,
  query: 'order',
  history: 'fetchOrders',
  openOrders: 'pair',
  openLimit: undefined,
  trades: { limit: 100, windowMs: 7 * day, ofOrder: true },
  createParams: {},
  refusals: {
    '30004': 'BALANCE',
    '30005': 'BALANCE',
    '30002': 'FILTER',
    '30003': 'FILTER',
    '30016': 'MARKET_CLOSED',
    ...{ '10072': 'AUTH', '700002': 'AUTH', '700006': 'AUTH' },
  },
};

const bitget: CcxtProfile = {
  id: 'bitget',
  corrected: bitgetCorrected,
  environments: live,
  needsPassphrase: true,
  options: { ...spot, uta: false },
  bookIntegrity: 'checksum',
  isConfirmed: (frame) => frame['event'] === 'subscribe',
  confirmations: 2,
  tradesWithOrders: false,
  feesOnStream: false,
  byClientId: clientOrderIdOf,
  query: 'order',
  history: 'fetchCanceledAndClosedOrders',
  openOrders: 'account',
  openLimit: 100,
  trades: { limit: 100, windowMs: 30 * day, ofOrder: true },
  createParams: { stpMode: 'cancel_maker' },
  refusals: {
    '43012': 'BALANCE',
    '43011': 'BAD_REQUEST',
    '45110': 'FILTER',
    '45111': 'FILTER',
    '45115': 'FILTER',
  },
};

/** Every venue that is reached through ccxt whole: `docs/venues.md`. */
export const ccxtProfiles: Readonly<Record<GenericVenueId, CcxtProfile>> = {
  bybit,
  kucoin,
  kraken,
  mexc,
  bitget,
};
