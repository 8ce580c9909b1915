import { createHmac } from 'node:crypto';
import type {
  KnowledgeOptions,
  SignCall,
  SignedRequest,
  VenueKnowledge,
} from '../../src/modules/execution/connectors/ccxt.knowledge';
import { requestExpiryMs } from '../../src/modules/execution/common/constants';

const origin = 'http://venue/binance';

/** Addresses and signatures as ccxt makes them for this dialect, without its cost. */
export function plainKnowledge({ credentials, venueNow }: KnowledgeOptions): VenueKnowledge {
  const sign = (text: string): string =>
    createHmac('sha256', credentials?.secret ?? '')
      .update(text)
      .digest('hex');
  const signed = (params: SignCall['params']): string => {
    const text = queryOf({ timestamp: venueNow(), recvWindow: requestExpiryMs, ...params });
    return `${text}&signature=${sign(text)}`;
  };
  return {
    urls: { publicSocket: 'ws://venue/binance/stream/ws', privateSocket: 'ws://venue/binance/ws-api/v3' },
    sign: ({ path, api, method, params }) =>
      signedCall({ path, method, api, params }, signed, credentials?.apiKey),
    signParams: () => {
      const params = {
        apiKey: credentials?.apiKey ?? '',
        recvWindow: requestExpiryMs,
        timestamp: venueNow(),
      };
      return { ...params, signature: sign(queryOf(params)) };
    },
  };
}

function signedCall(
  { path, api, method, params }: SignCall,
  signed: (params: SignCall['params']) => string,
  apiKey: string | undefined,
): SignedRequest {
  const url = `${origin}/api/v3/${path}`;
  if (api === 'public') return { url: `${url}?${queryOf(params)}`, method, headers: {}, body: undefined };
  const headers = { 'X-MBX-APIKEY': apiKey ?? '' };
  if (method === 'GET' || method === 'DELETE')
    return { url: `${url}?${signed(params)}`, method, headers, body: undefined };
  return { url, method, headers, body: signed(params) };
}

const queryOf = (params: SignCall['params']): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
