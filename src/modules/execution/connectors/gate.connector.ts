import type { Ms } from '../../../domain/units';
import type { VenueDialect } from './dialect';
import { gateMarket } from './gate.market';
import { gatePages, gateTrading } from './gate.trading';
import { gateUser } from './gate.user';
import { gateCodes } from './outcome-gate';
import { recordOf, textOf } from './venue-json';
import { VenueConnector } from './venue.connector';
import type { ConnectorParts } from './venue.connector';

const gate: VenueDialect = {
  venue: 'gate',
  capabilities: {
    postOnly: true,
    amend: 'full',
    // Gate takes ten, and ten a second of a pair, of which nine are used.
    batch: { place: 9, cancel: 20 },
    cancelAllAfter: 'instrument',
    requestExpiry: true,
    queryByClientId: true,
    ackHasState: true,
    tradeCursor: 'id',
    bookIntegrity: 'sequence',
    clientIdPattern: /^[0-9A-Za-z_.-]{1,28}$/,
  },
  answers: {
    codes: gateCodes,
    refusalOf: (parsed) => {
      const body = recordOf(parsed) ?? {};
      // A row of a batch may say that it failed and not why.
      const failed = body['succeeded'] === false ? 'none' : undefined;
      return { code: textOf(body, 'label') || failed, message: textOf(body, 'message') };
    },
    rateHeaders,
    limitsEachEndpoint: true,
  },
  market: gateMarket,
  trading: gateTrading,
  pages: gatePages,
  user: gateUser,
};

/** Gate names the moment (s) at which its count begins anew; what is not a time of the next minute is not believed. */
function rateHeaders(headers: Readonly<Record<string, string>>, now: Ms): Readonly<Record<string, string>> {
  const waitS = Math.ceil(Number(headers['x-gate-ratelimit-reset-timestamp'] ?? NaN) - now / 1_000);
  return waitS > 0 && waitS <= 60 ? { 'retry-after': String(waitS), ...headers } : headers;
}

/** One Gate spot account. */
export class GateConnector extends VenueConnector {
  static readonly dialect = gate;

  constructor(parts: ConnectorParts) {
    super(gate, parts);
  }
}
