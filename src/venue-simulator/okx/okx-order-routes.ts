import type { VenueOrder } from '../venue-types';
import { OkxRefusal, amendRefusal, placeRefusal, refusals } from './okx-errors';
import { fieldsOf, instrumentOf, textOf } from './okx-fields';
import type { Fields } from './okx-fields';
import type { OkxInstrument, Row } from './okx-instruments';
import { openToAmend, openToCancel } from './okx-ledger';
import type { OkxLedger } from './okx-ledger';
import { accountOrders, ordersOf } from './okx-meter';
import { changeOf, placeRequestOf, walkedLevels } from './okx-order-params';
import type { Draft } from './okx-order-params';
import { shownName, systemCancel } from './okx-order-rows';
import type { OkxParts } from './okx-parts';
import { route } from './okx-routes';
import type { Envelope, Reply, Routes, SignedCall, SignedRoute } from './okx-routes';

const mostInBatch = 20;
const single = 60;
const batched = 300;

/** Requests that change orders. Their answer tells of each order whether it was taken, never what became of it. */
export class OrderRoutes {
  readonly table: Routes<SignedRoute>;

  constructor(
    private readonly parts: OkxParts,
    private readonly ledger: OkxLedger,
  ) {
    const create = (endpoint: string, limit: number, handle: SignedRoute['handle']): SignedRoute => ({
      ...{ kind: 'create', isCreate: true, isExpiring: true, isTimed: true, handle },
      charges: (call) => newOrders(endpoint, limit, call),
    });
    const amend = (endpoint: string, limit: number, handle: SignedRoute['handle']): SignedRoute => ({
      ...{ kind: 'create', isExpiring: true, isTimed: true, handle },
      charges: (call) => newOrders(endpoint, limit, call),
    });
    const cancel = (endpoint: string, limit: number, handle: SignedRoute['handle']): SignedRoute => ({
      ...{ kind: 'cancel', isTimed: true, handle },
      charges: ({ account, body }) => ordersOf(endpoint, account, limit, instrumentsIn(body)),
    });
    this.table = [
      [route('POST', 'trade/order'), create('order', single, (call) => this.create(call, 'one'))],
      [route('POST', 'trade/batch-orders'), create('orders', batched, (call) => this.create(call, 'many'))],
      [route('POST', 'trade/cancel-order'), cancel('cancel', single, (call) => this.cancel(call, 'one'))],
      [
        route('POST', 'trade/cancel-batch-orders'),
        cancel('cancels', batched, (call) => this.cancel(call, 'many')),
      ],
      [route('POST', 'trade/amend-order'), amend('amend', single, (call) => this.amend(call, 'one'))],
      [
        route('POST', 'trade/amend-batch-orders'),
        amend('amends', batched, (call) => this.amend(call, 'many')),
      ],
    ];
  }

  private create(call: SignedCall, count: 'one' | 'many'): Promise<Reply> {
    const { drafts, account } = call;
    itemsOf(call.body, count, refusals.tooManyInBatch);
    const one = (draft: Draft, late: OkxRefusal | undefined): Item =>
      this.item('create', placeNames(draft), late, () => this.place(draft, account));
    return this.carryOut(call, 'create', drafts[0]?.name ?? '', (late) =>
      this.enveloped(drafts.map((draft) => one(draft, late))),
    );
  }

  private place(draft: Draft, account: string): Row {
    const { core, instruments } = this.parts;
    const instrument = instrumentOf(draft.fields, instruments);
    if (!instrument.isTrading) throw refusals.suspended();
    // Only a market order walks through the book; the others are judged by its best prices.
    const book = core.depth(instrument.symbol, draft.fields['ordType'] === 'market' ? walkedLevels : 1);
    const placed = core.place(placeRequestOf(draft, account, instrument, book));
    if (!placed.ok) throw placeRefusal(placed.reason);
    return { ...placeNames(draft), ordId: instrument.idOf(placed.order) };
  }

  private cancel(call: SignedCall, count: 'one' | 'many'): Promise<Reply> {
    const { account } = call;
    const items = itemsOf(call.body, count, refusals.tooManyCancels);
    const one = (fields: Fields): Item =>
      this.item('cancel', cancelNames(fields), undefined, () => this.cancelOne(account, fields));
    return this.carryOut(call, 'cancel', this.nameOf(account, items[0]!), () =>
      this.enveloped(items.map(one)),
    );
  }

  private cancelOne(account: string, fields: Fields): Row {
    const instrument = instrumentOf(fields, this.parts.instruments);
    const { symbol, orderId, ...order } = openToCancel(this.ledger.find(account, fields, instrument));
    const canceled = this.parts.core.cancel({ account, symbol, orderId });
    if (!canceled.ok) throw refusals.noOrderToCancel();
    return { ordId: instrument.idOf(order), clOrdId: shownName(order.clientOrderId) };
  }

  private amend(call: SignedCall, count: 'one' | 'many'): Promise<Reply> {
    const { account } = call;
    const items = itemsOf(call.body, count, refusals.tooManyAmends);
    const one = (fields: Fields, late: OkxRefusal | undefined): Item =>
      this.item('create', amendNames(fields), late, () => this.amendOne(account, fields));
    return this.carryOut(call, 'create', this.nameOf(account, items[0]!), (late) =>
      envelope(items.map((fields) => one(fields, late))),
    );
  }

  private amendOne(account: string, fields: Fields): Row {
    const instrument = instrumentOf(fields, this.parts.instruments);
    const order = openToAmend(this.ledger.find(account, fields, instrument));
    const names = { ordId: instrument.idOf(order), clOrdId: shownName(order.clientOrderId) };
    try {
      this.change(order, fields, instrument);
    } catch (error) {
      // A failed amend may take the order with it, when the client asked for that.
      if (textOf(fields, 'cxlOnFail') === 'true') this.parts.core.cancel(order, systemCancel);
      throw error;
    }
    return { ...amendNames(fields), ...names };
  }

  private change(order: VenueOrder, fields: Fields, instrument: OkxInstrument): void {
    if (!instrument.isTrading) throw refusals.suspended();
    const { account, symbol, orderId } = order;
    const amended = this.parts.core.amend({ account, symbol, orderId }, changeOf(fields, instrument, order));
    if (amended.ok) return;
    throw amended.reason === 'NOT_OPEN' ? refusals.noOrderToAmend() : amendRefusal(amended.reason);
  }

  /** The core's name of the order a request is about; a wrong request names none. */
  private nameOf(account: string, fields: Fields): string {
    const name = given(fields, 'clOrdId');
    const instrument = this.parts.instruments.named(given(fields, 'instId'));
    if (name !== '' || !instrument || !/^\d{1,20}$/.test(given(fields, 'ordId'))) return name;
    return this.ledger.find(account, fields, instrument)?.clientOrderId ?? '';
  }

  /** Whether all, none or some were taken is told of the orders themselves, whichever rows leave. */
  private enveloped(items: readonly Item[]): Envelope {
    const whole = envelope(items);
    return items.length > 1 ? { ...whole, data: this.parts.faults.batchReply(items) } : whole;
  }

  private item(kind: 'create' | 'cancel', names: Row, late: OkxRefusal | undefined, act: () => Row): Item {
    const ts = String(this.parts.now());
    try {
      if (late) throw late;
      return { ...names, ...this.unlessRefused(kind, act), ts, sCode: '0', sMsg: '', subCode: '' };
    } catch (error) {
      if (!(error instanceof OkxRefusal)) throw error;
      return { ...names, ts, sCode: error.code, sMsg: error.text, subCode: '' };
    }
  }

  /** A refusal that was set in advance may come although the venue has acted. */
  private unlessRefused(kind: 'create' | 'cancel', act: () => Row): Row {
    const set = this.parts.faults.takeRefusal(kind);
    if (!set) return act();
    if (set.isExecuted) act();
    throw new OkxRefusal(set.code, set.text);
  }

  /** The points at which a request can be held or its answer lost. Its validity is judged again when it goes on. */
  private async carryOut(
    { validUntil }: SignedCall,
    kind: 'create' | 'cancel',
    name: string,
    act: (late: OkxRefusal | undefined) => Envelope,
  ): Promise<Reply> {
    const { faults, now } = this.parts;
    const isLate = (): boolean => validUntil !== undefined && now() > validUntil;
    const wasLate = isLate();
    if ((await faults.pass(`${kind}-received`, name)) === 'drop') return { cut: true };
    const whenLate = wasLate ? refusals.expired : refusals.expiredWaiting;
    const body = act(isLate() ? whenLate() : undefined);
    if ((await faults.pass(`${kind}-executed`, name)) === 'drop' || faults.takeDrop(kind))
      return { cut: true };
    return { body };
  }
}

interface Item extends Row {
  readonly sCode: string;
}

const placeNames = ({ fields }: Draft): Row => ({
  ordId: '',
  clOrdId: given(fields, 'clOrdId'),
  tag: given(fields, 'tag'),
});
const cancelNames = (fields: Fields): Row => ({
  ordId: given(fields, 'ordId'),
  clOrdId: given(fields, 'clOrdId'),
});
const amendNames = (fields: Fields): Row => ({ ...cancelNames(fields), reqId: given(fields, 'reqId') });

/** As it came, whatever it was. */
function given(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Whether all, none or some of the orders were taken. */
function envelope(data: readonly Item[]): Envelope {
  const failed = data.filter(({ sCode }) => sCode !== '0').length;
  if (failed === 0) return { code: '0', msg: '', data };
  if (failed === data.length) return { code: '1', msg: 'All operations failed', data };
  return { code: '2', msg: 'Bulk operation partially succeeded.', data };
}

/** The objects of a body: one, or a list of at most twenty. */
export function itemsOf(
  body: unknown,
  count: 'one' | 'many',
  tooMany: (most: number) => OkxRefusal,
): readonly Fields[] {
  // Clients send a list of one to the endpoint of a single order, too; the venue does not take it.
  if (count === 'one') return [fieldsOf(body)];
  if (!Array.isArray(body) || body.length === 0) throw refusals.json();
  if (body.length > mostInBatch) throw tooMany(mostInBatch);
  return body.map(fieldsOf);
}

function instrumentsIn(body: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(body) ? body : [body];
  return items.map((item) => given(fieldsOf(item), 'instId'));
}

function newOrders(endpoint: string, limit: number, { account, body }: SignedCall) {
  const instIds = instrumentsIn(body);
  return [...ordersOf(endpoint, account, limit, instIds), accountOrders(account, instIds.length)];
}
