import type { AccountId, InstrumentId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import { ackTimeoutMs, requestExpiryMs } from '../common/constants';
import type { BinanceFeed } from './binance.feed';
import { askVenue } from './binance.reads';
import type { BinanceSymbol } from './parse-binance-rules';
import { fillsOfReply, orderOfRow } from './parse-binance-account';
import { classifyOutcome } from './outcome';
import type { Operation, Outcome, Reply } from './outcome';
import { binanceCodes } from './outcome-binance';
import type { CallOptions, NewOrder, OrderRef } from './types';
import { recordOf, textOf } from './venue-json';
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

  async cancel(ref: OrderRef): Promise<Cancelled> {
    const symbol = this.symbolOf(ref.instrument);
    if (!symbol)
      return { kind: 'rejected', code: 'SYMBOL', venueCode: '', text: `${ref.instrument} is not listed` };
    const { runtime, transport } = this.parts;
    const reply = await transport.send({
      path: 'order',
      api: 'private',
      method: 'DELETE',
      params: { symbol, origClientOrderId: ref.clientOrderId },
      priority: 'cancel',
      weight: 1,
      answerWithinMs: ackTimeoutMs,
      sendBy: runtime.monotonic() + ackTimeoutMs,
      canSend: () => true,
    });
    const outcome = this.judge('cancel', reply);
    if (outcome.kind === 'answered') return cancelledOf(outcome.parsed, ref);
    return outcome.kind === 'unknown' ? { kind: 'unknown', reason: outcome.reason } : outcome;
  }

  query({ instrument, clientOrderId }: OrderRef): Promise<Queried> {
    const isIt = (row: JsonRecord): boolean => ownRow(row, clientOrderId) !== undefined;
    return this.ask(instrument, { origClientOrderId: clientOrderId }, isIt);
  }

  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried> {
    const isIt = (row: JsonRecord): boolean => textOf(row, 'orderId') === venueOrderId;
    return this.ask(instrument, { orderId: venueOrderId }, isIt);
  }

  private async ask(
    instrument: InstrumentId,
    id: Params,
    isIt: (row: JsonRecord) => boolean,
  ): Promise<Queried> {
    const { runtime, transport } = this.parts;
    const requestedAt = runtime.monotonic();
    const requestedAtMs = runtime.now();
    const symbol = this.symbolOf(instrument);
    if (!symbol) return { kind: 'failed', reason: `${instrument} is not listed` };
    const params = { symbol, ...id };
    const call = { path: 'order', api: 'private', method: 'GET', params, weight: 4 } as const;
    const { outcome, reply } = await askVenue(runtime, transport, call);
    this.record('query', outcome, reply);
    if (outcome.kind === 'rejected' && outcome.code === 'not_found') {
      return { kind: 'not_found', requestedAt, requestedAtMs };
    }
    if (outcome.kind !== 'answered') return { kind: 'failed', reason: reasonOf(outcome) };
    const row = recordOf(outcome.parsed);
    const report = row && isIt(row) ? attempt(() => orderOfRow(row, instrument, 'rest-order')) : undefined;
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
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK') void this.parts.feed.clock.measure();
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
  const row = ownRow(json, ref.clientOrderId);
  const report = row && attempt(() => orderOfRow(row, ref.instrument, 'reply'));
  if (!report) return { kind: 'unknown', reason: 'malformed' };
  const final = report.status === 'canceled' || report.status === 'expired' || report.status === 'filled';
  return { kind: 'accepted', final, report };
}

function ownRow(json: unknown, clientOrderId: string): JsonRecord | undefined {
  const row = recordOf(json);
  const id = row && (textOf(row, 'origClientOrderId') ?? textOf(row, 'clientOrderId'));
  return id === clientOrderId ? row : undefined;
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
