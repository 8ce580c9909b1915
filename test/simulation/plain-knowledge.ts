import type {
  KnowledgeOptions,
  SignCall,
  SignedRequest,
  VenueKnowledge,
} from '../../src/modules/execution/connectors/ccxt.knowledge';
import { requestExpiryMs } from '../../src/modules/execution/common/constants';

const origin = 'http://venue/binance';

/** A text and a secret have this mark and few others do: no secret is kept from anybody in here. */
export function cheapSignature(key: string, text: string): string {
  let hash = 0x811c9dc5;
  for (const part of [key, text])
    for (let i = 0; i < part.length; i += 1) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Addresses and signed texts as ccxt makes them for this dialect, without its cost. */
export function plainKnowledge({ credentials, venueNow }: KnowledgeOptions): VenueKnowledge {
  const sign = (text: string): string => cheapSignature(credentials?.secret ?? '', text);
  const signed = (params: SignCall['params']): string => {
    const own = queryOf(params);
    const text = `timestamp=${venueNow()}&recvWindow=${requestExpiryMs}${own === '' ? '' : '&'}${own}`;
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

function queryOf(params: SignCall['params']): string {
  let text = '';
  for (const [name, value] of Object.entries(params))
    text += `${text === '' ? '' : '&'}${name}=${encodeURIComponent(String(value))}`;
  return text;
}
