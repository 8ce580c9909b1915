import type { DialectVenueId } from '../../../src/domain/instrument';
import { BinanceDialect } from '../../../src/venue-simulator/binance/binance.dialect';
import type { BinanceParts } from '../../../src/venue-simulator/binance/binance-parts';
import type { Dialect } from '../../../src/venue-simulator/dialect.server';
import { GateDialect } from '../../../src/venue-simulator/gate/gate.dialect';
import { gatePartsOf } from '../../../src/venue-simulator/gate/gate-parts';
import { OkxDialect } from '../../../src/venue-simulator/okx/okx.dialect';
import { okxPartsOf } from '../../../src/venue-simulator/okx/okx-parts';
import type { VenueAccountKey } from '../../../src/venue-simulator/venue-accounts';
import type { VenueCore } from '../../../src/venue-simulator/venue-types';
import { apiKey } from '../seed-plan';
import { binanceReader } from './binance-reader';
import type { DialectReader } from './dialect-reader';
import { gateReader, textMark } from './gate-reader';
import { markedCore } from './marked-core';
import { okxReader } from './okx-reader';

/** One venue as the harness has it: what serves the engine, and what judges and faults read it by. */
export interface Spoken {
  readonly dialect: Dialect;
  readonly reader: DialectReader;
  /** The core with client ids as engines know them. */
  readonly core: VenueCore;
}

const makers: Readonly<
  Record<DialectVenueId, (parts: BinanceParts, accounts: readonly VenueAccountKey[]) => Spoken>
> = {
  binance: (parts) => ({ dialect: new BinanceDialect(parts), reader: binanceReader, core: parts.core }),
  okx: (parts, accounts) => ({
    ...{ dialect: new OkxDialect(okxPartsOf(parts, accounts)), core: parts.core },
    reader: okxReader(parts.core.markets),
  }),
  gate: (parts, accounts) => {
    const core = markedCore(parts.core, textMark);
    const nameOf = (symbol: string, orderId: number): string =>
      core.order({ account: apiKey, symbol, orderId })?.clientOrderId ?? '';
    const dialect = new GateDialect(gatePartsOf(parts, accounts));
    return { dialect, core, reader: gateReader({ markets: core.markets, nameOf, now: parts.now }) };
  },
};

/** The very servers that stand behind real sockets elsewhere; signatures are verified here as there. */
export const spokenBy = (
  venue: DialectVenueId,
  parts: BinanceParts,
  accounts: readonly VenueAccountKey[],
): Spoken => makers[venue](parts, accounts);
