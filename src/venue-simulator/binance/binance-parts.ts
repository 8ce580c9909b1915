import type { Rng, Timers } from '../../runtime/runtime';
import type { AccountHistory } from '../account-history';
import type { Faults } from '../faults';
import type { PlaceRequest, VenueCore } from '../venue-types';
import type { BinanceControl } from './binance-control';
import type { Signature } from './binance.signature';
import type { CreateLog } from './create-log';
import type { DeliveredFrames } from './delivered-frames';
import type { MarketFormat } from './market-format';
import type { RateMeter } from './rate-meter';

/** What every door of the Binance dialect opens onto. */
export interface BinanceParts {
  readonly core: VenueCore;
  readonly history: AccountHistory;
  readonly faults: Faults;
  /** What is done to the sockets. */
  readonly control: BinanceControl;
  readonly creates: CreateLog;
  /** Judges creates by the market data delivered before them; off until asked for. */
  readonly delivered: DeliveredFrames;
  readonly meter: RateMeter;
  /** What the markets ask of orders now. */
  readonly formats: Map<string, MarketFormat>;
  /** By API key. */
  readonly secrets: ReadonlyMap<string, string>;
  /** How a text is signed; without it as Binance does. */
  readonly signature?: Signature | undefined;
  /** Told of each order that would have taken although it must not. */
  readonly rejections: Set<(request: PlaceRequest) => void>;
  readonly now: () => number;
  readonly timers: Timers;
  readonly rng: Rng;
}
