import type { InstrumentId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import { ackTimeoutMs } from '../common/constants';
import type { CcxtExchange } from './ccxt.client';
import type { CcxtFeed } from './ccxt.feed';
import { outcomeOfError } from './ccxt.outcome';
import type { CallTrace } from './ccxt.outcome';
import type { CcxtProfile, NamedOrder } from './ccxt.profiles';
import type { CcxtCall, CcxtRest, Ran } from './ccxt.rest';
import { orderOf } from './ccxt.rows';
import type { Failed, Operation } from './outcome';
import { sentOf, wordsOf } from './outcome';
import type { CallOptions, NewOrder, OrderRef } from './types';
import type { JsonRecord } from './venue-json';
import { textOf } from './venue-json';
import { readWithinMs } from './ccxt.rest';

export interface CcxtOrderParts {
  readonly runtime: Runtime;
  readonly breaker: CircuitBreaker;
  readonly accountId: string;
  readonly profile: CcxtProfile;
  readonly feed: CcxtFeed;
  readonly rest: CcxtRest;
}

type Found = JsonRecord | undefined;

const times = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', postOnly: 'GTC' } as const;

/** Orders of one account by unified calls. Nothing here throws, and nothing is sent twice. */
export class CcxtOrders {
  constructor(private readonly parts: CcxtOrderParts) {}

  /** Accepted is what came back parsed with a venue id; the state of the order comes by the stream or a query. */
  async place(order: NewOrder, { sendBy, canSend }: CallOptions): Promise<Sent> {
    const { profile } = this.parts;
    const args = argumentsOf(order, profile);
    if (!args) return noForm;
    const mustCarry = order.clientOrderId;
    const call = {
      priority: 'create',
      sendBy,
      canSend,
      answerWithinMs: this.until(sendBy) + ackTimeoutMs,
    } as const;
    const ran = await this.run({ ...call, isWrite: true, mustCarry }, (client) =>
      client.createOrder(...args),
    );
    if (ran.kind === 'failed') return sentOf(this.judge('create', ran));
    this.record('create', true, ran.trace);
    return this.acceptedOf(ran.value, ran.trace, order.clientOrderId);
  }

  async cancel(ref: OrderRef): Promise<Cancelled> {
    const answer = await this.cancelBy(ref.instrument, this.parts.profile.byClientId(ref.clientOrderId));
    const isNotFound = answer.kind === 'rejected' && answer.code === 'not_found';
    if (!isNotFound || !ref.isTextUnknown || ref.venueOrderId === undefined) return answer;
    return this.cancelBy(ref.instrument, { id: ref.venueOrderId, params: {} });
  }

  private async cancelBy(instrument: InstrumentId, { id, params }: NamedOrder): Promise<Cancelled> {
    const sendBy = this.parts.runtime.monotonic() + ackTimeoutMs;
    const call = {
      priority: 'cancel',
      isWrite: true,
      sendBy,
      canSend: () => true,
      answerWithinMs: ackTimeoutMs,
    } as const;
    const ran = await this.run(call, (client) => client.cancelOrder(id, instrument, params));
    if (ran.kind === 'answered') {
      this.record('cancel', true, ran.trace);
      return { kind: 'accepted', final: false };
    }
    const outcome = this.judge('cancel', ran);
    if (outcome.kind === 'unknown') return { kind: 'unknown', reason: outcome.reason };
    const { code } = outcome;
    return code === 'AMEND_REFUSED' ? { kind: 'unknown', reason: 'unmapped' } : { ...outcome, code };
  }

  /** By our id; by the venue's when it does not know ours any more. */
  async query(ref: OrderRef): Promise<Queried> {
    const byText = await this.find(ref, (client) => this.byText(client, ref));
    if (byText.kind !== 'not_found' || ref.venueOrderId === undefined || this.parts.profile.query === 'lists')
      return byText;
    return this.find(ref, (client) => client.fetchOrder(ref.venueOrderId, ref.instrument, {}));
  }

  /** Where there is no query by id the lists are searched for it. */
  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried> {
    const { query } = this.parts.profile;
    const isIt = (row: JsonRecord): boolean => row['id'] === venueOrderId;
    return this.find({ instrument }, (client) =>
      query === 'lists'
        ? this.inLists(client, instrument, { isIt, params: {} })
        : client.fetchOrder(venueOrderId, instrument, {}),
    );
  }

  orderInHistory(ref: OrderRef): Promise<Queried> {
    const { history } = this.parts.profile;
    return this.find(ref, async (client) => {
      const rows = await client[history](ref.instrument, undefined, undefined, {});
      return rows.find((row) => this.isOf(row, ref));
    });
  }

  private byText(client: CcxtExchange, ref: OrderRef): Promise<Found> {
    const { profile } = this.parts;
    const { id, params } = profile.byClientId(ref.clientOrderId);
    if (profile.query === 'order') return client.fetchOrder(id, ref.instrument, params);
    return this.inLists(client, ref.instrument, { isIt: (row) => this.isOf(row, ref), params });
  }

  private async inLists(
    client: CcxtExchange,
    instrument: InstrumentId,
    { isIt, params }: { readonly isIt: (row: JsonRecord) => boolean; readonly params: NamedOrder['params'] },
  ): Promise<Found> {
    const open = (await client.fetchOpenOrders(instrument, undefined, undefined, params)).find(isIt);
    if (open) return open;
    const ended = await client[this.parts.profile.history](instrument, undefined, undefined, params);
    return ended.find(isIt);
  }

  private isOf(row: JsonRecord, { clientOrderId, venueOrderId }: OrderRef): boolean {
    const text = textOf(row, 'clientOrderId');
    if (text && this.ownIdOf(text) === clientOrderId) return true;
    return venueOrderId !== undefined && row['id'] === venueOrderId;
  }

  private async find(
    { instrument, clientOrderId }: { readonly instrument: InstrumentId; readonly clientOrderId?: string },
    work: (client: CcxtExchange) => Promise<Found>,
  ): Promise<Queried> {
    const { runtime } = this.parts;
    const requestedAt = runtime.monotonic();
    const requestedAtMs = runtime.now();
    const call = {
      priority: 'query',
      isWrite: false,
      canSend: () => true,
      answerWithinMs: readWithinMs,
    } as const;
    const ran = await this.run({ ...call, sendBy: requestedAt + readWithinMs }, work);
    const missing = { kind: 'not_found', requestedAt, requestedAtMs } as const;
    if (ran.kind === 'failed') {
      const outcome = this.judge('query', ran);
      const isMissing = outcome.kind === 'rejected' && outcome.code === 'not_found';
      return isMissing ? missing : { kind: 'failed', reason: wordsOf(outcome) };
    }
    this.record('query', true, ran.trace);
    if (ran.value === undefined) return missing;
    const report = this.reportOf(ran.value, { instrument, clientOrderId });
    return report ? { kind: 'found', report, requestedAt } : { kind: 'failed', reason: 'malformed' };
  }

  /** Undefined for a row that cannot be read, or that is of another order. */
  private reportOf(
    row: JsonRecord,
    {
      instrument,
      clientOrderId,
    }: { readonly instrument: InstrumentId; readonly clientOrderId?: string | undefined },
  ): OrderReport | undefined {
    const report = attempt(() => orderOf(row, 'rest-order', this.parts.profile.ownIdOf));
    if (report?.instrument !== instrument) return undefined;
    if (clientOrderId === undefined) return report;
    return (report.clientOrderId ?? clientOrderId) === clientOrderId
      ? { ...report, clientOrderId }
      : undefined;
  }

  private acceptedOf(row: JsonRecord, trace: CallTrace, clientOrderId: string): Sent {
    const venueOrderId = textOf(row, 'id');
    const text = textOf(row, 'clientOrderId');
    const isAnother = text !== undefined && text !== '' && this.ownIdOf(text) !== clientOrderId;
    if (trace.parsed === undefined) return { kind: 'unknown', reason: 'unparsable' };
    return venueOrderId && !isAnother
      ? { kind: 'accepted', venueOrderId }
      : { kind: 'unknown', reason: 'malformed' };
  }

  private ownIdOf(text: string): string {
    return this.parts.profile.ownIdOf?.(text) ?? text;
  }

  private run<T>(call: CcxtCall, work: (client: CcxtExchange) => Promise<T>): Promise<Ran<T>> {
    const { rest, feed } = this.parts;
    return rest.run(call, async (client) => work(await feed.sharing(client)));
  }

  private until(sendBy: number): number {
    return Math.max(0, sendBy - this.parts.runtime.monotonic());
  }

  private judge(operation: Operation, ran: Extract<Ran<unknown>, { kind: 'failed' }>): Failed {
    const outcome = outcomeOfError(ran.error, ran.trace, {
      operation,
      refusals: this.parts.profile.refusals,
    });
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK') void this.parts.feed.clock.doubt();
    const isFailure = outcome.kind === 'unknown' && outcome.reason !== 'duplicate_id';
    this.record(operation, !isFailure, ran.trace);
    return outcome;
  }

  /** Tells the breaker how a request went. What never left says nothing about the venue. */
  record(operation: Operation, isSuccess: boolean, { isWritten }: CallTrace): void {
    if (!isWritten) return;
    const kind = operation === 'amend' ? 'create' : operation;
    this.parts.breaker.record(this.parts.accountId, kind, isSuccess ? 'success' : 'failure');
  }
}

const noForm: Sent = {
  ...{ kind: 'rejected', code: 'NOT_SENT', venueCode: '' },
  text: 'a market order to buy needs a worst price at this venue',
};

/**
 * The arguments of a unified `createOrder`, decimals exact. A market order to buy may be an amount of quote currency, so
 * it is a limit order that does not rest, at the worst price that is taken; undefined without one.
 */
function argumentsOf(order: NewOrder, { createParams }: CcxtProfile): readonly unknown[] | undefined {
  const { rules, side, type, timeInForce } = order;
  const isMarketSell = type === 'market' && side === 'sell';
  if (!isMarketSell && order.price <= 0) return undefined;
  const quantity = rules.quantity(order.quantity);
  const params = { ...createParams, clientOrderId: order.clientOrderId };
  if (isMarketSell) return [rules.id, 'market', side, quantity, undefined, params];
  const time = type === 'market' ? 'IOC' : times[timeInForce];
  const terms = type === 'limit' && timeInForce === 'postOnly' ? { postOnly: true } : { timeInForce: time };
  return [rules.id, 'limit', side, quantity, rules.price(order.price), { ...params, ...terms }];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
