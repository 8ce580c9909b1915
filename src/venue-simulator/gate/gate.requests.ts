import type { WireAnswer, WireRequest } from '../dialect.server';
import type { Countdowns } from './gate-countdown';
import { GateRefusal, refusals } from './gate-errors';
import { pairOf, textOf } from './gate-fields';
import type { Fields } from './gate-fields';
import type { GateLedger } from './gate-ledger';
import { asking } from './gate-meter';
import type { Draft } from './gate-order-params';
import { OrderRoutes } from './gate-order-routes';
import type { GateParts } from './gate-parts';
import { publicRoutes } from './gate-public-routes';
import { queryRoutes } from './gate-query-routes';
import { routeOf } from './gate-routes';
import type { OpenRoute, Reply, SignedCall, SignedRoute } from './gate-routes';
import { authenticate, checkValid, validityOf } from './gate.signature';

type Headers = Readonly<Record<string, string>>;
interface Routed {
  readonly reply: Reply;
  readonly headers: Headers;
}

/** From a request to its answer: key, signature, limits, time, faults, then the route. */
export class GateRequests {
  private readonly open: ReadonlyMap<string, OpenRoute>;
  private readonly signed: ReadonlyMap<string, SignedRoute>;
  private sequence = 0;

  constructor(
    private readonly parts: GateParts,
    ledger: GateLedger,
    countdowns: Countdowns,
  ) {
    this.open = new Map(publicRoutes(parts));
    const orders = new OrderRoutes(parts, ledger);
    this.signed = new Map([...orders.table, ...queryRoutes(parts, ledger, countdowns)]);
  }

  async answer(request: WireRequest): Promise<WireAnswer> {
    const arrivedAt = this.parts.now();
    try {
      const { reply, headers } = await this.route(request);
      if (reply.cut) return undefined;
      return { status: reply.status ?? 200, headers: this.headers(arrivedAt, headers), body: reply.body };
    } catch (error) {
      if (!(error instanceof GateRefusal)) throw error;
      const { status, label, text: message, headers } = error;
      return { status, headers: this.headers(arrivedAt, headers), body: { label, message } };
    }
  }

  private async route(request: WireRequest): Promise<Routed> {
    const { name, id } = routeOf(request.method, request.path);
    const query = queryOf(request.query);
    const open = this.open.get(name);
    if (open) {
      const headers = this.parts.meter.charge([asking(name)]);
      return { reply: { body: await open({ query, id }) }, headers };
    }
    const signed = this.signed.get(name);
    if (!signed) throw refusals.noRoute();
    const account = authenticate(request, this.parts.secrets);
    const body = bodyOf(request.body);
    const drafts = signed.isCreate ? this.draftsOf(body) : [];
    const call = { account, query, id, body, drafts, validity: validityOf(request) };
    const headers = this.admit(call, signed, name);
    return { reply: await withHeaders(headers, () => signed.handle(call)), headers };
  }

  /** Throws a refusal, a set one included. A create that came this far is on record. */
  private admit(call: SignedCall, route: SignedRoute, name: string): Headers {
    const { meter, faults, now } = this.parts;
    const charges = route.charges?.(call) ?? ([asking(name, call.account)] as const);
    const headers = meter.charge(charges);
    for (const draft of call.drafts) this.record(call.account, draft);
    if (faults.takeRateLimit()) meter.refuse(charges[0]);
    checkValid(call.validity, now());
    const status = faults.takeFailure(route.kind);
    if (status !== undefined) throw refusals.broken(status);
    return headers;
  }

  private draftsOf(body: unknown): readonly Draft[] {
    const items: readonly unknown[] = Array.isArray(body) ? body : [body];
    return items.map((item) => {
      if (typeof item !== 'object' || item === null) throw refusals.body();
      const fields = item as Fields;
      return { fields, name: textOf(fields, 'text') ?? this.ownName() };
    });
  }

  /** Gate does not ask for a text; the core asks for a name. */
  private ownName(): string {
    this.sequence += 1;
    return `apiv4/${this.parts.now()}/${this.sequence}`;
  }

  private record(account: string, { fields, name }: Draft): void {
    const id = textOf(fields, 'currency_pair') ?? '';
    const symbol = this.parts.pairs.named(id) ? pairOf(fields, this.parts.pairs).symbol : id;
    this.parts.creates.add({ account, clientOrderId: name, symbol, at: this.parts.now() });
  }

  /** Every answer names its trace and when the gateway took it in and let it out, in microseconds. */
  private headers(arrivedAt: number, more: Headers): Headers {
    this.sequence += 1;
    return {
      'X-Gate-Trace-Id': this.sequence.toString(16).padStart(32, '0'),
      'X-In-Time': String(arrivedAt * 1_000),
      'X-Out-Time': String(this.parts.now() * 1_000),
      ...more,
    };
  }
}

/** A refusal from here on tells what is left of the limit too. */
async function withHeaders<T>(headers: Headers, handle: () => T | Promise<T>): Promise<T> {
  try {
    return await handle();
  } catch (error) {
    if (!(error instanceof GateRefusal)) throw error;
    throw new GateRefusal(error.status, error.label, error.text, { ...headers, ...error.headers });
  }
}

const queryOf = (text: string): Fields => Object.fromEntries(new URLSearchParams(text));

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusals.body();
  }
}
