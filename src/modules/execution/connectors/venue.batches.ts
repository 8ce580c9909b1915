import type { Cancelled, Sent } from '../../../domain/sent';
import { ackTimeoutMs } from '../common/constants';
import type { BatchDialect, VenueRequest } from './dialect';
import type { Operation, Outcome, Reply } from './outcome';
import type { CallOptions, NewOrder, OrderRef } from './types';
import type { JsonRecord } from './venue-json';
import type { OrderParts, VenueOrders } from './venue.orders';
import type { VenueCall } from './venue.transport';

const malformed: Outcome = { kind: 'unknown', reason: 'malformed' };

type Way = Pick<VenueCall, 'priority' | 'answerWithinMs' | 'sendBy' | 'canSend'>;

/** Several orders in one request where the venue has a form for that, and one by one where it has none. */
export class VenueBatches {
  constructor(
    private readonly parts: OrderParts,
    private readonly orders: VenueOrders,
  ) {}

  /** A request holds orders of one instrument, because some venues count the orders of each. */
  async placeMany(orders: readonly NewOrder[], call: CallOptions): Promise<readonly Sent[]> {
    const { place: most } = this.parts.dialect.capabilities.batch;
    const answers = new Map<NewOrder, Promise<Sent>>();
    for (const symbol of new Set(orders.map(({ rules }) => rules.venueSymbol))) {
      const own = orders.filter(({ rules }) => rules.venueSymbol === symbol);
      for (const chunk of chunksOf(own, most)) {
        const sent = this.place(chunk, call);
        chunk.forEach((order, i) =>
          answers.set(
            order,
            sent.then((all) => all[i]!),
          ),
        );
      }
    }
    return Promise.all(orders.map((order) => answers.get(order)!));
  }

  /** Orders that cannot be named among others are canceled by themselves. */
  async cancelMany(refs: readonly OrderRef[]): Promise<readonly Cancelled[]> {
    const { dialect } = this.parts;
    const { batch } = dialect.trading;
    const isNameable = (ref: OrderRef): boolean =>
      batch !== undefined && batch.canName(ref) && this.symbolOf(ref) !== undefined;
    const together = chunksOf(refs.filter(isNameable), dialect.capabilities.batch.cancel);
    const answers = new Map<OrderRef, Promise<Cancelled>>();
    for (const ref of refs) if (!isNameable(ref)) answers.set(ref, this.orders.cancel(ref));
    for (const chunk of together) {
      const canceled = this.cancel(chunk, batch);
      chunk.forEach((ref, i) =>
        answers.set(
          ref,
          canceled.then((all) => all[i]!),
        ),
      );
    }
    return Promise.all(refs.map((ref) => answers.get(ref)!));
  }

  private async place(orders: readonly NewOrder[], call: CallOptions): Promise<readonly Sent[]> {
    const { dialect, feed } = this.parts;
    const { batch } = dialect.trading;
    const alone = (): Promise<readonly Sent[]> =>
      Promise.all(orders.map((order) => this.orders.place(order, call)));
    if (!batch || orders.length === 1) return alone();
    let request: VenueRequest;
    try {
      request = batch.create(orders.map((order) => [order, feed.markets.find(order.rules.id)] as const));
    } catch {
      // One of them has no form; by itself it is refused, and the others go.
      return alone();
    }
    const way: Way = { ...call, priority: 'create', answerWithinMs: ackTimeoutMs };
    const counted = { instrument: orders[0]!.rules.venueSymbol, orders: orders.length };
    const outcomes = await this.ask('create', { ...request, ...way, ...counted }, batch);
    return orders.map((order) =>
      this.orders.sentOf(outcomes({ ...order, instrument: order.rules.id }), order),
    );
  }

  private async cancel(
    refs: readonly OrderRef[],
    batch: BatchDialect | undefined,
  ): Promise<readonly Cancelled[]> {
    if (!batch || refs.length === 1) return Promise.all(refs.map((ref) => this.orders.cancel(ref)));
    const request = batch.cancel(refs.map((ref) => ({ ref, venueSymbol: this.symbolOf(ref)! })));
    const sendBy = this.parts.runtime.monotonic() + ackTimeoutMs;
    const way: Way = { priority: 'cancel', answerWithinMs: ackTimeoutMs, sendBy, canSend: () => true };
    const outcomes = await this.ask('cancel', { ...request, ...way }, batch);
    // Neither venue tells the state of the orders of a batch.
    return refs.map((ref) => this.orders.canceledOf(outcomes(ref), ref, false));
  }

  /**
   * The outcome of each order, by the row that names it, wherever that stands. What the venue says of the request as a
   * whole it says of every order of it. The breaker hears of one request.
   */
  private async ask(
    operation: Operation,
    call: VenueCall,
    batch: BatchDialect,
  ): Promise<(ref: OrderRef) => Outcome> {
    const { transport } = this.parts;
    const reply = await transport.send(call);
    const rows = reply.written && isAnswer(reply) ? batch.rowsOf(reply.parsed) : undefined;
    if (!rows) {
      const whole = transport.judge(operation, reply);
      this.orders.record(operation, whole, reply);
      return () => (whole.kind === 'answered' ? malformed : whole);
    }
    const judged = rows.map((row) => [row, this.judged(operation, reply, batch.answerOf(row))] as const);
    const worst = judged.find(([, { kind }]) => kind === 'unknown')?.[1] ?? judged[0]?.[1] ?? malformed;
    this.orders.record(operation, worst, reply);
    return (ref) => judged.find(([row]) => this.isOf(row, ref))?.[1] ?? malformed;
  }

  private judged(operation: Operation, reply: Reply, answer: unknown): Outcome {
    const { transport, dialect } = this.parts;
    const said = { code: undefined, message: undefined, ...dialect.answers.refusalOf(answer) };
    return transport.judge(operation, { ...reply, parsed: answer, ...said } as Reply);
  }

  private isOf(row: JsonRecord, { clientOrderId, venueOrderId }: OrderRef): boolean {
    const ids = this.parts.dialect.trading.idsOf(row);
    if (ids.clientOrderId !== undefined) return ids.clientOrderId === clientOrderId;
    return venueOrderId !== undefined && ids.venueOrderId === venueOrderId;
  }

  private symbolOf({ instrument }: OrderRef): string | undefined {
    return this.parts.feed.markets.find(instrument)?.rules.venueSymbol;
  }
}

const isAnswer = ({ status = 0 }: Extract<Reply, { written: true }>): boolean =>
  status >= 200 && status < 300;

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
