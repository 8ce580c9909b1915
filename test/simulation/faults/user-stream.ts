import type { Retelling } from '../l2/dialect-reader';
import { apiKey } from '../seed-plan';
import type { FrameFate, SeenFrame } from '../wire';
import { asIs } from './depth-text';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

interface Report {
  readonly subscriptionId: number;
  readonly event: Readonly<Record<string, unknown>>;
}

const eventOf = (text: string): Report | undefined => {
  const json = JSON.parse(text) as Partial<Report>;
  return json.event ? (json as Report) : undefined;
};

/** A private event is an opportunity. */
const onEvent =
  (isWanted: (frame: SeenFrame) => boolean, spoil: (site: FaultSite, text: string) => FrameFate) =>
  (site: FaultSite): FaultHooks => ({
    frame: (frame: SeenFrame) => {
      if (!frame.event || !isWanted(frame) || !site.strikes()) return undefined;
      return spoil(site, frame.text);
    },
  });

const anyEvent = (): boolean => true;
const isTrade = ({ event }: SeenFrame): boolean => event === 'trade';
const holds =
  (words: string) =>
  ({ text }: SeenFrame): boolean =>
    text.includes(words);

/** The market takes one of our resting orders. */
export function fillOne(site: FaultSite): boolean {
  const live = [...site.world.view.standings.values()].flatMap((one) => [...one.live.values()]);
  const order = live[site.rng.int(Math.max(1, live.length))];
  if (!order) return false;
  const left = order.quantity - order.filled;
  const lots = site.rng.next() < 0.5 ? left : Math.max(1, Math.floor(left * site.rng.next()));
  site.world.take(order.symbol, order.side === 'buy' ? 'sell' : 'buy', lots, order.price);
  const after = site.world.core.order({ account: apiKey, symbol: order.symbol, orderId: order.orderId });
  return after !== undefined && after.filled > order.filled;
}

/** The stream is cut, orders trade, the stream comes back. */
function cutAndFill(site: FaultSite): FaultHooks {
  return {
    second: () => {
      if (!site.strikes()) return;
      for (const socket of site.world.host().link.sockets) if (socket.stream === 'private') socket.cut();
      const count = 1 + site.rng.int(3);
      for (let i = 0; i < count; i += 1)
        site.world.after(20 + i * 30, () => {
          if (fillOne(site)) site.hit();
        });
    },
  };
}

/** Events are kept from the engine while the connection lives. */
function silent(site: FaultSite): FaultHooks {
  let until = 0;
  return {
    second: () => {
      if (site.strikes()) until = site.world.now() + 2_000 + 12_000 * site.rng.next();
    },
    frame: (frame) => {
      if (!frame.event || site.world.now() >= until) return undefined;
      site.hit();
      return [];
    },
    heal: () => {
      if (until > 0)
        for (const socket of site.world.host().link.sockets) if (socket.stream === 'private') socket.cut();
      until = 0;
    },
  };
}

/** A frame told otherwise, where it has something of the kind. */
export const retelling =
  (how: Retelling) =>
  (site: FaultSite, text: string): FrameFate => {
    const told = site.world.venue.reader.retold(text, how);
    if (told === undefined) return undefined;
    site.hit();
    return told === '' ? [] : [asIs(told)];
  };

const junk = [
  '{"event":{"e":"newKindOfEvent","E":1}}',
  '{"event":{"e":"executionReport"}}',
  '[]',
  '{',
  'null',
  '{"id":null}',
];

/** A refusal that names an order which is alive: noise about something that never was. */
function refusalNoise(site: FaultSite, text: string): FrameFate {
  const json = eventOf(text);
  if (!json) return undefined;
  site.hit();
  const noise = {
    ...json.event,
    x: 'REJECTED',
    X: 'REJECTED',
    i: -1,
    t: -1,
    z: '0.00000000',
    l: '0.00000000',
    r: 'WOULD_MATCH_IMMEDIATELY',
  };
  return [asIs(JSON.stringify({ ...json, event: noise })), asIs(text, 5)];
}

export const streamRows = [
  row('U1', 'orders trade while the stream is cut', cutAndFill),
  row(
    'U2',
    'events come twice',
    onEvent(anyEvent, (site, text) => {
      site.hit();
      return [asIs(text), asIs(text, 2_000 * site.rng.next())];
    }),
  ),
  row(
    'U3',
    'events out of order',
    onEvent(anyEvent, (site, text) => {
      site.hit();
      return [asIs(text, 2_000 * site.rng.next())];
    }),
  ),
  row('U5', 'the stream is ended by the venue', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      for (const socket of site.world.host().link.sockets) {
        if (socket.stream !== 'private') continue;
        socket.inject('{"event":{"e":"eventStreamTerminated","E":1}}');
        site.hit();
      }
    },
  })),
  row('U6', 'subscribed and silent', silent),
  row(
    'U7',
    'balances late',
    onEvent(
      ({ event }) => event === 'balance',
      (site, text) => {
        site.hit();
        return [asIs(text, 10_000 * site.rng.next())];
      },
    ),
  ),
  row(
    'U8',
    'unknown events',
    onEvent(anyEvent, (site, text) => {
      site.hit();
      return [asIs(junk[site.rng.int(junk.length)]!), asIs(text)];
    }),
  ),
  row('U10', 'a fee is missing', onEvent(isTrade, retelling('without its fee'))),
  row(
    'O16b',
    'an unknown status word',
    onEvent(({ event }) => event === 'report', retelling('with an unknown word')),
  ),
  row('O20', 'a refusal of something that never was', onEvent(holds('"x":"NEW"'), refusalNoise)),
];
