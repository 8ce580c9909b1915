import type { Rng } from '../../../src/runtime/runtime';
import type { StoreCall, StoreFate } from '../store-adapter';
import type { Fate, FrameFate, SeenFrame, SeenRequest } from '../wire';
import type { Host } from '../host';
import type { Build } from '../../../src/modules/execution/store/types';
import type { SeedPlan, StrategyPlan } from '../seed-plan';
import type { OwnTrade, VenueCore } from '../../../src/venue-simulator/venue-types';
import type { VenueView } from '../oracle/venue-view';
import type { SimVenue } from '../venue';

/** What a fault may touch: the outside of an engine, never its inside. */
export interface FaultWorld {
  readonly plan: SeedPlan;
  readonly core: VenueCore;
  readonly view: VenueView;
  readonly venue: SimVenue;
  /** The engine that trades. */
  host(): Host;
  /** The one of this name, if it is the latest of its seat. */
  hostOf(name: string): Host | undefined;
  allHosts(): readonly Host[];
  /** Milliseconds of virtual time. */
  now(): number;
  after(ms: number, act: () => void): void;
  /** The market of the venue moves or trades. */
  take(symbol: string, side: 'buy' | 'sell', lots: number, limit?: number): void;
  push(symbol: string, bps: number): void;
  /** Somebody else rests an order at this price. */
  stand(symbol: string, side: 'buy' | 'sell', price: number, lots: number): void;
  /** An engine, the one that trades by default, crashes and boots again after `downMs`; as another one, if so said. */
  crash(downMs: number, host?: Host, isAnother?: boolean): void;
  /** Another engine lives that could take over. */
  hasStandby(): boolean;
  /** The engine is asked to stop as a deploy does, ends, and boots again. */
  terminate(downMs: number): void;
  /** This engine leaves what it runs to another one, ends, and boots again; false while it does not run. */
  handOver(host: Host, downMs: number): boolean;
  /** A durable row of this order exists. */
  isDurable(clientOrderId: string): boolean;
  /** On record with the venue's id of it. */
  isAcknowledged(clientOrderId: string): boolean;
  /** Trades of ours that have no fill row: what the venue knows and the books do not. */
  unbooked(): readonly OwnTrade[];
  /** The order was placed by this installation, not planted there by others. */
  isOurs(symbol: string, orderId: number): boolean;
  /** Its create has reached the venue. */
  hasArrived(clientOrderId: string): boolean;
  /** The engine's event loop stands still. */
  freeze(ms: number): void;
  stepWall(ms: number): void;
  setDatabaseDown(isDown: boolean): void;
  /** An order of other people, far from the market: the engine must let it be. False when the venue refused it. */
  plant(symbol: string, clientOrderId: string): boolean;
  note(row: string, text: string): void;
  /** The engine that trades a strategy. */
  ownerOf(strategyId: string): Host;
  /**
   * A person changes the configuration of a strategy, as the service does it: its session ends, and another one begins.
   * `limits` are the bounds of its position from then on, in lots. False while no session of it runs.
   */
  reconfigure(strategy: StrategyPlan, config: StrategyPlan['config'], limits?: PositionLimits): boolean;
  /** A person stops a strategy and calls its start again meanwhile; see `StartStop`. False while no session of it runs. */
  startWhileStopping(strategy: StrategyPlan, done: (outcome: StartStop) => void): boolean;
  /** Another process begins beside the others, built from something else. */
  bootBeside(build: Build): Host;
  /** An invariant that the row alone can ask. */
  check(invariant: string, isHeld: boolean, says: () => string): void;
  /** How many creates have reached the venue. */
  arrivals(): number;
  /** Remembers the database as it is now. */
  copyDatabase(): void;
  /** Sets it back to that copy; every connection is lost. */
  restoreDatabase(): void;
}

export interface PositionLimits {
  readonly maxLots: number;
  readonly minLots: number;
}

/** What callers that did not wait for each other were told. */
export interface StartStop {
  /** Starts refused because the session was stopping. */
  readonly refused: number;
  readonly isConfirmed: boolean;
}

/** One row at work in one seed. */
export interface FaultSite {
  readonly world: FaultWorld;
  readonly rng: Rng;
  /** True while faults are wanted. */
  isOn(): boolean;
  /** Whether this opportunity is taken. */
  strikes(): boolean;
  /** The fault was injected and reached the engine; a held state says how it ended. */
  hit(ending?: string): void;
}

/** What a planted row listens to; each is an opportunity. */
export interface FaultHooks {
  readonly request?: (request: SeenRequest, fate: Fate) => void;
  readonly frame?: (frame: SeenFrame) => FrameFate;
  readonly connect?: (stream: 'public' | 'private') => boolean;
  readonly store?: (name: StoreCall, fate: StoreFate, args: readonly unknown[], caller: Host) => void;
  /** Every second of the chaos phase. */
  readonly second?: () => void;
  /** The quiet phase begins. */
  readonly heal?: () => void;
}

/** One row of the fault matrix. */
export interface FaultRow {
  readonly id: string;
  readonly what: string;
  /** Codes of halts this row excuses. */
  readonly mayHalt: readonly string[];
  readonly plant: (site: FaultSite) => FaultHooks;
}

export const row = (
  id: string,
  what: string,
  plant: FaultRow['plant'],
  mayHalt: readonly string[] = [],
): FaultRow => ({
  ...{ id, what, plant, mayHalt },
});
