import type { VenueDialect } from './dialect';
import { binanceMarket } from './binance.market';
import { binancePages, binanceTrading } from './binance.trading';
import { binanceUser } from './binance.user';
import { binanceCodes } from './outcome-binance';
import { recordOf, textOf } from './venue-json';
import { VenueConnector } from './venue.connector';
import type { ConnectorParts } from './venue.connector';

/** Binance cuts a connection after 24 hours. */
const connectionLifeMs = 23 * 3_600_000;

const binance: VenueDialect = {
  venue: 'binance',
  connectionLifeMs,
  capabilities: {
    postOnly: true,
    amend: 'quantityDown',
    batch: { place: 1, cancel: 1 },
    cancelAllAfter: 'none',
    requestExpiry: true,
    queryByClientId: true,
    ackHasState: true,
    tradeCursor: 'id',
    bookIntegrity: 'sequence',
    clientIdPattern: /^[A-Za-z0-9_-]{1,36}$/,
  },
  answers: {
    codes: binanceCodes,
    refusalOf: (parsed) => {
      const body = recordOf(parsed) ?? {};
      return { code: textOf(body, 'code'), message: textOf(body, 'msg') };
    },
    rateHeaders: (headers) => headers,
  },
  market: binanceMarket,
  trading: binanceTrading,
  pages: binancePages,
  user: binanceUser,
};

/** One Binance spot account. */
export class BinanceConnector extends VenueConnector {
  static readonly dialect = binance;

  constructor(parts: ConnectorParts) {
    super(binance, parts);
  }
}
