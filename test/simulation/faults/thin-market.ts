import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { nearLevels, symbolOf } from './targets';

/** Everybody leaves one side of a market; at times one order far away is all that is left of it. */
function oneSided(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  const { crowd } = world.venue;
  let isWaiting = false;
  const clear = (symbol: string, side: 'buy' | 'sell'): void => {
    const levels = nearLevels(world, symbol, side);
    const [best, last] = [levels[0]?.[0], levels.at(-1)?.[0]];
    if (best === undefined || last === undefined) return;
    crowd.leave(symbol, side);
    const lots = levels.reduce((sum, [, size]) => sum + size, 0);
    world.take(symbol, side === 'buy' ? 'sell' : 'buy', lots, last);
    const isFar = rng.next() < 0.5;
    const share = 0.01 * 20 ** rng.next();
    if (isFar) world.stand(symbol, side, Math.round(best * (side === 'buy' ? 1 - share : 1 + share)), 1_000);
    world.note('X2', `${side} side of ${symbol} ${isFar ? 'is one far order' : 'is empty'}`);
    isWaiting = true;
    world.after(1_500 + 8_000 * rng.next(), () => crowd.comeBack(symbol, side));
  };
  return {
    second: () => {
      const symbol = symbolOf(site);
      const isWhole = !crowd.isAbsent(symbol, 'buy') && !crowd.isAbsent(symbol, 'sell');
      if (isWhole && site.strikes()) clear(symbol, rng.next() < 0.5 ? 'buy' : 'sell');
    },
    frame: (frame) => {
      if (!frame.isDepth || !isWaiting) return undefined;
      isWaiting = false;
      site.hit();
      return undefined;
    },
    heal: () => {
      for (const { symbol } of world.plan.markets)
        for (const side of ['buy', 'sell'] as const) crowd.comeBack(symbol, side);
    },
  };
}

export const thinRows = [row('X2', 'a side of the market is empty, or one far order', oneSided)];
