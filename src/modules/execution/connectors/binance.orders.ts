import type { AccountId, InstrumentId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import { ackTimeoutMs, cancelRepeatMs, requestExpiryMs } from '../common/constants';
import type { BinanceFeed } from './binance.feed';
import { askVenue } from './binance.reads';
import type { BinanceSymbol } from './parse-binance-rules';
import { fillsOfReply, orderOfRow } from './parse-binance-account';
import { classifyOutcome } from './outcome';
import type { Operation, Outcome, Reply } from './outcome';
import { binanceCodes } from './outcome-binance';
import type { CallOptions, NewOrder, OrderRef } from './types';
import { recordOf, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';
import type { VenueTransport } from './venue.transport';

export interface OrderParts {
  readonly runtime: Runtime;
  readonly transport: VenueTransport;
  readonly breaker: CircuitBreaker;
  readonly feed: BinanceFeed;
  readonly accountId: AccountId;
}

type Params = Record<string, string | number>;

interface OrderRead {
  readonly path: string;
  readonly weight: number;
  readonly params: Params;
  /** Whose row it is, whatever id the row itself carries; a canceled order may carry that of its cancel. */
  readonly clientOrderId?: string;
  /** The row of the order in an answer; undefined in an answer that is not what was asked for. */
  readonly rowOf: (json: unknown) => JsonRecord | 'none' | undefined;
}

const oneOrder = { path: 'order', weight: 4 } as const;

/** Orders of one Binance account. Nothing here throws, and nothing is sent twice. */
export class BinanceOrders {
  constructor(private readonly parts: OrderParts) {}

  async place(order: NewOrder, call: CallOptions): Promise<Sent> {
    const params = paramsOf(order, this.parts.feed.markets.find(order.rules.id));
    const reply = await this.parts.transport.send({
      path: 'order',
      api: 'private',
      method: 'POST',
      params,
      priority: 'create',
      weight: 1,
      answerWithinMs: ackTimeoutMs,
      ...call,
    });
    const outcome = this.judge('create', reply);
    return outcome.kind === 'answered' ? acceptedOf(outcome.parsed, order) : sentOf(outcome);
  }

  /** By our id; then by the venue's when ours may have aged out. Otherwise not-found means that it is over. */
  async cancel(ref: OrderRef): Promise<Cancelled> {
    const answer = await this.cancelBy(ref, { origClientOrderId: ref.clientOrderId });
    const isNotFound = answer.kind === 'rejected' && answer.code === 'not_found';
    if (!isNotFound || !ref.isTextUnknown || ref.venueOrderId === undefined) return answer;
    return this.cancelBy(ref, { orderId: ref.venueOrderId });
  }

  private async cancelBy(ref: OrderRef, id: Params): Promise<Cancelled> {
    const symbol = this.symbolOf(ref.instrument);
    if (!symbol)
      return { kind: 'rejected', code: 'SYMBOL', venueCode: '', text: `${ref.instrument} is not listed` };
    const { runtime, transport } = this.parts;
    const reply = await transport.send({
      path: 'order',
      api: 'private',
      method: 'DELETE',
      params: { symbol, ...id },
      priority: 'cancel',
      weight: 1,
      answerWithinMs: ackTimeoutMs,
      sendBy: runtime.monotonic() + ackTimeoutMs,
      canSend: () => true,
    });
    const outcome = this.judge('cancel', reply);
    // It is sent again at once, and then with a better clock.
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK')
      await Promise.race([this.parts.feed.clock.doubt(), runtime.sleep(cancelRepeatMs)]);
    if (outcome.kind === 'answered') return cancelledOf(outcome.parsed, ref);
    return outcome.kind === 'unknown' ? { kind: 'unknown', reason: outcome.reason } : outcome;
  }

  /** By our id; by the venue's when it does not know ours any more. */
  async query(ref: OrderRef): Promise<Queried> {
    const { instrument, clientOrderId, venueOrderId } = ref;
    const params = { origClientOrderId: clientOrderId };
    const rowOf = (json: unknown): JsonRecord | undefined => rowOfRef(json, { instrument, clientOrderId });
    const answer = await this.ask(instrument, { ...oneOrder, params, rowOf, clientOrderId });
    if (answer.kind !== 'not_found' || venueOrderId === undefined) return answer;
    return this.ask(instrument, {
      ...{ ...oneOrder, params: { orderId: venueOrderId }, clientOrderId },
      rowOf: (json) => rowOfRef(json, ref),
    });
  }

  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried> {
    const rowOf = (json: unknown): JsonRecord | undefined => {
      const row = recordOf(json);
      return row && textOf(row, 'orderId') === venueOrderId ? row : undefined;
    };
    return this.ask(instrument, { ...oneOrder, params: { orderId: venueOrderId }, rowOf });
  }

  /** The list begins at the venue's id; without one it holds the latest thousand. */
  orderInHistory(ref: OrderRef): Promise<Queried> {
    const { instrument, clientOrderId, venueOrderId } = ref;
    const params = venueOrderId === undefined ? { limit: 1_000 } : { orderId: venueOrderId, limit: 1 };
    const rowOf = (json: unknown): JsonRecord | 'none' | undefined =>
      rowsOf(json) && (rowsOf(json)?.find((row) => rowOfRef(row, ref) !== undefined) ?? 'none');
    return this.ask(instrument, { path: 'allOrders', weight: 20, params, rowOf, clientOrderId });
  }

  private async ask(instrument: InstrumentId, read: OrderRead): Promise<Queried> {
    const { runtime, transport } = this.parts;
    const requestedAt = runtime.monotonic();
    const requestedAtMs = runtime.now();
    const symbol = this.symbolOf(instrument);
    if (!symbol) return { kind: 'failed', reason: `${instrument} is not listed` };
    const { path, weight, rowOf } = read;
    const params = { symbol, ...read.params };
    const call = { path, api: 'private', method: 'GET', params, weight } as const;
    const { outcome, reply } = await askVenue(runtime, transport, call);
    this.record('query', outcome, reply);
    if (outcome.kind === 'rejected' && outcome.code === 'not_found') {
      return { kind: 'not_found', requestedAt, requestedAtMs };
    }
    if (outcome.kind !== 'answered') return { kind: 'failed', reason: reasonOf(outcome) };
    const row = rowOf(outcome.parsed);
    if (row === 'none') return { kind: 'not_found', requestedAt, requestedAtMs };
    const found = row && attempt(() => orderOfRow(row, instrument, 'rest-order'));
    const { clientOrderId } = read;
    const report = found && (clientOrderId === undefined ? found : { ...found, clientOrderId });
    return report ? { kind: 'found', report, requestedAt } : { kind: 'failed', reason: 'malformed' };
  }

  private judge(operation: 'create' | 'cancel', reply: Reply): Outcome {
    const outcome = classifyOutcome(binanceCodes, operation, reply);
    this.record(operation, outcome, reply);
    return outcome;
  }

  /** Tells the breaker how a request went. What never left says nothing about the venue. */
  record(operation: Operation, outcome: Outcome, reply: Reply): void {
    if (!reply.written) return;
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK') void this.parts.feed.clock.doubt();
    const isFailure = outcome.kind === 'unknown' && outcome.reason !== 'duplicate_id';
    const failed = isFailure || reply.status === 418;
    this.parts.breaker.record(this.parts.accountId, operation, failed ? 'failure' : 'success');
  }

  private symbolOf(instrument: InstrumentId): string | undefined {
    return this.parts.feed.markets.find(instrument)?.rules.venueSymbol;
  }
}

function paramsOf(order: NewOrder, symbol: BinanceSymbol | undefined): Params {
  const { rules } = order;
  return {
    symbol: rules.venueSymbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    ...termsOf(order),
    quantity: rules.quantity(order.quantity),
    newClientOrderId: order.clientOrderId,
    newOrderRespType: 'FULL',
    ...(symbol?.stpModes.includes('EXPIRE_TAKER') ? { selfTradePreventionMode: 'EXPIRE_TAKER' } : {}),
    recvWindow: requestExpiryMs,
  };
}

function termsOf(order: NewOrder): Params {
  if (order.type === 'market') return { type: 'MARKET' };
  const price = order.rules.price(order.price);
  if (order.timeInForce === 'postOnly') return { type: 'LIMIT_MAKER', price };
  return { type: 'LIMIT', price, timeInForce: order.timeInForce.toUpperCase() };
}

function acceptedOf(json: unknown, order: NewOrder): Sent {
  const row = ownRow(json, order.clientOrderId);
  const venueOrderId = row && textOf(row, 'orderId');
  if (!row || !venueOrderId) return { kind: 'unknown', reason: 'malformed' };
  const report = attempt(() => orderOfRow(row, order.rules.id, 'reply'));
  if (!report) return { kind: 'accepted', venueOrderId };
  const fills = attempt(() => fillsOfReply(row, report));
  return { kind: 'accepted', venueOrderId, report, ...(fills ? { fills } : {}) };
}

function sentOf(outcome: Exclude<Outcome, { kind: 'answered' }>): Sent {
  if (outcome.kind === 'unknown') return outcome;
  const { code } = outcome;
  if (code === 'not_found' || code === 'already_done') return { kind: 'unknown', reason: 'unmapped' };
  return { ...outcome, code };
}

/** The reply to a cancel names our order as `origClientOrderId`; only an ended state is final. */
function cancelledOf(json: unknown, ref: OrderRef): Cancelled {
  const row = rowOfRef(json, ref);
  const read = row && attempt(() => orderOfRow(row, ref.instrument, 'reply'));
  const report = read && { ...read, clientOrderId: ref.clientOrderId };
  if (!report) return { kind: 'unknown', reason: 'malformed' };
  const final = report.status === 'canceled' || report.status === 'expired' || report.status === 'filled';
  return { kind: 'accepted', final, report };
}

function ownRow(json: unknown, clientOrderId: string): JsonRecord | undefined {
  const row = recordOf(json);
  const id = row && (textOf(row, 'origClientOrderId') ?? textOf(row, 'clientOrderId'));
  return id === clientOrderId ? row : undefined;
}

/** A row that is the order by our id or by the venue's. */
function rowOfRef(json: unknown, { clientOrderId, venueOrderId }: OrderRef): JsonRecord | undefined {
  const own = ownRow(json, clientOrderId);
  if (own || venueOrderId === undefined) return own;
  const row = recordOf(json);
  return row && textOf(row, 'orderId') === venueOrderId ? row : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const reasonOf = (outcome: Exclude<Outcome, { kind: 'answered' }>): string =>
  outcome.kind === 'unknown' ? outcome.reason : `${outcome.code} ${outcome.venueCode} ${outcome.text}`.trim();
