import { seedOf, Xoshiro128 } from '../runtime/rng';
import { createVenueCore } from './core';
import { defaultMarkets } from './default-markets';
import { OrderFlow } from './order-flow';

it('leaves no side of a market empty after a step', () => {
  let now = 1_764_000_000_000;
  const core = createVenueCore({ markets: defaultMarkets, now: () => now, makerFeeBps: 0, takerFeeBps: 0 });
  const flow = new OrderFlow(core, new Xoshiro128(seedOf('sweeps')));
  const empty: string[] = [];
  for (let step = 0; step < 5_000; step += 1) {
    now += 200;
    flow.step(now);
    for (const { symbol } of core.markets) {
      const { bids, asks } = core.depth(symbol, 1);
      if (bids.length * asks.length === 0) empty.push(`${symbol} after step ${step}`);
    }
  }
  expect(empty).toEqual([]);
});
