import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import type { Scheduler } from '../../src/runtime/scheduler';
import { AccountHistory } from '../../src/venue-simulator/account-history';
import type { BinanceParts } from '../../src/venue-simulator/binance/binance-parts';
import { CreateLog } from '../../src/venue-simulator/binance/create-log';
import { DeliveredFrames } from '../../src/venue-simulator/binance/delivered-frames';
import { InProcessBinance } from '../../src/venue-simulator/binance/in-process.door';
import { formatsOf } from '../../src/venue-simulator/binance/market-format';
import { RateMeter } from '../../src/venue-simulator/binance/rate-meter';
import { createVenueCore } from '../../src/venue-simulator/core';
import { Faults } from '../../src/venue-simulator/faults';
import { OrderFlow } from '../../src/venue-simulator/order-flow';
import type { VenueCore } from '../../src/venue-simulator/venue-types';
import type { SeedPlan } from './seed-plan';
import { apiKey, funds, secret } from './seed-plan';

/** The venue of one seed: core, market and doors, on a clock of its own. */
export interface SimVenue {
  readonly core: VenueCore;
  readonly door: InProcessBinance;
  readonly faults: Faults;
  readonly creates: CreateLog;
  readonly flow: OrderFlow;
}

export function venueOf(plan: SeedPlan, scheduler: Scheduler): SimVenue {
  const runtime = new VirtualRuntime({ seed: `${plan.seed}/venue`, startMs: plan.startMs, scheduler });
  const now = (): number => runtime.now();
  const { markets } = plan;
  const core = createVenueCore({ now, markets, makerFeeBps: 10, takerFeeBps: 10 });
  const history = new AccountHistory(core);
  core.addAccount(apiKey, funds);
  history.follow(apiKey);
  const [faults, creates] = [new Faults(), new CreateLog()];
  const parts: BinanceParts = {
    ...{ core, history, now, timers: runtime.timers, rng: runtime.rng.fork('doors'), faults, creates },
    delivered: new DeliveredFrames(now),
    ...{ meter: new RateMeter(now), formats: formatsOf(markets), rejections: new Set() },
    secrets: new Map([[apiKey, secret]]),
  };
  const door = new InProcessBinance(parts);
  const flow = new OrderFlow(core, new Xoshiro128(seedOf(`flow/${plan.seed}`)));
  runtime.timers.every(1_000 / plan.stepsPerSecond, () => {
    flow.step(now());
    for (const market of markets) refill(core, market.symbol);
  });
  return { core, door, faults, creates, flow };
}

const widestBps = 15;
const refillBps = 6;

/** Somebody steps in when a side of a market has run dry. */
function refill(core: VenueCore, symbol: string): void {
  const depth = core.depth(symbol, 1);
  const [bid, ask] = [depth.bids[0], depth.asks[0]];
  if (!bid || !ask || ask[0] - bid[0] <= (ask[0] * widestBps) / 1e4) return;
  const add = (side: 'buy' | 'sell', price: number): void => {
    core.place({
      ...{ account: 'crowd', symbol, clientOrderId: '', side, type: 'limit', timeInForce: 'POST_ONLY' },
      ...{ price: Math.round(price), quantity: bid[1] + ask[1], stp: 'NONE' },
    });
  };
  add('buy', ask[0] * (1 - refillBps / 1e4));
  add('sell', bid[0] * (1 + refillBps / 1e4));
}
