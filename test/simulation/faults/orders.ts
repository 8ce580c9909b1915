import { apiKey } from '../seed-plan';
import type { SeenRequest, WireAnswer } from '../wire';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { onRequests, pick } from './transport';

export const refusal = (status: number, code: number, msg: string): WireAnswer => ({
  ...{ status, headers: {}, body: { code, msg } },
});

/** The market takes what this order offers, before its request arrives. */
export function fillBefore(site: FaultSite, request: SeenRequest): boolean {
  const { world } = site;
  const symbol = request.params.get('symbol') ?? '';
  const order = world.core.order({ account: apiKey, symbol, clientOrderId: request.clientOrderId });
  if (!order || (order.status !== 'NEW' && order.status !== 'PARTIALLY_FILLED')) return false;
  const left = order.quantity - order.filled;
  world.take(symbol, order.side === 'buy' ? 'sell' : 'buy', left * 50, order.price);
  const after = world.core.order({ account: apiKey, symbol, clientOrderId: request.clientOrderId });
  return after !== undefined && after.filled > order.filled;
}

/** Reads lag behind the venue, by endpoint, up to ten seconds. */
function readLag(site: FaultSite): FaultHooks {
  const lags = new Map<string, number>();
  return {
    second: () => {
      if (!site.strikes()) return;
      for (const kind of ['order', 'openOrders', 'trades', 'balances']) {
        const lag = site.rng.next() < 0.5 ? 0 : 9_500 * site.rng.next() ** 2;
        lags.set(kind, Math.floor(lag));
      }
    },
    request: (request, fate) => {
      const lag = lags.get(request.kind);
      if (lag === undefined || lag === 0) return;
      fate.readLagMs = site.rng.next() < 0.5 ? lag : Math.floor(lag * site.rng.next());
      fate.effects.push(() => site.hit());
    },
    heal: () => lags.clear(),
  };
}

/** The balance is refused for a while although the funds have not moved. */
function balanceRefused(site: FaultSite): FaultHooks {
  let until = 0;
  return {
    request: (request, fate) => {
      if (request.kind !== 'create') return;
      if (site.strikes()) until = site.world.now() + 1_000 + 10_000 * site.rng.next();
      if (site.world.now() >= until) return;
      fate.instead = refusal(400, -2010, 'Account has insufficient balance for requested action.');
      fate.effects.push(() => site.hit());
    },
    heal: () => void (until = 0),
  };
}

const tooMany = [
  [429, -1015, 'Too many new orders; current limit is 100 orders per 10 SECOND.'],
  [400, -2010, 'Filter failure: MAX_NUM_ORDERS'],
] as const;

export const orderRows = [
  row('O3', 'reads lag behind the venue', readLag),
  row('O4', 'insufficient balance', balanceRefused),
  row(
    'O5',
    'post-only would take',
    (site) => ({
      request: (request, fate) => {
        if (request.kind !== 'create' || !site.strikes()) return;
        const bps = (request.params.get('side') === 'BUY' ? -1 : 1) * (5 + 20 * site.rng.next());
        fate.ingressMs += 500;
        site.world.push(request.params.get('symbol') ?? '', bps);
        fate.rewrite = (answer, heard) => {
          if (JSON.stringify(heard.body).includes('immediately match')) site.hit();
          return answer;
        };
      },
    }),
    ['REJECT_RATE'],
  ),
  row(
    'O7',
    'the venue takes no more orders for a while',
    onRequests(['create'], (site, fate) => {
      const [status, code, msg] = pick(site, tooMany);
      fate.instead = refusal(status, code, msg);
    }),
  ),
  row('O8', 'a cancel meets an order that has traded', (site) => ({
    request: (request, fate) => {
      if (request.kind !== 'cancel' || !site.strikes()) return;
      if (fillBefore(site, request)) fate.effects.push(() => site.hit());
    },
  })),
  row(
    'O9',
    'cancelled, reply lost',
    onRequests(['cancel'], (_site, fate) => void (fate.isReplyLost = true)),
  ),
  row('O10', 'a cancel on its way while the order trades', (site) => ({
    request: (request, fate) => {
      if (request.kind !== 'cancel' || !site.strikes()) return;
      fate.ingressMs += 50 + 1_500 * site.rng.next();
      site.world.after(fate.ingressMs * 0.5, () => {
        if (fillBefore(site, request)) site.hit();
      });
    },
  })),
  row(
    'O14',
    'the acknowledgement is late',
    onRequests(['create'], (site, fate) => {
      fate.replyMs += 500 + 2_400 * site.rng.next();
    }),
  ),
  row(
    'O15',
    'a create or cancel arrives late',
    onRequests(['create', 'cancel'], (site, fate) => {
      fate.ingressMs += 500 + 14_500 * site.rng.next() ** 2;
    }),
  ),
  row('O16', 'the venue ends an order', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      const live = [...site.world.view.standings.values()].flatMap((one) => [...one.live.values()]);
      const order = live[site.rng.int(Math.max(1, live.length))];
      if (!order) return;
      site.world.note('O16', `the venue cancels ${order.clientOrderId}`);
      site.world.core.cancel({ account: apiKey, symbol: order.symbol, orderId: order.orderId });
      site.hit();
    },
  })),
  row('O19', 'a fill overtakes the acknowledgement', (site) => ({
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.replyMs += 200 + 500 * site.rng.next();
      site.world.after(fate.ingressMs + 20, () => {
        if (fillBefore(site, request)) site.hit();
      });
    },
  })),
];
