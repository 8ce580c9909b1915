import type { AmendAnswer } from '../venue-types';
import { GateRefusal, coreRefusal, refusals } from './gate-errors';
import { checkAccount, optionalPairOf, pairOf, requiredOf, textOf } from './gate-fields';
import type { Fields } from './gate-fields';
import type { GateLedger } from './gate-ledger';
import { isTradable } from './gate-market-rows';
import { cancelling, placing } from './gate-meter';
import type { Charge } from './gate-meter';
import { changeOf, placeRequestOf, spendingLevels } from './gate-order-params';
import type { Draft } from './gate-order-params';
import type { Row } from './gate-order-rows';
import type { GatePair } from './gate-pairs';
import type { GateParts } from './gate-parts';
import { route } from './gate-routes';
import type { Reply, Routes, SignedCall, SignedRoute } from './gate-routes';
import { checkValid } from './gate.signature';

const created = 201;
const mostPairsInBatch = 4;
const mostPerPairInBatch = 10;
const mostCancelsInBatch = 20;

/** Requests that change orders. */
export class OrderRoutes {
  readonly table: Routes<SignedRoute>;

  constructor(
    private readonly parts: GateParts,
    private readonly ledger: GateLedger,
  ) {
    const cancel = (handle: SignedRoute['handle']): SignedRoute => ({
      ...{ kind: 'cancel', charges: ({ account }) => [cancelling(account)], handle },
    });
    const create = (handle: SignedRoute['handle']): SignedRoute => ({
      ...{ kind: 'create', isCreate: true, charges: chargesOfDrafts, handle },
    });
    const amend: SignedRoute = {
      kind: 'create',
      charges: ({ account, query, body }) => [placing(account, pairNameOf({ ...query, ...fieldsOf(body) }))],
      handle: (call) => this.amend(call),
    };
    this.table = [
      [route('POST', '/spot/orders'), create((call) => this.create(call))],
      [route('POST', '/spot/batch_orders'), create((call) => this.createBatch(call))],
      [route('PATCH', '/spot/orders/{id}'), amend],
      [route('DELETE', '/spot/orders/{id}'), cancel((call) => this.cancel(call))],
      [route('DELETE', '/spot/orders'), cancel((call) => this.cancelAll(call))],
      [route('POST', '/spot/cancel_batch_orders'), cancel((call) => this.cancelBatch(call))],
    ];
  }

  private async create(call: SignedCall): Promise<Reply> {
    const [draft] = call.drafts;
    if (!draft) throw refusals.body();
    return this.carryOut(call, 'create', draft.name, () => ({
      status: created,
      body: this.place(draft, call.account),
    }));
  }

  private place(draft: Draft, account: string): Row {
    const { core, pairs, terms, rng } = this.parts;
    const pair = pairOf(draft.fields, pairs);
    if (!isTradable(pair.format.market)) throw refusals.closed(pair.id);
    // Only a market order spends its way through the book; the others are judged by its best prices.
    const book = core.depth(pair.symbol, draft.fields['type'] === 'market' ? spendingLevels : 1);
    // Both happen at the venue, so either is drawn.
    const acceptsCrossing = rng.int(2) === 0;
    const stpGroup = terms.stpGroups.get(account);
    const placed = core.place(placeRequestOf(draft, account, { pair, book, stpGroup, acceptsCrossing }));
    if (!placed.ok) throw coreRefusal(placed.reason);
    return this.ledger.rowIn(textOf(draft.fields, 'action_mode'), placed.order, pair);
  }

  /** One answer per order; what is wrong with the batch as a whole refuses all of it. */
  private createBatch(call: SignedCall): Promise<Reply> {
    const { drafts, account } = call;
    if (!Array.isArray(call.body) || drafts.length === 0) throw refusals.body();
    checkBatch(drafts);
    return this.carryOut(call, 'create', drafts[0]!.name, () => ({
      body: this.parts.faults.batchReply(drafts.map((draft) => this.placeOne(draft, account))),
    }));
  }

  private placeOne(draft: Draft, account: string): Row {
    try {
      const row = this.place(draft, account);
      return { order_id: row['id'], ...row, succeeded: true, label: '', message: '' };
    } catch (error) {
      if (!(error instanceof GateRefusal)) throw error;
      const { label, text: message } = error;
      return { text: textOf(draft.fields, 'text') ?? '', succeeded: false, label, message };
    }
  }

  private amend(call: SignedCall): Promise<Reply> {
    const { account, id } = call;
    const fields = { ...call.query, ...fieldsOf(call.body) };
    checkAccount(fields);
    const pair = pairOf(fields, this.parts.pairs);
    const { order } = this.ledger.findOpen(account, id, pair);
    const change = changeOf(fields, pair, order);
    return this.carryOut(call, 'create', order.clientOrderId, () => {
      const { symbol, orderId } = order;
      const amended = this.parts.core.amend({ account, symbol, orderId }, change);
      if (!amended.ok) throw this.amendRefusal(amended, account, id);
      return { body: this.ledger.rowIn(textOf(fields, 'action_mode'), amended.order, pair) };
    });
  }

  /** An order may have ended while the request was held. */
  private amendRefusal({ reason }: Extract<AmendAnswer, { ok: false }>, account: string, id: string): Error {
    if (reason !== 'NOT_OPEN') return coreRefusal(reason);
    this.ledger.findOpen(account, id, undefined);
    return refusals.noOrder();
  }

  private cancel(call: SignedCall): Promise<Reply> {
    const { account, id, query } = call;
    checkAccount(query);
    const pair = pairOf(query, this.parts.pairs);
    // A held cancel names an order that may not exist yet, as at a venue that has not taken it in.
    const name = id.startsWith('t-') ? id : this.nameOf(account, id, pair);
    return this.carryOut(call, 'cancel', name, () => {
      const row = this.cancelOne(account, id, pair, textOf(query, 'action_mode'));
      return { body: row };
    });
  }

  private nameOf(account: string, id: string, pair: GatePair): string {
    return this.ledger.find(account, id, pair).order.clientOrderId;
  }

  private cancelOne(account: string, id: string, pair: GatePair, mode?: string): Row {
    const { symbol, orderId } = this.ledger.findOpen(account, id, pair).order;
    const cancelled = this.parts.core.cancel({ account, symbol, orderId });
    if (!cancelled.ok) throw refusals.noOrder();
    return this.ledger.rowIn(mode, cancelled.order, pair);
  }

  /** Every open order of a pair, or of all; of one side when it is named. */
  private cancelAll(call: SignedCall): Promise<Reply> {
    const { account, query } = call;
    checkAccount(query);
    const { core, pairs } = this.parts;
    const pair = optionalPairOf(query, pairs);
    const side = textOf(query, 'side');
    return this.carryOut(call, 'cancel', '', () => {
      const open = core.openOrders(account, pair?.symbol).filter((one) => !side || one.side === side);
      const cancelled = open.flatMap(({ symbol, orderId }) => {
        const answer = core.cancel({ account, symbol, orderId });
        return answer.ok ? [answer.order] : [];
      });
      return { body: this.ledger.rows(cancelled).map((row) => ({ ...row, succeeded: true })) };
    });
  }

  private cancelBatch(call: SignedCall): Promise<Reply> {
    const { account, body } = call;
    if (!Array.isArray(body) || body.length === 0 || body.length > mostCancelsInBatch) throw refusals.body();
    const named = body.map((item) => fieldsOf(item));
    return this.carryOut(call, 'cancel', '', () => ({
      body: this.parts.faults.batchReply(named.map((fields) => this.cancelNamed(account, fields))),
    }));
  }

  private cancelNamed(account: string, fields: Fields): Row {
    const names = { currency_pair: fields['currency_pair'] ?? '', id: fields['id'] ?? '' };
    try {
      const row = this.cancelOne(account, requiredOf(fields, 'id'), pairOf(fields, this.parts.pairs));
      return { ...names, id: row['id'], text: row['text'], succeeded: true, label: null, message: null };
    } catch (error) {
      if (!(error instanceof GateRefusal)) throw error;
      return { ...names, text: '', succeeded: false, label: error.label, message: error.text };
    }
  }

  /** The points at which a request can be held or its answer lost. Its validity is judged again when it goes on. */
  private async carryOut(
    { validity }: SignedCall,
    kind: 'create' | 'cancel',
    name: string,
    act: () => Reply,
  ): Promise<Reply> {
    const { faults, now } = this.parts;
    if ((await faults.pass(`${kind}-received`, name)) === 'drop') return { cut: true };
    checkValid(validity, now());
    const reply = settled(act);
    if ((await faults.pass(`${kind}-executed`, name)) === 'drop' || faults.takeDrop(kind))
      return { cut: true };
    return reply();
  }
}

/** A refusal is an answer too: it is held and lost like one. */
function settled(act: () => Reply): () => Reply {
  try {
    const reply = act();
    return () => reply;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A body that is no object is no request. */
export function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusals.body();
  return body as Fields;
}

const pairNameOf = (fields: Fields): string => textOf(fields, 'currency_pair') ?? '';

function chargesOfDrafts({ account, drafts }: SignedCall): readonly [Charge, ...Charge[]] {
  const counts = new Map<string, number>();
  for (const { fields } of drafts) {
    const pair = pairNameOf(fields);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const [first = placing(account, ''), ...others] = [...counts].map(([pair, count]) =>
    placing(account, pair, count),
  );
  return [first, ...others];
}

function checkBatch(drafts: readonly Draft[]): void {
  const perPair = new Map<string, number>();
  for (const { fields } of drafts) {
    requiredOf(fields, 'text');
    const pair = pairNameOf(fields);
    perPair.set(pair, (perPair.get(pair) ?? 0) + 1);
  }
  if (perPair.size > mostPairsInBatch) throw refusals.tooManyPairs();
  if (Math.max(...perPair.values()) > mostPerPairInBatch) throw refusals.tooManyInBatch();
  const accounts = new Set(drafts.map(({ fields }) => textOf(fields, 'account') ?? 'spot'));
  if (accounts.size > 1) throw refusals.mixedAccounts();
}
