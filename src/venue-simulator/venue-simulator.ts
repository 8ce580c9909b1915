import type { Lots, Side, Ticks } from '../domain/units';
import type { Runtime } from '../runtime/runtime';
import { AccountHistory } from './account-history';
import { AdminServer } from './admin.server';
import { BinanceControl } from './binance/binance-control';
import type { BinanceParts } from './binance/binance-parts';
import { BinanceDialect } from './binance/binance.dialect';
import { CreateLog } from './binance/create-log';
import type { CreateEntry } from './binance/create-log';
import { DeliveredFrames } from './binance/delivered-frames';
import type { DeliveredReport } from './binance/delivered-frames';
import { changeTerms, formatsOf } from './binance/market-format';
import { RateMeter } from './binance/rate-meter';
import { createVenueCore } from './core';
import { DialectServer } from './dialect.server';
import { Faults } from './faults';
import { GateDialect } from './gate/gate.dialect';
import { gatePartsOf } from './gate/gate-parts';
import { FlowDriver } from './flow-driver';
import { OkxDialect } from './okx/okx.dialect';
import { okxPartsOf } from './okx/okx-parts';
import { defaultMarkets } from './default-markets';
import { demoAccount } from './venue-accounts';
import type { VenueAccountKey } from './venue-accounts';
import { VenueKeys } from './venue-keys';
import { WireFaults } from './wire-faults';
import { openVenueJournal } from './venue-journal.store';
import type { VenueJournal } from './venue-journal.store';
import type { Market, MarketTerms, VenueCore } from './venue-types';

export { demoAccount };

export interface VenueSimulatorOptions {
  readonly runtime: Runtime;
  /** 0 takes a free port. */
  readonly port: number;
  /** No admin server without one; 0 takes a free port. */
  readonly adminPort?: number;
  readonly seed: number;
  /** How often the rest of the market moves; 0 leaves it still. */
  readonly stepsPerSecond?: number;
  /** Request weight an address may spend a minute; as at the real venue without one. */
  readonly weightPerMinute?: number;
  /** Orders an account may place in ten seconds of the Binance dialect; as at the real venue without it. */
  readonly ordersPer10s?: number;
  /** Judge every create by the market data delivered before it. */
  readonly judgeDelivered?: boolean;
  /** Folder that keeps accounts, orders and trades across restarts, for one venue at a time; in memory without one. */
  readonly stateDir?: string;
  /** What is listed; the usual pairs without it. */
  readonly markets?: readonly Market[];
  /** Besides the demo account. */
  readonly accounts?: readonly VenueAccountKey[];
}

export interface VenueSimulator {
  readonly port: number;
  readonly adminPort: number | undefined;
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly core: VenueCore;
  readonly faults: Faults;
  readonly wire: WireFaults;
  readonly keys: VenueKeys;
  /** Every create that arrived, in order. */
  creates(): readonly CreateEntry[];
  /** Creates whose client id had arrived before. */
  duplicateCreates(): readonly CreateEntry[];
  /** Creates that no market data delivered before them can have led to; empty until the judge was asked for. */
  delivered(): DeliveredReport;
  /** Another participant crosses the spread; what finds nobody expires. */
  take(symbol: string, side: Side, quantity: Lots, limit?: Ticks): void;
  pushMid(symbol: string, bps: number): void;
  setFlow(isRunning: boolean): void;
  /** Resting orders stay. */
  changeMarket(symbol: string, terms: Partial<MarketTerms>): void;
  stop(): Promise<void>;
}

const feeBps = 10;
const defaultStepsPerSecond = 10;

/** A whole exchange on the loopback address. Rejects when a port is in use. */
export async function startVenueSimulator(options: VenueSimulatorOptions): Promise<VenueSimulator> {
  const { runtime, stepsPerSecond = defaultStepsPerSecond } = options;
  const accounts = [demoAccount, ...(options.accounts ?? [])];
  const journal = options.stateDir === undefined ? undefined : openVenueJournal(options.stateDir);
  const wire = new WireFaults();
  const parts = partsOf(options, accounts, journal, wire);
  if (options.judgeDelivered) parts.delivered.start();
  const flow = new FlowDriver(parts.core, runtime, {
    seed: options.seed,
    stepsPerSecond,
    mids: midsOf(journal),
  });
  const gate = gatePartsOf(parts, accounts);
  const okx = okxPartsOf(parts, accounts);
  const dialects = [new BinanceDialect(parts), new GateDialect(gate), new OkxDialect(okx)] as const;
  const server = new DialectServer({ ...parts, wire }, dialects);
  const keys = new VenueKeys([parts.secrets as Map<string, string>, okx.keys as Map<string, unknown>]);
  const admin = new AdminServer({ ...parts, flow, wire, keys, accounts, gate: gate.terms, okx: okx.control });
  const stop = async (): Promise<void> => {
    flow.setRunning(false);
    parts.faults.release('all', 'drop');
    await Promise.all([server.stop(), admin.stop()]);
    parts.history.close();
    journal?.close();
  };
  try {
    const port = await server.listen(options.port);
    const adminPort = options.adminPort === undefined ? undefined : await admin.listen(options.adminPort);
    flow.setRunning(true);
    const { core, faults, creates } = parts;
    return {
      ...{ port, adminPort, origin: `http://127.0.0.1:${port}`, core, faults, wire, keys, stop },
      creates: () => creates.creates(),
      duplicateCreates: () => creates.duplicates(),
      delivered: () => parts.delivered.report(),
      take: (symbol, side, quantity, limit) => flow.take(symbol, side, quantity, limit),
      pushMid: (symbol, bps) => flow.push(symbol, bps),
      changeMarket: (symbol, terms) => void changeTerms(parts.formats, symbol, terms),
      setFlow: (isRunning) => flow.setRunning(isRunning),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the crowd begins again; the start prices where nothing is known. */
function midsOf(journal: VenueJournal | undefined): ReadonlyMap<string, Ticks> {
  const markets = journal?.state.markets ?? [];
  return new Map(markets.flatMap(({ symbol, mid }) => (mid === undefined ? [] : [[symbol, mid] as const])));
}

function partsOf(
  { runtime, weightPerMinute, ordersPer10s, markets = defaultMarkets }: VenueSimulatorOptions,
  accounts: readonly VenueAccountKey[],
  journal: VenueJournal | undefined,
  wire: WireFaults,
): BinanceParts {
  const now = (): number => runtime.now() + wire.aheadMs;
  const core = createVenueCore({
    ...{ now, markets, makerFeeBps: feeBps, takerFeeBps: feeBps },
    ...{ kept: journal?.state, journal },
  });
  const history = new AccountHistory(core);
  for (const { apiKey, balances } of accounts) {
    core.addAccount(apiKey, balances);
    history.follow(apiKey);
  }
  return {
    ...{ core, history, now, timers: runtime.timers, rng: runtime.rng.fork('venue-doors') },
    control: new BinanceControl(),
    ...{ faults: new Faults(), creates: new CreateLog() },
    meter: new RateMeter(now, weightPerMinute, ordersPer10s),
    delivered: new DeliveredFrames(now),
    formats: formatsOf(core.markets),
    rejections: new Set(),
    secrets: new Map(accounts.map(({ apiKey, secret }) => [apiKey, secret])),
  };
}
