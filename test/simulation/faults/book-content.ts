import { apiKey } from '../seed-plan';
import type { FrameFate } from '../wire';
import { asIs, depthOf, withDepth } from './depth-text';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { marketOf, nearLevels, symbolOf } from './targets';

/** A frame without a change of its own, in front of the rest of its ids or behind them. */
function noOperation(site: FaultSite, text: string): FrameFate {
  const frame = depthOf(text);
  site.hit();
  const { U, u } = frame;
  if (u > U && site.rng.next() < 0.7) {
    const at = U + site.rng.int(u - U);
    return [
      asIs(withDepth(text, { ...frame, u: at, b: [], a: [] })),
      asIs(withDepth(text, { ...frame, U: at + 1 })),
    ];
  }
  return [asIs(text), asIs(withDepth(text, { ...frame, U: u, b: [], a: [] }))];
}

/** The venue begins to count anew, as after a restart of its own: the connections are gone as well. */
function sequences(site: FaultSite): FaultHooks {
  let resets = 0;
  return {
    second: () => {
      if (!site.strikes() || resets >= 8) return;
      resets += 1;
      for (const { link } of site.world.allHosts())
        for (const socket of [...link.sockets]) if (socket.stream === 'public') socket.cut();
      site.world.venue.door.idsBack += 1_000_000_000;
      site.world.note('D5', 'the ids of the books begin anew');
      site.hit();
    },
    frame: (frame) => (frame.isDepth && site.strikes() ? noOperation(site, frame.text) : undefined),
  };
}

/** While the stream is away levels are eaten and the price moves: what was known of them may not come back. */
function phantom(site: FaultSite): FaultHooks {
  return {
    second: () => {
      if (!site.strikes()) return;
      const { world, rng } = site;
      const sockets = [...world.host().link.sockets].filter(({ stream }) => stream === 'public');
      for (const socket of sockets) socket.cut();
      const symbol = symbolOf(site);
      const side = rng.next() < 0.5 ? 'buy' : 'sell';
      const levels = nearLevels(world, symbol, side === 'buy' ? 'sell' : 'buy').slice(0, 12);
      const far = levels.at(-1)?.[0];
      const lots = levels.reduce((sum, [, size]) => sum + size, 0);
      if (far === undefined) return;
      world.after(10, () => world.take(symbol, side, lots, far));
      world.push(symbol, (side === 'buy' ? 1 : -1) * (5 + 25 * rng.next()));
      if (sockets.length > 0) site.hit();
    },
  };
}

const pageLevels = 1_000;
const dense = pageLevels + 200;

/** A book deeper than a snapshot shows, and a sweep past what it showed. */
function deepSweep(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  let swept: (() => void) | undefined;
  let readyAt = 0;
  const deepen = (): void => {
    const symbol = symbolOf(site);
    const side = rng.next() < 0.5 ? 'buy' : 'sell';
    const edge = nearLevels(world, symbol, side).at(-1)?.[0];
    if (edge === undefined) return;
    const step = side === 'buy' ? -1 : 1;
    for (let i = 1; i <= dense; i += 1) world.stand(symbol, side, edge + i * step, 1);
    // Its next snapshot shows a full page.
    for (const socket of [...world.host().link.sockets]) if (socket.stream === 'public') socket.cut();
    readyAt = world.now() + 6_000;
    swept = () => sweep(site, symbol, side, edge + dense * step);
  };
  return {
    second: () => {
      if (!swept) return site.strikes() ? deepen() : undefined;
      if (world.now() < readyAt) return;
      swept();
      swept = undefined;
    },
  };
}

const kept = 150;

/** What is left stands beyond the page, and one order there is all that a frame tells of it. */
function sweep(site: FaultSite, symbol: string, side: 'buy' | 'sell', last: number): void {
  const { world } = site;
  const step = side === 'buy' ? -1 : 1;
  const until = last - kept * step;
  const levels = world.core
    .depth(symbol, 2 * dense)
    [side === 'buy' ? 'bids' : 'asks'].filter(([price]) =>
      side === 'buy' ? price >= until : price <= until,
    );
  if (levels.length <= pageLevels) return;
  const lots = levels.reduce((sum, [, size]) => sum + size, 0);
  world.note('D10', `${side} side of ${symbol} swept through ${levels.length} levels`);
  world.venue.crowd.leave(symbol, side);
  world.take(symbol, side === 'buy' ? 'sell' : 'buy', lots, until);
  world.after(50, () => world.stand(symbol, side, last - (kept / 2) * step, 1));
  world.after(2_500, () => world.venue.crowd.comeBack(symbol, side));
  site.hit();
}

/** The crowd in front of one of our best quotes is taken away: we are the best price, alone. */
export function aloneAtBest(site: FaultSite, symbol: string, side: 'buy' | 'sell'): number | undefined {
  const { core } = site.world;
  const own = core.openOrders(apiKey, symbol).filter((order) => order.side === side);
  const key = side === 'buy' ? 'bids' : 'asks';
  const prices = own.map(({ price }) => price);
  const best = side === 'buy' ? Math.max(...prices) : Math.min(...prices);
  const inFront = core
    .depth(symbol, 50)
    [key].filter(([price]) => (side === 'buy' ? price > best : price < best))
    .reduce((sum, [, lots]) => sum + lots, 0);
  if (prices.length === 0) return undefined;
  if (inFront > 0)
    site.world.take(symbol, side === 'buy' ? 'sell' : 'buy', inFront, best + (side === 'buy' ? 1 : -1));
  const [top] = core.depth(symbol, 1)[key];
  const lots = own
    .filter(({ price }) => price === best)
    .reduce((sum, order) => sum + order.quantity - order.filled, 0);
  return top?.[0] === best && top[1] === lots ? best : undefined;
}

/** The frame of a market with the same name elsewhere, or of one that is not listed here. */
function misrouted(site: FaultSite, text: string): FrameFate {
  const frame = depthOf(text);
  const market = marketOf(site.world, frame.s);
  site.hit();
  const decimals = market.tickSize.length - 2;
  const elsewhere = ([price, size]: readonly [string, string]): readonly [string, string] => [
    (Math.round((Number(price) * 1.03) / Number(market.tickSize)) * Number(market.tickSize)).toFixed(
      Math.max(0, decimals),
    ),
    size,
  ];
  const stray = { ...frame, b: frame.b.map(elsewhere), a: frame.a.map(elsewhere) };
  const kind = site.rng.int(3);
  const apart = 100_000 + site.rng.int(1_000_000);
  if (kind === 0) return [asIs(withDepth(text, { ...stray, s: `${market.base}PERP` })), asIs(text)];
  const ids =
    kind === 1 ? { U: frame.U - apart, u: frame.u - apart } : { U: frame.U + apart, u: frame.u + apart };
  return [asIs(withDepth(text, { ...stray, ...ids })), asIs(text)];
}

export const bookRows = [
  row('D5', 'sequences begin anew, frames without a change', sequences),
  row('D9', 'levels that are gone after a reconnect', phantom),
  row('D10', 'a sweep beyond the depth of the snapshot', deepSweep),
  row('D12', 'our own quote is the best price, alone', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      const side = site.rng.next() < 0.5 ? 'buy' : 'sell';
      if (aloneAtBest(site, symbolOf(site), side) !== undefined) site.hit();
    },
  })),
  row('D13', 'the frame of another market', (site) => ({
    frame: (frame) => (frame.isDepth && site.strikes() ? misrouted(site, frame.text) : undefined),
  })),
];
