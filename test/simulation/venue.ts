import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import type { Scheduler } from '../../src/runtime/scheduler';
import { AccountHistory } from '../../src/venue-simulator/account-history';
import { BinanceControl } from '../../src/venue-simulator/binance/binance-control';
import type { BinanceParts } from '../../src/venue-simulator/binance/binance-parts';
import type { Signature } from '../../src/venue-simulator/binance/binance.signature';
import { CreateLog } from '../../src/venue-simulator/binance/create-log';
import { DeliveredFrames } from '../../src/venue-simulator/binance/delivered-frames';
import { formatsOf } from '../../src/venue-simulator/binance/market-format';
import { RateMeter } from '../../src/venue-simulator/binance/rate-meter';
import { createVenueCore, crowd } from '../../src/venue-simulator/core';
import { Faults } from '../../src/venue-simulator/faults';
import { InProcessDoor } from '../../src/venue-simulator/in-process.door';
import { OrderFlow } from '../../src/venue-simulator/order-flow';
import type { CrowdVenue } from '../../src/venue-simulator/order-flow';
import type { Market, VenueCore } from '../../src/venue-simulator/venue-types';
import { CrowdControl } from './crowd-control';
import type { DialectReader } from './l2/dialect-reader';
import { spokenBy } from './l2/dialects';
import type { SeedPlan } from './seed-plan';
import { apiKey, funds, makerFeeBps, neighbour, secret } from './seed-plan';
import { VenueDoor } from './venue-door';
import { VenueRules } from './venue-rules';

/** The venue of one seed: core, market and doors, on a clock of its own. */
export interface SimVenue {
  readonly core: VenueCore;
  readonly door: VenueDoor;
  readonly reader: DialectReader;
  readonly rules: VenueRules;
  readonly crowd: CrowdControl;
  /** How far the clock of its doors is ahead of the one it trades by. */
  readonly clock: { aheadMs: number };
  readonly faults: Faults;
  readonly creates: CreateLog;
  readonly flow: OrderFlow;
  readonly meter: RateMeter;
  /** Another participant crosses the spread. */
  readonly take: OrderFlow['take'];
}

export function venueOf(plan: SeedPlan, scheduler: Scheduler, signature: Signature | undefined): SimVenue {
  const runtime = new VirtualRuntime({ seed: `${plan.seed}/venue`, startMs: plan.startMs, scheduler });
  const now = (): number => runtime.now();
  const { markets } = plan;
  const core = createVenueCore({ now, markets, makerFeeBps: makerFeeBps[plan.venue], takerFeeBps: 10 });
  const history = new AccountHistory(core);
  core.addAccount(apiKey, funds);
  history.follow(apiKey);
  if (plan.hasNeighbour) {
    core.addAccount(neighbour.apiKey, funds);
    history.follow(neighbour.apiKey);
  }
  const [faults, creates] = [new Faults(), new CreateLog()];
  const meter = new RateMeter(now);
  const clock = { aheadMs: 0 };
  const parts: BinanceParts = {
    core,
    history,
    now: () => now() + clock.aheadMs,
    timers: runtime.timers,
    rng: runtime.rng.fork('doors'),
    faults,
    control: new BinanceControl(),
    creates,
    delivered: new DeliveredFrames(now),
    meter,
    formats: formatsOf(markets),
    rejections: new Set(),
    secrets: new Map([
      [apiKey, secret],
      [neighbour.apiKey, neighbour.secret],
    ]),
    signature,
  };
  const rules = new VenueRules(markets);
  const accounts = [
    { apiKey, secret, balances: funds },
    { ...neighbour, balances: funds },
  ];
  const { dialect, reader, core: shown } = spokenBy(plan.venue, parts, accounts);
  const door = new VenueDoor(new InProcessDoor(dialect), rules, () => scheduler.elapsed);
  const control = new CrowdControl(core, rules);
  const flow = new OrderFlow(control.view, new Xoshiro128(seedOf(`flow/${plan.seed}`)));
  const resorts = markets.map(
    (market) => new LastResort(control.view, market, () => midOf(flow, market.symbol)),
  );
  const refill = (): void => {
    for (const one of resorts) one.refill();
  };
  runtime.timers.every(1_000 / plan.stepsPerSecond, () => {
    flow.step(now());
    refill();
  });
  const take: OrderFlow['take'] = (...args) => {
    flow.take(...args);
    refill();
  };
  return { core: shown, door, reader, rules, crowd: control, clock, faults, creates, flow, meter, take };
}

const dryBps = 15;
const refillBps = 6;
/** Levels of a side that are looked through for somebody else's order. */
const searched = 20;

/**
 * Somebody steps in when a side of a market has run dry: what is ours, or far away, is no market. A quote of ours that
 * stands in the way is taken.
 */
class LastResort {
  constructor(
    private readonly core: CrowdVenue,
    private readonly market: Market,
    private readonly mid: () => number,
  ) {}

  refill(): void {
    const { symbol } = this.market;
    const mid = this.mid();
    if ((this.core.crowdBest(symbol, 'buy', searched) ?? 0) < mid * (1 - dryBps / 1e4))
      this.add('buy', mid * (1 - refillBps / 1e4));
    if ((this.core.crowdBest(symbol, 'sell', searched) ?? Infinity) > mid * (1 + dryBps / 1e4))
      this.add('sell', mid * (1 + refillBps / 1e4));
  }

  private add(side: 'buy' | 'sell', price: number): void {
    const { symbol, lotSize, startPrice } = this.market;
    this.core.place({
      account: crowd,
      symbol,
      clientOrderId: '',
      side,
      type: 'limit',
      timeInForce: 'GTC',
      price: Math.round(price),
      quantity: Math.round(3_000 / Number(startPrice) / Number(lotSize)),
      stp: 'NONE',
    });
  }
}

/** Where the flow believes its markets to be, in ticks. */
function midOf(flow: OrderFlow, symbol: string): number {
  const { flows } = flow as unknown as {
    readonly flows: readonly { readonly market: Market; readonly mid: number }[];
  };
  return flows.find(({ market }) => market.symbol === symbol)!.mid;
}
