import type { AccountId, InstrumentId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent, UnknownReason } from '../../../domain/sent';
import type { OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import { ackTimeoutMs, cancelRepeatMs } from '../common/constants';
import type { OrderChange, OrderName, VenueDialect, VenueRequest } from './dialect';
import type { Operation, Outcome, Reply } from './outcome';
import { sentOf, wordsOf } from './outcome';
import type { Amended, CallOptions, NewOrder, OrderRef } from './types';
import type { JsonRecord } from './venue-json';
import type { VenueFeed } from './venue.feed';
import { askVenue } from './venue.reads';
import type { VenueTransport } from './venue.transport';

export interface OrderParts {
  readonly runtime: Runtime;
  readonly dialect: VenueDialect;
  readonly transport: VenueTransport;
  readonly breaker: CircuitBreaker;
  readonly feed: VenueFeed;
  readonly accountId: AccountId;
  /** An answer that no table knows: a person is told of it. */
  readonly unmapped: (what: string, text?: string) => void;
}

interface OrderRead {
  readonly request: (venueSymbol: string) => VenueRequest;
  /** Whose row it is, whatever id the row itself carries; a canceled order may carry that of its cancel. */
  readonly clientOrderId?: string;
  /** The row of the order in an answer; undefined in an answer that is not what was asked for. */
  readonly rowOf: (json: unknown) => JsonRecord | 'none' | undefined;
}

/** Orders of one account. Nothing here throws, and nothing is sent twice. */
export class VenueOrders {
  constructor(private readonly parts: OrderParts) {}

  async place(order: NewOrder, call: CallOptions): Promise<Sent> {
    const { dialect, transport, feed } = this.parts;
    const request = attempt(() => dialect.trading.create(order, feed.markets.find(order.rules.id)));
    if (!request) return noForm;
    const reply = await transport.send({
      ...request,
      ...{ priority: 'create', instrument: order.rules.venueSymbol, answerWithinMs: ackTimeoutMs },
      ...call,
    });
    return this.sentOf(this.judge('create', reply), order);
  }

  /** What a judged answer to a create means for the order. */
  sentOf(outcome: Outcome, order: NewOrder): Sent {
    return outcome.kind === 'answered' ? this.acceptedOf(outcome.parsed, order) : sentOf(outcome);
  }

  /** Changes an order in place, once. It counts as a create: a price moved may trade at once. */
  async amend(ref: OrderRef, change: OrderChange, call: CallOptions): Promise<Amended> {
    const { dialect, transport } = this.parts;
    const symbol = this.symbolOf(ref.instrument);
    if (!symbol) return notListed(ref.instrument);
    const request = dialect.trading.amend(symbol, ref.clientOrderId, change);
    const reply = await transport.send({
      ...request,
      ...{ priority: 'create', instrument: symbol, answerWithinMs: ackTimeoutMs },
      ...call,
    });
    const outcome = this.judge('amend', reply);
    if (outcome.kind !== 'answered') return outcome;
    const row = this.rowOfRef(dialect.trading.rowOf(outcome.parsed), ref);
    if (!row) return { kind: 'unknown', reason: 'malformed' };
    const report = this.reportOf(row, ref.instrument);
    return {
      kind: 'accepted',
      ...(report ? { report: { ...report, clientOrderId: ref.clientOrderId } } : {}),
    };
  }

  /** By our id; then by the venue's when ours may have aged out. Otherwise not-found means that it is over. */
  async cancel(ref: OrderRef): Promise<Cancelled> {
    const answer = await this.cancelBy(ref, { clientOrderId: ref.clientOrderId });
    const isNotFound = answer.kind === 'rejected' && answer.code === 'not_found';
    if (!isNotFound || !ref.isTextUnknown || ref.venueOrderId === undefined) return answer;
    return this.cancelBy(ref, { venueOrderId: ref.venueOrderId });
  }

  private async cancelBy(ref: OrderRef, name: OrderName): Promise<Cancelled> {
    const symbol = this.symbolOf(ref.instrument);
    if (!symbol) return notListed(ref.instrument);
    const { runtime, transport, dialect, feed } = this.parts;
    const reply = await transport.send({
      ...dialect.trading.cancel(symbol, name),
      ...{ priority: 'cancel', instrument: symbol },
      answerWithinMs: ackTimeoutMs,
      sendBy: runtime.monotonic() + ackTimeoutMs,
      canSend: () => true,
    });
    const outcome = this.judge('cancel', reply);
    // It is sent again at once, and then with a better clock.
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK')
      await Promise.race([feed.clock.doubt(), runtime.sleep(cancelRepeatMs)]);
    return this.canceledOf(outcome, ref);
  }

  /** What a judged answer to a cancel means for the order. */
  canceledOf(
    outcome: Outcome,
    ref: OrderRef,
    tellsState = this.parts.dialect.capabilities.ackHasState,
  ): Cancelled {
    if (outcome.kind === 'answered') return this.cancelledOf(outcome.parsed, ref, tellsState);
    if (outcome.kind === 'unknown') return { kind: 'unknown', reason: outcome.reason };
    return outcome.code === 'AMEND_REFUSED'
      ? { kind: 'unknown', reason: 'unmapped' }
      : { ...outcome, code: outcome.code };
  }

  /** Each request of the switch has to be agreed to; one that may not have arrived counts as not agreed. */
  async armDeadMan(
    seconds: number,
    instruments: readonly InstrumentId[],
    canSend?: () => boolean,
  ): Promise<boolean> {
    const { runtime, dialect, transport } = this.parts;
    const symbols = instruments.flatMap((instrument) => this.symbolOf(instrument) ?? []);
    if (!dialect.trading.deadMan || symbols.length < instruments.length) return false;
    const asked = dialect.trading.deadMan(seconds, symbols);
    const answers = await Promise.all(
      asked.map((request) => askVenue(runtime, transport, { ...request, ...(canSend ? { canSend } : {}) })),
    );
    return asked.length > 0 && answers.every(({ outcome }) => outcome.kind === 'answered');
  }

  /** By our id; by the venue's when it does not know ours any more. */
  async query(ref: OrderRef): Promise<Queried> {
    const { instrument, clientOrderId, venueOrderId } = ref;
    const byText = await this.askBy({ clientOrderId }, { instrument, clientOrderId });
    if (byText.kind !== 'not_found' || venueOrderId === undefined) return byText;
    return this.askBy({ venueOrderId }, ref);
  }

  private askBy(name: OrderName, ref: OrderRef): Promise<Queried> {
    const { trading } = this.parts.dialect;
    return this.ask(ref.instrument, {
      request: (symbol) => trading.query(symbol, name),
      clientOrderId: ref.clientOrderId,
      rowOf: (json) => this.rowOfRef(trading.rowOf(json), ref),
    });
  }

  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried> {
    const { trading } = this.parts.dialect;
    return this.ask(instrument, {
      request: (symbol) => trading.query(symbol, { venueOrderId }),
      rowOf: (json) => {
        const row = trading.rowOf(json);
        return row && trading.idsOf(row).venueOrderId === venueOrderId ? row : undefined;
      },
    });
  }

  orderInHistory(ref: OrderRef): Promise<Queried> {
    const { trading } = this.parts.dialect;
    return this.ask(ref.instrument, {
      request: (symbol) => trading.history(symbol, ref),
      clientOrderId: ref.clientOrderId,
      rowOf: (json) => {
        const rows = trading.rowsOf(json);
        return rows && (rows.find((row) => this.rowOfRef(row, ref) !== undefined) ?? 'none');
      },
    });
  }

  private async ask(instrument: InstrumentId, read: OrderRead): Promise<Queried> {
    const { runtime, transport, dialect } = this.parts;
    const requestedAt = runtime.monotonic();
    const requestedAtMs = runtime.now();
    const symbol = this.symbolOf(instrument);
    if (!symbol) return { kind: 'failed', reason: `${instrument} is not listed` };
    const { outcome, reply } = await askVenue(runtime, transport, {
      ...read.request(symbol),
      instrument: symbol,
    });
    this.record('query', outcome, reply);
    if (outcome.kind === 'rejected' && outcome.code === 'not_found') {
      return { kind: 'not_found', requestedAt, requestedAtMs };
    }
    if (outcome.kind !== 'answered') return { kind: 'failed', reason: wordsOf(outcome) };
    const row = read.rowOf(outcome.parsed);
    if (row === 'none') return { kind: 'not_found', requestedAt, requestedAtMs };
    const found = row && attempt(() => dialect.trading.orderOf(row, instrument, 'rest-order'));
    const { clientOrderId } = read;
    const report = found && (clientOrderId === undefined ? found : { ...found, clientOrderId });
    return report ? { kind: 'found', report, requestedAt } : { kind: 'failed', reason: 'malformed' };
  }

  /** Tells the breaker how a request went. What never left says nothing about the venue. */
  record(operation: Operation, outcome: Outcome, reply: Reply): void {
    if (!reply.written) return;
    if (outcome.kind === 'rejected' && outcome.code === 'CLOCK') void this.parts.feed.clock.doubt();
    if (isUnmapped(outcome))
      this.parts.unmapped(`a ${operation} was answered ${outcome.venueCode}`, reply.message);
    const isFailure = outcome.kind === 'unknown' && !answers.has(outcome.reason);
    const failed = isFailure || reply.status === 418;
    const kind = operation === 'amend' ? 'create' : operation;
    this.parts.breaker.record(this.parts.accountId, kind, failed ? 'failure' : 'success');
  }

  private judge(operation: Operation, reply: Reply): Outcome {
    const outcome = this.parts.transport.judge(operation, reply);
    this.record(operation, outcome, reply);
    return outcome;
  }

  private acceptedOf(json: unknown, order: NewOrder): Sent {
    const { trading, capabilities } = this.parts.dialect;
    const row = this.ownRow(trading.rowOf(json), order.clientOrderId);
    const venueOrderId = row && trading.idsOf(row).venueOrderId;
    if (!row || !venueOrderId) return { kind: 'unknown', reason: 'malformed' };
    const report = capabilities.ackHasState ? this.reportOf(row, order.rules.id) : undefined;
    if (!report) return { kind: 'accepted', venueOrderId };
    if (report.endReason === 'POST_ONLY')
      return {
        kind: 'rejected',
        code: 'POST_ONLY',
        venueCode: 'POST_ONLY',
        text: 'it would take',
        venueOrderId,
      };
    const fills = attempt(() => trading.fillsOfReply(row, report));
    return { kind: 'accepted', venueOrderId, report, ...(fills ? { fills } : {}) };
  }

  /** Only an ended state is final; an acknowledgement without a state says that the venue will try. */
  private cancelledOf(json: unknown, ref: OrderRef, tellsState: boolean): Cancelled {
    const { trading } = this.parts.dialect;
    const row = this.rowOfRef(trading.rowOf(json), ref);
    if (!row) return { kind: 'unknown', reason: 'malformed' };
    if (!tellsState) return { kind: 'accepted', final: false };
    const read = this.reportOf(row, ref.instrument);
    const report = read && { ...read, clientOrderId: ref.clientOrderId };
    if (!report) return { kind: 'unknown', reason: 'malformed' };
    const final = report.status === 'canceled' || report.status === 'expired' || report.status === 'filled';
    return { kind: 'accepted', final, report };
  }

  private reportOf(row: JsonRecord, instrument: InstrumentId): OrderReport | undefined {
    return attempt(() => this.parts.dialect.trading.orderOf(row, instrument, 'reply'));
  }

  private ownRow(row: JsonRecord | undefined, clientOrderId: string): JsonRecord | undefined {
    return row && this.parts.dialect.trading.idsOf(row).clientOrderId === clientOrderId ? row : undefined;
  }

  /** A row that is the order by our id or by the venue's. */
  private rowOfRef(row: JsonRecord | undefined, ref: OrderRef): JsonRecord | undefined {
    const own = this.ownRow(row, ref.clientOrderId);
    if (own || !row || ref.venueOrderId === undefined) return own;
    return this.parts.dialect.trading.idsOf(row).venueOrderId === ref.venueOrderId ? row : undefined;
  }

  private symbolOf(instrument: InstrumentId): string | undefined {
    return this.parts.feed.markets.find(instrument)?.rules.venueSymbol;
  }
}

const noForm: Sent = {
  ...{ kind: 'rejected', code: 'NOT_SENT', venueCode: '' },
  text: 'the venue has no form for this order',
};
/** A word of the venue that leaves the order as it was; the venue is well. */
const answers: ReadonlySet<UnknownReason> = new Set(['duplicate_id', 'archived']);
const isUnmapped = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'unknown' }> =>
  outcome.kind === 'unknown' && outcome.reason === 'unmapped';
const notListed = (instrument: InstrumentId) =>
  ({ kind: 'rejected', code: 'SYMBOL', venueCode: '', text: `${instrument} is not listed` }) as const;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
