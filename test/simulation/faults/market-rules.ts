import { apiKey } from '../seed-plan';
import type { MarketRules } from '../venue-rules';
import type { SeenRequest } from '../wire';
import { refusal } from './orders';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { symbolOf } from './targets';

/** Counts what the venue refuses with this code or text, once the engine hears it. */
const hearing =
  (
    site: FaultSite,
    isIt: (text: string, request: SeenRequest) => boolean,
  ): NonNullable<FaultHooks['request']> =>
  (request, fate) => {
    if (request.kind !== 'create') return;
    const before = fate.rewrite;
    fate.rewrite = (answer, heard) => {
      if (heard.status === 400 && isIt(JSON.stringify(heard.body), request)) site.hit();
      return before ? before(answer, heard) : answer;
    };
  };

/** A filter that nothing published explains refuses creates for a while, in which the rules may not be readable. */
function hiddenFilter(site: FaultSite): FaultHooks {
  const { rules } = site.world.venue;
  const filters = ['PERCENT_PRICE_BY_SIDE', 'PRICE_FILTER', 'LOT_SIZE', 'NOTIONAL'];
  const hears = hearing(site, (text) => text.includes('Filter failure'));
  let isMute = false;
  return {
    second: () => {
      const symbol = symbolOf(site);
      if (rules.isHiding(symbol) || !site.strikes()) return;
      rules.hide(symbol, filters[site.rng.int(filters.length)]);
      isMute = site.rng.next() < 0.5;
      site.world.after(1_000 + 6_000 * site.rng.next(), () => {
        rules.hide(symbol, undefined);
        isMute = false;
      });
    },
    request: (request, fate) => {
      if (isMute && request.kind === 'rules') fate.instead = refusal(503, -1008, 'Server is busy.');
      hears(request, fate);
    },
    heal: () => {
      isMute = false;
      for (const { symbol } of site.world.plan.markets) rules.hide(symbol, undefined);
    },
  };
}

const closed: readonly MarketRules['status'][] = ['HALT', 'BREAK', 'CANCEL_ONLY'];

/** The market takes no new orders for a while, and opens again by itself. */
function closedForAWhile(site: FaultSite): FaultHooks {
  const { rules } = site.world.venue;
  const open = (symbol: string): void => rules.change(symbol, { status: 'TRADING' });
  return {
    second: () => {
      const symbol = symbolOf(site);
      if (!rules.isOpen(symbol) || !site.strikes()) return;
      const status = closed[site.rng.int(closed.length)]!;
      rules.change(symbol, { status });
      site.world.note('O17', `${symbol} is ${status}`);
      site.world.after(2_000 + 13_000 * site.rng.next(), () => open(symbol));
    },
    request: hearing(site, (text) => text.includes('Market is closed')),
    heal: () => {
      for (const { symbol } of site.world.plan.markets) open(symbol);
    },
  };
}

const mostChanges = 3;

/** Tick and step grow or shrink again while orders rest; they stay as they became. */
function changed(site: FaultSite): FaultHooks {
  const { rules } = site.world.venue;
  let changes = 0;
  const grown = (factor: number): number => (factor > 1 ? 1 : [2, 5, 10][site.rng.int(3)]!);
  const refused = hearing(site, (text) => /PRICE_FILTER|LOT_SIZE|NOTIONAL/.test(text));
  return {
    second: () => {
      if (changes >= mostChanges || !site.strikes()) return;
      changes += 1;
      const symbol = symbolOf(site);
      const { tickFactor, lotFactor } = rules.of(symbol);
      const step =
        site.rng.next() < 0.5 ? { tickFactor: grown(tickFactor) } : { lotFactor: grown(lotFactor) };
      const part = { ...step, minNotional: String(5 + site.rng.int(15)) };
      rules.change(symbol, part);
      site.world.note('O18', `${symbol} ${JSON.stringify(part)}`);
    },
    request: (request, fate) => {
      refused(request, fate);
      if (changes === 0 || request.kind !== 'rules') return;
      fate.effects.push(() => site.hit());
    },
    // The crowd goes on in the ticks it was born with, and no book of other ticks can be read.
    heal: () => {
      for (const { symbol } of site.world.plan.markets)
        if (rules.of(symbol).tickFactor > 1) rules.change(symbol, { tickFactor: 1 });
    },
  };
}

/** The venue takes the market off its list: every order of it is ended, and none is taken any more. */
function delisted(site: FaultSite): FaultHooks {
  const { world } = site;
  let isDone = false;
  return {
    second: () => {
      if (isDone || !site.strikes()) return;
      isDone = true;
      const symbol = symbolOf(site);
      world.venue.rules.change(symbol, { status: site.rng.next() < 0.5 ? 'BREAK' : 'END_OF_DAY' });
      world.note('X4', `${symbol} is delisted`);
      for (const { orderId } of world.core.openOrders(apiKey, symbol))
        if (world.isOurs(symbol, orderId)) world.core.cancel({ account: apiKey, symbol, orderId });
    },
    request: hearing(site, (text) => isDone && text.includes('Market is closed')),
  };
}

export const ruleRows = [
  row('O6', 'a filter refuses what the published rules allow', hiddenFilter, ['INSTRUMENT_HALTED']),
  row('O17', 'a market is halted or takes cancels only', closedForAWhile),
  row('O18', 'tick, step or least value change', changed),
  row('X4', 'a market is delisted', delisted, ['WIND_DOWN']),
];
