import type { VenueOrder } from '../../../src/venue-simulator/venue-types';
import { asIs } from './depth-text';
import { totalsOnly } from './market';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { anyLive, liveOrders, marketOf, symbolOf, takeFrom } from './targets';
import { fillOne } from './user-stream';

const trade = /"x":"TRADE"/;
type Event = Readonly<Record<string, unknown>>;
const eventOf = (text: string): Event => (JSON.parse(text) as { readonly event: Event }).event;

/** The market takes so many lots of one of our orders. */
function takeLots(site: FaultSite, lotsOf: (left: number) => number): boolean {
  const order = anyLive(site);
  if (!order) return false;
  const lots = lotsOf(order.quantity - order.filled);
  return lots > 0 && takeFrom(site.world, order, lots); // No venue has a trade of nothing.
}

const oddLots = [1, 3, 7, 11, 13];

/** Small odd fills, whose value and fee end far behind the point, told in other words for the same number. */
function awkwardDecimals(site: FaultSite): FaultHooks {
  const reworded = (text: string): string => {
    if (!text.includes('.')) return text;
    return site.rng.next() < 0.5 ? text.replace(/0+$/, '').replace(/\.$/, '') : `${text}0000`;
  };
  return {
    second: () => {
      if (site.strikes()) takeLots(site, () => oddLots[site.rng.int(oddLots.length)]!);
    },
    frame: ({ stream, text }) => {
      if (stream !== 'private' || !trade.test(text) || !site.isOn()) return undefined;
      site.hit();
      const event = eventOf(text);
      const words = Object.fromEntries(
        ['l', 'z', 'L', 'n', 'Z', 'Y'].map((key) => [key, reworded(String(event[key]))]),
      );
      return [asIs(JSON.stringify({ ...(JSON.parse(text) as object), event: { ...event, ...words } }))];
    },
  };
}

/** Best prices an odd number of ticks apart: the middle is on no tick. */
function oddSpread(site: FaultSite): FaultHooks {
  let until = 0;
  return {
    second: () => {
      if (!site.strikes()) return;
      const symbol = symbolOf(site);
      const { bids, asks } = site.world.core.depth(symbol, 1);
      const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
      if (bid === undefined || ask === undefined || ask - bid < 2) return;
      if ((ask - bid) % 2 === 0) site.world.stand(symbol, 'buy', bid + 1, 1);
      until = site.world.now() + 1_500;
    },
    request: (request, fate) => {
      if (request.kind === 'create' && site.world.now() < until) fate.effects.push(() => site.hit());
    },
  };
}

/** The stream tells the total, REST the trade, and then the stream tells the trade as well. */
function bothPaths(site: FaultSite): FaultHooks {
  const late = new Map<string, boolean>();
  const known = (id: string): void => {
    if (late.has(id)) late.set(id, true);
  };
  return {
    frame: ({ stream, text }) => {
      if (stream !== 'private' || !trade.test(text) || !site.strikes()) return undefined;
      const id = `${String(eventOf(text)['s'])} ${String(eventOf(text)['t'])}`;
      const waitMs = 3_000 + 5_000 * site.rng.next();
      late.set(id, false);
      site.world.after(waitMs, () => {
        if (late.get(id)) site.hit();
        late.delete(id);
      });
      return [asIs(totalsOnly(text)), asIs(text, waitMs)];
    },
    request: (request, fate) => {
      if (request.kind !== 'trades' || late.size === 0) return;
      const before = fate.rewrite;
      fate.rewrite = (answer, heard) => {
        if (Array.isArray(answer.body))
          for (const row of answer.body as readonly Event[])
            known(`${String(row['symbol'])} ${String(row['id'])}`);
        return before ? before(answer, heard) : answer;
      };
    },
  };
}

/** Everything about our orders is heard some ticks late, in order: decisions are made on an older position. */
function stalePosition(site: FaultSite): FaultHooks {
  let until = 0;
  let delayMs = 0;
  let pending = 0;
  return {
    second: () => {
      if (site.world.now() < until) return;
      if (!site.strikes()) return;
      until = site.world.now() + 5_000 + 5_000 * site.rng.next();
      delayMs = site.world.plan.tickMs * (1.2 + 3 * site.rng.next());
      for (let i = 0; i < 3; i += 1) site.world.after(500 + 1_200 * i, () => void fillOne(site));
    },
    frame: ({ event, text }) => {
      if (!event || site.world.now() >= until) return undefined;
      if (event === 'trade') {
        pending += 1;
        site.world.after(delayMs, () => void (pending -= 1));
      }
      return [asIs(text, delayMs)];
    },
    request: (request, fate) => {
      if (request.kind === 'create' && pending > 0) fate.effects.push(() => site.hit());
    },
    heal: () => void (until = 0),
  };
}

/** A trade is told again when its order has left the memory of the process: the one that knew it has died. */
function lateFill(site: FaultSite): FaultHooks {
  const told: { readonly text: string; readonly id: string }[] = [];
  const repeat = (from: string): void => {
    const { world } = site;
    const host = world.host();
    const socket = [...host.link.sockets].find(({ stream }) => stream === 'private');
    if (host.parts.name === from || !host.service || !socket)
      return void world.after(2_000, () => repeat(from));
    for (const { text, id } of told.splice(0)) {
      if (host.engine?.orders.get(id)) continue;
      world.note('S5', `${id} again`);
      socket.inject(text);
      site.hit();
    }
  };
  return {
    frame: ({ stream, text }) => {
      const event = stream === 'private' && trade.test(text) ? eventOf(text) : undefined;
      if (event?.['X'] === 'FILLED' && told.length < 20 && site.isOn())
        told.push({ text, id: String(event['c']) });
      return undefined;
    },
    second: () => {
      const { name } = site.world.host().parts;
      if (told.length === 0 || !site.strikes()) return;
      site.world.crash(200 + 1_500 * site.rng.next());
      site.world.after(8_000, () => repeat(name));
    },
  };
}

const broken = [
  [500, -1000, 'An unknown error occurred while processing the request.'],
  [503, -2013, 'Order does not exist.'],
  [502, -1001, 'Internal error; unable to process your request. Please try again.'],
  [504, -2011, 'Unknown order sent.'],
] as const;

/** Creates whose answer is lost, and questions about them answered with errors. */
function failedQuestions(site: FaultSite): FaultHooks {
  return {
    request: (request, fate) => {
      if (request.kind === 'create' && site.strikes()) fate.isReplyLost = true;
      if (!['order', 'openOrders', 'trades'].includes(request.kind)) return;
      if (!site.isOn() || site.rng.next() < 0.5) return;
      const [status, code, msg] = broken[site.rng.int(broken.length)]!;
      fate.instead = { status, headers: {}, body: { code, msg } };
      fate.effects.push(() => site.hit());
    },
  };
}

/** All of an order trades but one lot, which is too little for an order of its own. */
function dust(site: FaultSite): FaultHooks {
  const isDust = ({ symbol, quantity, filled }: VenueOrder): boolean => {
    const { lotSize, startPrice, minNotional } = marketOf(site.world, symbol);
    const isLast = filled > 0 && quantity - filled === 1;
    return isLast && Number(lotSize) * Number(startPrice) < Number(minNotional);
  };
  return {
    second: () => {
      if (!site.strikes() || !takeLots(site, (left) => left - 1)) return;
      if (liveOrders(site.world).some(isDust)) site.hit();
    },
  };
}

export const accountingRows = [
  row('S1', 'awkward decimals', awkwardDecimals),
  row('S2', 'a middle between two ticks', oddSpread),
  row('S3', 'REST and stream report one fill', bothPaths),
  row('S4', 'fills are heard some ticks late', stalePosition),
  row('S5', 'a fill of an order that memory has lost', lateFill),
  row('S6', 'questions answered with errors', failedQuestions),
  row('S9', 'what is left of an order is dust', dust),
];
