import { BinanceRefusal, refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import { accountRoutes } from './binance.account-routes';
import { ChangeRoutes } from './binance.change-routes';
import { SignedRoutes } from './binance.routes';
import type { Reply, SignedCall, SignedRoute } from './binance.routes';
import { checkValid, validityOf, verifyText } from './binance.signature';
import { publicRoutes } from './public-routes';
import type { Params } from './order-params';

/** One HTTP request as it came, its path without the dialect prefix. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly apiKey: string | undefined;
}

/** Undefined means: close the connection, say nothing. */
type RawHeaders = Readonly<Record<string, string>>;

export type RawAnswer =
  { readonly status: number; readonly headers: RawHeaders; readonly body: unknown } | undefined;

const rateLimitSeconds = 1;

/** From a request to its answer: limits, key, signature, time, faults, then the route. */
export class BinanceRequests {
  private readonly open;
  private readonly signed: ReadonlyMap<string, SignedRoute>;

  constructor(private readonly parts: BinanceParts) {
    this.open = publicRoutes(parts);
    this.signed = new Map([
      ...new SignedRoutes(parts).table,
      ...new ChangeRoutes(parts).table,
      ...accountRoutes(parts),
    ]);
  }

  async answer(request: RawRequest): Promise<RawAnswer> {
    const { meter } = this.parts;
    const headersWith = (more: RawHeaders | undefined): RawHeaders =>
      more ? Object.assign({}, meter.weightHeader(), more) : meter.weightHeader();
    try {
      const handled = this.route(request);
      const reply = handled instanceof Promise ? await handled : handled;
      if (reply.cut) return undefined;
      return { status: 200, headers: headersWith(reply.headers), body: reply.body };
    } catch (error) {
      if (!(error instanceof BinanceRefusal)) throw error;
      const { status, code, text, headers, data } = error;
      const body = data === undefined ? { code, msg: text } : { code, msg: text, data };
      return { status, headers: headersWith(headers), body };
    }
  }

  private route(request: RawRequest): Reply | Promise<Reply> {
    const name = `${request.method} ${request.path}`;
    const params = paramsOf(request);
    const open = this.open.get(name);
    if (open) {
      this.parts.meter.charge(open.weight(params));
      const body = open.handle(params);
      return body instanceof Promise ? body.then((late: unknown) => ({ body: late })) : { body };
    }
    const route = this.signed.get(name);
    if (!route) throw refusals.noRoute();
    return route.handle(this.admit(request, params, route));
  }

  /** Throws a refusal, a set one included. A create that came this far is on record. */
  private admit(request: RawRequest, params: Params, route: SignedRoute): SignedCall {
    const { meter, faults, now } = this.parts;
    meter.charge(route.weight(params));
    const account = this.authenticate(request);
    if (route.isCreate) this.record(account, params);
    if (faults.takeRateLimit()) throw refusals.weight(rateLimitSeconds, 429);
    const validity = validityOf(params.get('timestamp'), params.get('recvWindow'));
    checkValid(validity, now());
    const status = faults.takeFailure(route.kind);
    if (status !== undefined) throw refusals.broken(status);
    return { account, params, validity };
  }

  private authenticate({ apiKey, query, body }: RawRequest): string {
    if (!apiKey) throw refusals.noKey();
    const secret = this.parts.secrets.get(apiKey);
    if (secret === undefined) throw refusals.badKey();
    verifyText(query + body, secret, this.parts.signature);
    return apiKey;
  }

  private record(account: string, params: Params): void {
    const clientOrderId = params.get('newClientOrderId') ?? '';
    const symbol = params.get('symbol') ?? '';
    const entry = { account, clientOrderId, symbol, at: this.parts.now() };
    this.parts.creates.add(entry);
    this.parts.delivered.create(entry);
  }
}

/** The parameters of the query and of the body; of a name that comes twice the last counts. */
export function paramsOf({ query, body }: Pick<RawRequest, 'query' | 'body'>): Params {
  const params = new Map<string, string>();
  addFields(params, query);
  addFields(params, body);
  return params;
}

function addFields(params: Map<string, string>, text: string): void {
  if (text === '') return;
  if (/[%+]/.test(text)) {
    for (const [name, value] of new URLSearchParams(text)) params.set(name, value);
    return;
  }
  // Nothing is escaped: cut at the marks, which costs a fraction of the general reader.
  for (let from = 0; from < text.length;) {
    const mark = text.indexOf('&', from);
    const end = mark < 0 ? text.length : mark;
    const at = text.indexOf('=', from);
    if (at >= 0 && at < end) params.set(text.slice(from, at), text.slice(at + 1, end));
    else if (end > from) params.set(text.slice(from, end), '');
    from = end + 1;
  }
}
