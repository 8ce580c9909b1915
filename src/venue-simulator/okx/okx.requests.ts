import type { WireAnswer, WireRequest } from '../dialect.server';
import { accountRoutes } from './okx-account-routes';
import type { Countdowns } from './okx-countdown';
import { OkxRefusal, failure, refusals } from './okx-errors';
import { fieldsOf, textOf } from './okx-fields';
import type { Fields } from './okx-fields';
import type { OkxLedger } from './okx-ledger';
import { asking } from './okx-meter';
import type { Draft } from './okx-order-params';
import { OrderRoutes } from './okx-order-routes';
import { ownNamePrefix } from './okx-order-rows';
import type { OkxParts } from './okx-parts';
import { publicRoutes } from './okx-public-routes';
import { queryRoutes } from './okx-query-routes';
import { success } from './okx-routes';
import type { Envelope, OpenRoute, Reply, SignedCall, SignedRoute } from './okx-routes';
import { authenticate, expiryOf } from './okx.signature';

const address = 'address';

/** From a request to its answer: key, signature, limits, faults, then the route. */
export class OkxRequests {
  private readonly open: ReadonlyMap<string, OpenRoute>;
  private readonly signed: ReadonlyMap<string, SignedRoute>;
  private sequence = 0;

  constructor(
    private readonly parts: OkxParts,
    ledger: OkxLedger,
    countdowns: Countdowns,
  ) {
    this.open = new Map(publicRoutes(parts));
    const orders = new OrderRoutes(parts, ledger);
    this.signed = new Map([
      ...orders.table,
      ...queryRoutes(parts, ledger, countdowns),
      ...accountRoutes(parts),
    ]);
  }

  async answer(request: WireRequest): Promise<WireAnswer> {
    try {
      const reply = await this.route(request);
      return reply.cut ? undefined : { status: 200, headers: {}, body: reply.body };
    } catch (error) {
      if (!(error instanceof OkxRefusal)) throw error;
      const { status, code, text: msg } = error;
      return { status, headers: {}, body: { code, msg, data: [] } };
    }
  }

  private async route(request: WireRequest): Promise<Reply> {
    const name = `${request.method} ${request.path}`;
    const query: Fields = Object.fromEntries(new URLSearchParams(request.query));
    const open = this.open.get(name);
    if (open) {
      this.parts.meter.charge([asking(name, address, open.limit, open.windowMs)]);
      return { body: success(await open.handle(query)) };
    }
    const signed = this.signed.get(name);
    if (!signed) throw this.isKnown(request.path) ? refusals.method() : refusals.noRoute();
    const arrivedAt = this.parts.now();
    const reply = await signed.handle(this.admit(request, query, signed));
    return reply.cut || !signed.isTimed ? reply : { body: this.timed(reply.body, arrivedAt) };
  }

  private isKnown(path: string): boolean {
    return ['GET', 'POST'].some((method) => {
      const name = `${method} ${path}`;
      return this.open.has(name) || this.signed.has(name);
    });
  }

  /** Throws a refusal, a set one included. A create that came this far is on record. */
  private admit(request: WireRequest, query: Fields, route: SignedRoute): SignedCall {
    const { meter, faults, keys, now } = this.parts;
    const account = authenticate(request, keys, now());
    const body = request.method === 'POST' ? bodyOf(request.body) : undefined;
    const drafts = route.isCreate ? this.draftsOf(body) : [];
    const validUntil = route.isExpiring ? expiryOf(request) : undefined;
    const call = { account, query, body, drafts, validUntil };
    meter.charge(route.charges(call));
    for (const draft of drafts) this.record(account, draft);
    if (faults.takeRateLimit()) throw refusals.rate();
    const status = faults.takeFailure(route.kind);
    if (status !== undefined) throw failure(status);
    return call;
  }

  private draftsOf(body: unknown): readonly Draft[] {
    const items: readonly unknown[] = Array.isArray(body) ? body : [body];
    return items.map((item) => {
      const fields = fieldsOf(item);
      return { fields, name: textOf(fields, 'clOrdId') ?? this.ownName() };
    });
  }

  /** OKX does not ask for a client id; the core asks for a name. */
  private ownName(): string {
    this.sequence += 1;
    return `${ownNamePrefix}${this.parts.now()}/${this.sequence}`;
  }

  private record(account: string, { fields, name }: Draft): void {
    const { creates, instruments, now } = this.parts;
    const id = textOf(fields, 'instId') ?? '';
    const symbol = instruments.named(id)?.symbol ?? id;
    creates.add({ account, clientOrderId: name, symbol, at: now() });
  }

  /** In microseconds. */
  private timed(body: Envelope, arrivedAt: number): Envelope {
    const times = { inTime: String(arrivedAt * 1_000), outTime: String(this.parts.now() * 1_000) };
    return { ...body, ...times };
  }
}

function bodyOf(text: string): unknown {
  if (text === '') throw refusals.noBody();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusals.json();
  }
}
