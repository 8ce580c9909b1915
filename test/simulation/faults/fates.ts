import type { VenueOrder } from '../../../src/venue-simulator/venue-types';
import { apiKey } from '../seed-plan';
import type { FrameFate, SeenFrame, SeenRequest } from '../wire';
import { asIs } from './depth-text';
import { refusal } from './orders';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { anyLive, takeFrom } from './targets';

const fates = ['partly filled', 'filled', 'cancelled', 'expired', 'partly filled, then expired'] as const;

/** What becomes of single orders at the venue, and what the engine hears of it. */
class Fates {
  /** Orders of which the stream says nothing for now, and whose query is refused. */
  readonly muted = new Set<string>();
  private readonly expiring = new Set<string>();
  private readonly unheard = new Set<string>();

  constructor(private readonly site: FaultSite) {}

  /** Something happens to an order that rests. False when there was nothing to happen to. */
  befall(order: VenueOrder): boolean {
    const { rng, world } = this.site;
    const fate = fates[rng.int(fates.length)]!;
    const left = order.quantity - order.filled;
    const some = Math.max(1, Math.floor(left * (0.2 + 0.6 * rng.next())));
    world.note('fate', `${order.clientOrderId} is ${fate}`);
    if (fate === 'filled') return takeFrom(world, order, left);
    if (fate === 'partly filled') return takeFrom(world, order, some);
    if (fate === 'partly filled, then expired') {
      this.unheard.add(order.clientOrderId);
      takeFrom(world, order, some);
    }
    if (fate !== 'cancelled') this.expiring.add(order.clientOrderId);
    return world.core.cancel({ account: apiKey, symbol: order.symbol, orderId: order.orderId }).ok;
  }

  /** The venue calls the end of an order by its own word; the trade before it may not be reported. */
  readonly frame = ({ stream, event, text }: SeenFrame): FrameFate => {
    if (stream !== 'private') return undefined;
    if (names(this.muted, text) || (event === 'trade' && names(this.unheard, text))) return [];
    if (!names(this.expiring, text)) return undefined;
    return [asIs(text.replaceAll(/"(x|X)":"CANCELED"/g, '"$1":"EXPIRED"'))];
  };
}

const isLive = ({ status }: VenueOrder): boolean => status === 'NEW' || status === 'PARTIALLY_FILLED';

const names = (ids: ReadonlySet<string>, text: string): boolean =>
  ids.size > 0 && [...ids].some((id) => text.includes(id));

const orderOf = ({ world }: FaultSite, { params, clientOrderId }: SeenRequest): VenueOrder | undefined => {
  const symbol = params.get('symbol') ?? '';
  const order = world.core.order({ account: apiKey, symbol, clientOrderId });
  return order?.status === 'NEW' ? order : undefined;
};

/** An order meets its fate before its acknowledgement is heard, or after it was given up: then it is in doubt. */
function overtaken(site: FaultSite): FaultHooks {
  const all = new Fates(site);
  return {
    frame: all.frame,
    request: (request, fate) => {
      const { kind, clientOrderId: id } = request;
      if (kind === 'order' && all.muted.has(id)) fate.instead = refusal(504, -1007, 'Timeout waiting.');
      if (kind !== 'create' || !site.strikes()) return;
      const { world, rng } = site;
      all.muted.add(id);
      const isLost = rng.next() < 0.5;
      if (isLost) fate.isReplyLost = true;
      else fate.replyMs += 400 + 500 * rng.next();
      const afterMs = isLost ? 3_100 + 2_000 * rng.next() : fate.ingressMs + 100;
      world.after(afterMs, () => {
        all.muted.delete(id);
        const order = orderOf(site, request);
        if (order && all.befall(order)) site.hit();
      });
    },
  };
}

/** Long enough for three reads and the list before them, and for a question of an order that is called lost. */
const deniedMs = 32_000;

type Row = Readonly<Record<string, unknown>>;

/** Our id in a row, whatever its dialect calls it. */
const nameIn = ({ clientOrderId, clOrdId, text }: Row): string => {
  const name = [clientOrderId, clOrdId, text].find((one) => typeof one === 'string') ?? '';
  return name.replace(/^t-/, '');
};

/** A list without some of its rows: alone, or as `data` of an answer, or by pairs. */
function shownIn(body: unknown, isShown: (row: Row) => boolean): unknown {
  if (Array.isArray(body))
    return (body as readonly Row[])
      .filter(isShown)
      .map((row) =>
        Array.isArray(row['orders']) ? { ...row, orders: shownIn(row['orders'], isShown) } : row,
      );
  if (typeof body !== 'object' || body === null || !('data' in body)) return body;
  return { ...body, data: shownIn(body.data, isShown) };
}

/** The venue denies a live order in every answer; then it shows it again, or what became of it in the meantime. */
function denied(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  const all = new Fates(site);
  /** The venue's ids of the hidden orders by ours. */
  const hidden = new Map<string, number>();
  const isAbout = ({ clientOrderId, params }: SeenRequest): boolean =>
    hidden.has(clientOrderId) || [...hidden.values()].includes(Number(params.get('orderId') ?? NaN));
  const isShown = (row: Row): boolean => !hidden.has(nameIn(row));
  const hide = ({ clientOrderId, symbol, orderId }: VenueOrder): void => {
    if (!site.isOn()) return;
    hidden.set(clientOrderId, orderId);
    world.note('X5', `the venue denies ${clientOrderId}`);
    world.after(deniedMs, () => {
      hidden.delete(clientOrderId);
      const now = world.core.order({ account: apiKey, symbol, orderId });
      if (now && isLive(now) && rng.next() < 0.8) all.befall(now);
    });
  };
  return {
    frame: all.frame,
    second: () => {
      const order = hidden.size < 2 && site.strikes() ? anyLive(site) : undefined;
      // What nobody has acknowledged is absent when it is denied for longer than answers may lag: that is the proof.
      if (!order || hidden.has(order.clientOrderId) || !world.isAcknowledged(order.clientOrderId)) return;
      const isPartial = rng.next() < 0.4 && takeFrom(world, order, Math.ceil(order.quantity / 2));
      // A trade is booked before its order is denied.
      world.after(isPartial ? 1_500 : 0, () => hide(order));
    },
    request: (request, fate) => {
      if (hidden.size === 0) return;
      const { kind } = request;
      if (kind === 'order' && isAbout(request)) {
        fate.instead = refusal(400, -2013, 'Order does not exist.');
        fate.effects.push(() => site.hit());
      }
      if (kind === 'cancel' && isAbout(request)) fate.instead = refusal(400, -2011, 'Unknown order sent.');
      if (kind !== 'openOrders' && kind !== 'history') return;
      fate.rewrite = (answer) => ({ ...answer, body: shownIn(answer.body, isShown) });
    },
    heal: () => hidden.clear(),
  };
}

export const fateRows = [
  row('O24', 'what becomes of an order overtakes its acknowledgement', overtaken),
  row('X5', 'the venue denies an order that lives', denied),
];
