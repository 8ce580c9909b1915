import { apiKey } from '../seed-plan';
import type { FaultSite } from './row';
import { row } from './row';
import { onRequests } from './transport';
import { symbolOf } from './targets';
import { fillOne, retelling } from './user-stream';

/** Somebody trades on our account by hand. */
function manualTrade(site: FaultSite): void {
  const symbol = symbolOf(site);
  const market = site.world.plan.markets.find((one) => one.symbol === symbol)!;
  const lots = Math.max(
    1,
    Math.round((30 + 200 * site.rng.next()) / Number(market.startPrice) / Number(market.lotSize)),
  );
  const answer = site.world.core.place({
    ...{
      account: apiKey,
      symbol,
      clientOrderId: `web_${site.rng.int(1e9)}`,
      type: 'market',
      timeInForce: 'IOC',
    },
    ...{ side: site.rng.next() < 0.5 ? 'buy' : 'sell', price: 0, quantity: lots, stp: 'NONE' },
  });
  if (answer.ok && answer.trades.length > 0) site.hit();
}

/** Somebody moves money of the account in or out, far less than what no strategy has. */
function manualTransfer(site: FaultSite): void {
  const { core, plan } = site.world;
  const symbol = symbolOf(site);
  const market = plan.markets.find((one) => one.symbol === symbol)!;
  const value = 30 + 200 * site.rng.next();
  const [asset, amount] =
    site.rng.next() < 0.5
      ? [market.quote, value.toFixed(2)]
      : [market.base, (value / Number(market.startPrice)).toFixed(6)];
  const quantity = site.rng.next() < 0.5 ? amount : `-${amount}`;
  core.move(apiKey, { kind: 'transfer', asset, quantity });
  site.hit();
}

/** The report of a trade as one of the order alone. */
export function totalsOnly(text: string): string {
  const json = JSON.parse(text) as { readonly event: Readonly<Record<string, unknown>> };
  const event = { ...json.event, x: 'NEW', t: -1, l: '0.00000000', L: '0.00000000', n: '0', N: null };
  return JSON.stringify({ ...json, event });
}

const withoutTrade = retelling('without its trade');

/** Answers may lag by as much: what is hidden for longer is shown by nothing once a restore has taken its order as well. */
const shortestMs = 4_000;
const longestMs = 9_000;

/** The totals of orders show what the trades do not yet. */
function hiddenTrades(site: FaultSite): ReturnType<Parameters<typeof row>[2]> {
  const isSetBack = site.world.plan.rates.has('B3');
  const hiddenMs = (share: number): number =>
    isSetBack ? shortestMs + (longestMs - shortestMs) * share : 30_000 + 60_000 * share;
  let until = 0;
  return {
    second: () => {
      if (!site.strikes() || until > site.world.now()) return;
      until = site.world.now() + hiddenMs(site.rng.next());
      fillOne(site);
    },
    frame: ({ event, text }) =>
      event === 'trade' && site.world.now() < until ? withoutTrade(site, text) : undefined,
    request: (request, fate) => {
      if (request.kind === 'trades' && site.world.now() < until)
        fate.readLagMs = Math.max(fate.readLagMs, hiddenMs(1) - (until - site.world.now()));
    },
    heal: () => void (until = 0),
  };
}

export const marketEventRows = [
  row(
    'U11',
    'somebody trades on the account by hand, or moves its money',
    (site) => ({
      second: () => {
        if (!site.strikes()) return;
        if (site.rng.next() < 0.15) manualTransfer(site);
        else manualTrade(site);
      },
    }),
    ['ACCOUNT_UNRECONCILED', 'INSUFFICIENT_BASE', 'INSUFFICIENT_QUOTE'],
  ),
  row('S7', 'totals without their trades', hiddenTrades),
  row(
    'S8',
    'lists answered late',
    onRequests(['openOrders', 'order', 'trades', 'balances'], (site, fate) => {
      fate.replyMs += 200 + 4_000 * site.rng.next();
    }),
  ),
  row(
    'X1',
    'the price jumps',
    (site) => ({
      second: () => {
        if (!site.strikes()) return;
        const bps = (site.rng.next() < 0.5 ? -1 : 1) * (50 + 250 * site.rng.next());
        const symbol = symbolOf(site);
        site.world.push(symbol, bps);
        site.world.after(5_000, () => site.world.push(symbol, -bps));
        site.hit();
      },
    }),
    ['LOSS_LIMIT', 'DRAWDOWN_LIMIT', 'CRASH_GUARD'],
  ),
  row('X3', 'a sweep through all levels', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      const live = [...site.world.view.standings.values()].flatMap((one) => [...one.live.values()]);
      const side = site.rng.next() < 0.5 ? 'buy' : 'sell';
      const symbol = symbolOf(site);
      const mine = live.filter((order) => order.side === side && order.symbol === symbol);
      const worst =
        side === 'buy' ? Math.min(...mine.map((o) => o.price)) : Math.max(...mine.map((o) => o.price));
      if (mine.length === 0) return;
      const lots = mine.reduce((sum, o) => sum + o.quantity, 0) * 200;
      site.world.take(symbol, side === 'buy' ? 'sell' : 'buy', lots, worst);
      site.hit();
    },
  })),
];
