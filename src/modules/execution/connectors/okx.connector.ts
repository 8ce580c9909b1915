import type { Refusal, VenueDialect } from './dialect';
import { okxMarket } from './okx.market';
import { okxPages, okxTrading } from './okx.trading';
import { okxUser } from './okx.user';
import { okxCodes } from './outcome-okx';
import { recordOf, rowsOf, textOf } from './venue-json';
import { VenueConnector } from './venue.connector';
import type { ConnectorParts } from './venue.connector';

/** OKX names no time to wait; its limits are counted over two seconds. */
const rateWindowS = '2';
/** A cancel that is under way already: no refusal. */
const cancelUnderWay = '51410';

const okx: VenueDialect = {
  venue: 'okx',
  capabilities: {
    postOnly: true,
    amend: 'full',
    batch: { place: 20, cancel: 20 },
    cancelAllAfter: 'account',
    requestExpiry: true,
    queryByClientId: true,
    ackHasState: false,
    tradeCursor: 'id',
    bookIntegrity: 'sequence',
    clientIdPattern: /^[A-Za-z0-9]{1,32}$/,
  },
  answers: {
    codes: okxCodes,
    refusalOf,
    rateHeaders: (headers) => ({ 'retry-after': rateWindowS, ...headers }),
    limitsEachEndpoint: true,
  },
  market: okxMarket,
  trading: okxTrading,
  pages: okxPages,
  user: okxUser,
};

/** Errors come with HTTP 200: the code of the order says more than that of the request, which only counts failures. */
function refusalOf(parsed: unknown): Refusal {
  const body = recordOf(parsed) ?? {};
  const row = rowsOf(body['data'])?.[0] ?? {};
  const ofOrder = textOf(row, 'sCode');
  if (ofOrder === cancelUnderWay) return {};
  if (ofOrder !== undefined && ofOrder !== '0') return { code: ofOrder, message: textOf(row, 'sMsg') };
  const code = textOf(body, 'code');
  return code === '0' ? {} : { code: code ?? 'none', message: textOf(body, 'msg') };
}

/** One OKX spot account. */
export class OkxConnector extends VenueConnector {
  static readonly dialect = okx;

  constructor(parts: ConnectorParts) {
    super(okx, parts);
  }
}
