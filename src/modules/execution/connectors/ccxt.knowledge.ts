import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type { DialectVenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import { requestExpiryMs } from '../common/constants';
import type { Credentials, Environment } from './types';

type Params = Readonly<Record<string, string | number | boolean>>;

export interface SignCall {
  readonly path: string;
  /** Which of a venue's own groups this means is the venue's affair. */
  readonly api: 'public' | 'private';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A list where one request is about several orders. */
  readonly params: Params | readonly Params[];
  /** The venue shall refuse it when it arrives later than `requestExpiryMs` from now. */
  readonly expires?: boolean;
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

/** A private subscription where a venue wants each one signed. */
export interface FrameToSign {
  readonly channel: string;
  readonly event: string;
  /** Seconds. */
  readonly time: number;
}

/** What is taken from ccxt: addresses and signatures. Nothing here makes a request. */
export interface VenueKnowledge {
  readonly urls: VenueUrls;
  /** Throws when the call cannot be signed. */
  sign(call: SignCall): SignedRequest;
  /** Signed parameters of a login frame, or of one subscription. */
  signParams(frame?: FrameToSign): Readonly<Record<string, unknown>>;
}

export interface KnowledgeOptions {
  readonly venue: DialectVenueId;
  readonly environment: Environment;
  /** Where the simulator listens, `http://127.0.0.1:7101`. */
  readonly simOrigin?: string | undefined;
  readonly credentials?: Credentials | undefined;
  /** The only clock a signature reads. */
  readonly venueNow: () => Ms;
}

/** The part of a ccxt instance that is used. */
interface CcxtClient {
  apiKey?: string | undefined;
  secret?: string | undefined;
  password?: string | undefined;
  nonce: () => number;
  fetch: () => never;
  urls: { api: UrlTree };
  headers?: Readonly<Record<string, string>>;
  sign(path: string, api: unknown, method: string, params: SignCall['params']): Partial<SignedRequest>;
  signParams(params: Params): Record<string, unknown>;
  setSandboxMode(enabled: boolean): void;
}
interface UrlTree {
  [key: string]: string | UrlTree;
}
interface CcxtLibrary {
  readonly pro: Readonly<Record<DialectVenueId, new (options: unknown) => CcxtClient>>;
}

/** What a venue adds to ccxt's way of knowing it. */
interface Speciality {
  /** Where the simulator serves this venue; laid over the tree of addresses. */
  readonly simulated: (http: string, ws: string) => UrlTree;
  readonly sockets: (tree: UrlTree) => VenueUrls;
  readonly api: (api: SignCall['api']) => unknown;
  /** The parameter that names an order by our id: ccxt invents one where it is missing. */
  readonly clientId: string;
  readonly expiryHeader?: string;
  readonly login: (
    client: CcxtClient,
    keys: Credentials,
    frame: FrameToSign | undefined,
  ) => Params | Record<string, unknown>;
}

const hmac = (kind: 'sha256' | 'sha512', secret: string, text: string): ReturnType<typeof createHmac> =>
  createHmac(kind, secret).update(text);

const specialities: Readonly<Record<DialectVenueId, Speciality>> = {
  binance: {
    simulated: (http, ws) => ({
      public: `${http}/binance/api/v3`,
      private: `${http}/binance/api/v3`,
      sapi: `${http}/binance/sapi/v1`,
      ws: { spot: `${ws}/binance/stream/ws`, 'ws-api': { spot: `${ws}/binance/ws-api/v3` } },
    }),
    sockets: (tree) => ({
      publicSocket: addressIn(tree, ['ws', 'spot']),
      privateSocket: addressIn(tree, ['ws', 'ws-api', 'spot']),
    }),
    api: (api) => api,
    clientId: 'newClientOrderId',
    login: (client) => client.signParams({}),
  },
  okx: {
    simulated: (http, ws) => ({ rest: `${http}/okx`, ws: `${ws}/okx/ws/v5` }),
    sockets: (tree) => ({
      publicSocket: joined(addressIn(tree, ['ws']), '/public'),
      privateSocket: joined(addressIn(tree, ['ws']), '/private'),
    }),
    api: (api) => api,
    clientId: 'clOrdId',
    expiryHeader: 'expTime',
    login: (client, { apiKey, secret, passphrase = '' }) => {
      const timestamp = String(Math.floor(client.nonce() / 1_000));
      const text = `${timestamp}GET/users/self/verify`;
      return { apiKey, passphrase, timestamp, sign: hmac('sha256', secret, text).digest('base64') };
    },
  },
  gate: {
    simulated: (http, ws) => ({
      spot: `${ws}/gate/ws/v4/`,
      public: { spot: `${http}/gate/api/v4`, margin: `${http}/gate/api/v4` },
      private: { spot: `${http}/gate/api/v4`, account: `${http}/gate/api/v4` },
    }),
    sockets: (tree) => {
      const socket = addressIn(tree, ['spot']);
      return { publicSocket: socket, privateSocket: socket };
    },
    api: (api) => [api, 'spot'],
    clientId: 'text',
    expiryHeader: 'x-gate-exptime',
    login: (_client, { apiKey, secret }, frame) => {
      const text = `channel=${frame?.channel}&event=${frame?.event}&time=${frame?.time}`;
      return { method: 'api_key', KEY: apiKey, SIGN: hmac('sha512', secret, text).digest('hex') };
    },
  },
};

/** A venue as ccxt knows it. ccxt is loaded here, on first use: it is large. Throws for Gate's sandbox, which has no sockets. */
export function knowledgeOf(options: KnowledgeOptions): VenueKnowledge {
  const client = clientOf(options);
  const speciality = specialities[options.venue];
  const keys = options.credentials ?? { apiKey: '', secret: '' };
  return {
    urls: speciality.sockets(client.urls.api),
    sign: (call) => signedBy(client, speciality, call),
    signParams: (frame) => speciality.login(client, keys, frame),
  };
}

/** A view of the venue's instance with the keys and the clock of its own: what it sets is seen by nobody else. */
function clientOf(options: KnowledgeOptions): CcxtClient {
  const { credentials, venueNow } = options;
  const client = Object.create(instanceOf(options)) as CcxtClient;
  client.apiKey = credentials?.apiKey;
  client.secret = credentials?.secret;
  client.password = credentials?.passphrase;
  client.nonce = venueNow;
  return client;
}

/** One for each place to trade at and life of the process, as modules are: nothing in it belongs to an account. */
const instances = new Map<string, CcxtClient>();

/** ccxt takes 5 to 8 ms, and 230 to 450 kB, to describe one of these venues to itself. */
function instanceOf({ venue, environment, simOrigin }: KnowledgeOptions): CcxtClient {
  const place = `${venue} ${environment} ${simOrigin ?? ''}`;
  const known = instances.get(place);
  if (known) return known;
  if (venue === 'gate' && environment === 'sandbox') throw new Error('the sandbox of Gate has no sockets');
  const library = createRequire(__filename)('ccxt') as CcxtLibrary;
  const instance = new library.pro[venue]({
    enableRateLimit: false,
    options: { recvWindow: requestExpiryMs },
  });
  instance.nonce = () => {
    throw new Error('only an account has a clock');
  };
  instance.fetch = () => {
    throw new Error('requests leave through the transport only');
  };
  if (environment === 'sandbox') instance.setSandboxMode(true);
  if (environment === 'sim') pointAt(instance, specialities[venue], simOrigin);
  instances.set(place, instance);
  return instance;
}

/** Every address of the tree is replaced first, so none can lead to a real venue. */
function pointAt(client: CcxtClient, speciality: Speciality, origin: string | undefined): void {
  if (origin === undefined) throw new Error('the simulated environment needs the address of the simulator');
  blockAll(client.urls.api, `${origin}/blocked`);
  Object.assign(client.urls.api, speciality.simulated(origin, origin.replace(/^http/, 'ws')));
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

/** A path goes before the query that some sandboxes carry. */
function joined(address: string, path: string): string {
  const [base = '', query] = address.split('?');
  return query === undefined ? base + path : `${base}${path}?${query}`;
}

/** The one header that tells a sandbox from the live venue where both share a host; the signature does not carry it. */
const sandboxHeader = 'x-simulated-trading';

const itemsOf = (params: SignCall['params']): readonly Params[] => (isList(params) ? params : [params]);
const isList = (params: SignCall['params']): params is readonly Params[] => Array.isArray(params);

const idsIn = (params: SignCall['params'], name: string): readonly string[] =>
  itemsOf(params).flatMap((item) => (item[name] === undefined ? [] : [String(item[name])]));

function frozen(params: SignCall['params']): SignCall['params'] {
  if (!isList(params)) return Object.freeze({ ...params });
  return Object.freeze(params.map((item) => Object.freeze({ ...item })));
}

/** Parameters are frozen because the library writes ids of its own into objects that lack one. */
function signedBy(client: CcxtClient, speciality: Speciality, call: SignCall): SignedRequest {
  const params = frozen(call.params);
  const signed = client.sign(call.path, speciality.api(call.api), call.method, params);
  const { url, body } = signed;
  if (!url) throw new Error('the signature has no address');
  const text = `${url} ${body ?? ''}`;
  for (const id of idsIn(call.params, speciality.clientId))
    if (!text.includes(id)) throw new Error('a client order id is not in the signed request');
  const sandbox = client.headers?.[sandboxHeader];
  const { expiryHeader } = speciality;
  return {
    url,
    method: call.method,
    headers: {
      'user-agent': 'market-making-engine',
      ...signed.headers,
      ...(sandbox === undefined ? {} : { [sandboxHeader]: sandbox }),
      ...(call.expires && expiryHeader ? { [expiryHeader]: String(client.nonce() + requestExpiryMs) } : {}),
    },
    body: body ?? undefined,
  };
}
