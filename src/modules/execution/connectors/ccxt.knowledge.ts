import { createRequire } from 'node:module';
import type { Ms } from '../../../domain/units';
import { requestExpiryMs } from '../common/constants';
import type { Credentials, Environment } from './types';

type Params = Readonly<Record<string, string | number | boolean>>;

export interface SignCall {
  readonly path: string;
  readonly api: 'public' | 'private';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly params: Params;
}

export interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface VenueUrls {
  readonly publicSocket: string;
  readonly privateSocket: string;
}

/** What is taken from ccxt: addresses and signatures. Nothing here makes a request. */
export interface VenueKnowledge {
  readonly urls: VenueUrls;
  /** Throws when the call cannot be signed. */
  sign(call: SignCall): SignedRequest;
  /** Signed parameters of a login frame. */
  signParams(): Readonly<Record<string, unknown>>;
}

export interface KnowledgeOptions {
  readonly environment: Environment;
  /** Where the simulator listens, `http://127.0.0.1:7101`. */
  readonly simOrigin?: string | undefined;
  readonly credentials?: Credentials | undefined;
  /** The only clock a signature reads. */
  readonly venueNow: () => Ms;
}

/** The part of a ccxt instance that is used. */
interface CcxtClient {
  nonce: () => number;
  fetch: () => never;
  urls: { api: UrlTree };
  sign(path: string, api: string, method: string, params: Params): Partial<SignedRequest>;
  signParams(params: Params): Record<string, unknown>;
  setSandboxMode(enabled: boolean): void;
}
interface UrlTree {
  [key: string]: string | UrlTree;
}
interface CcxtLibrary {
  readonly pro: { readonly binance: new (options: unknown) => CcxtClient };
}

/** Binance as ccxt knows it. ccxt is loaded here, on first use: it is large. */
export function binanceKnowledge(options: KnowledgeOptions): VenueKnowledge {
  const client = clientOf(options);
  const urls = client.urls.api;
  return {
    urls: {
      publicSocket: addressIn(urls, ['ws', 'spot']),
      privateSocket: addressIn(urls, ['ws', 'ws-api', 'spot']),
    },
    sign: (call) => signedBy(client, call),
    signParams: () => client.signParams({}),
  };
}

function clientOf(options: KnowledgeOptions): CcxtClient {
  const library = createRequire(__filename)('ccxt') as CcxtLibrary;
  const client = new library.pro.binance({
    apiKey: options.credentials?.apiKey,
    secret: options.credentials?.secret,
    enableRateLimit: false,
    options: { recvWindow: requestExpiryMs },
  });
  client.nonce = options.venueNow;
  client.fetch = () => {
    throw new Error('requests leave through the transport only');
  };
  if (options.environment === 'sandbox') client.setSandboxMode(true);
  if (options.environment === 'sim') pointAt(client, options.simOrigin);
  return client;
}

/** Every address of the tree is replaced first, so none can lead to a real venue. */
function pointAt(client: CcxtClient, origin: string | undefined): void {
  if (origin === undefined) throw new Error('the simulated environment needs the address of the simulator');
  const socketOrigin = origin.replace(/^http/, 'ws');
  blockAll(client.urls.api, `${origin}/blocked`);
  Object.assign(client.urls.api, {
    public: `${origin}/binance/api/v3`,
    private: `${origin}/binance/api/v3`,
    sapi: `${origin}/binance/sapi/v1`,
    ws: {
      spot: `${socketOrigin}/binance/stream/ws`,
      'ws-api': { spot: `${socketOrigin}/binance/ws-api/v3` },
    },
  });
}

function blockAll(tree: UrlTree, blocked: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') tree[key] = blocked;
    else blockAll(value, blocked);
  }
}

function addressIn(tree: UrlTree, path: readonly string[]): string {
  let at: string | UrlTree | undefined = tree;
  for (const key of path) at = typeof at === 'object' ? at[key] : undefined;
  if (typeof at !== 'string') throw new Error(`no address at ${path.join('.')}`);
  return at;
}

/** Parameters are frozen because the library writes ids of its own into objects that lack one. */
function signedBy(client: CcxtClient, call: SignCall): SignedRequest {
  const signed = client.sign(call.path, call.api, call.method, Object.freeze({ ...call.params }));
  const { url, body } = signed;
  if (!url) throw new Error('the signature has no address');
  const clientId = call.params['newClientOrderId'];
  if (clientId !== undefined && !`${url} ${body ?? ''}`.includes(`newClientOrderId=${clientId}`)) {
    throw new Error('the client order id is not in the signed request');
  }
  return {
    url,
    method: call.method,
    headers: { 'user-agent': 'market-making-engine', ...signed.headers },
    body: body ?? undefined,
  };
}
