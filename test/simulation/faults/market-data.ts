import type { FrameFate, SeenFrame } from '../wire';
import { asIs, depthOf, withDepth } from './depth-text';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { onRequests } from './transport';

/** A depth frame is an opportunity; what `spoil` answers is what becomes of it. */
const onDepth =
  (spoil: (site: FaultSite, text: string) => FrameFate) =>
  (site: FaultSite): FaultHooks => ({
    frame: (frame) => (frame.isDepth && site.strikes() ? spoil(site, frame.text) : undefined),
  });

/** Frames are lost; the row counts when another of the market follows on the same connection. */
function gap(site: FaultSite): FaultHooks {
  let left = 0;
  let isOpen = false;
  return {
    frame: (frame) => {
      if (!frame.isDepth) return undefined;
      if (left === 0 && site.strikes()) left = 1 + site.rng.int(4);
      if (left > 0) {
        left -= 1;
        isOpen = true;
        return [];
      }
      if (isOpen) site.hit();
      isOpen = false;
      return undefined;
    },
    heal: () => void (left = 0),
  };
}

/** Depth frames of one stream stop; pings go on. */
function freeze(site: FaultSite): FaultHooks {
  let until = 0;
  return {
    second: () => {
      if (!site.strikes() || until > site.world.now()) return;
      until = site.world.now() + 1_000 + 9_000 * site.rng.next();
      site.world.note('D8', `depth frozen until ${until}`);
    },
    frame: (frame: SeenFrame): FrameFate => {
      if (!frame.isDepth || site.world.now() >= until) return undefined;
      site.hit();
      return [];
    },
    heal: () => void (until = 0),
  };
}

/** A level that crosses the other side: the book is wrong until the next frame of that price, which never comes. */
function crossed(site: FaultSite, text: string): FrameFate {
  const frame = depthOf(text);
  const market = site.world.plan.markets.find(({ symbol }) => symbol === frame.s)!;
  const { asks } = site.world.core.depth(frame.s, 1);
  const ask = asks[0];
  if (!ask) return undefined;
  site.hit();
  const price = ((ask[0] + 3) * Number(market.tickSize)).toFixed(8);
  const changed = { ...frame, b: [...frame.b, [price, '1.00000000'] as const] };
  return [asIs(withDepth(text, changed))];
}

export const marketRows = [
  row(
    'D1',
    'a snapshot older than the frames heard',
    onRequests(['depth'], (site, fate) => {
      fate.rewrite = (answer) => {
        const body = answer.body as { readonly lastUpdateId?: number };
        if (body.lastUpdateId === undefined) return answer;
        return { ...answer, body: { ...body, lastUpdateId: body.lastUpdateId - 20 - site.rng.int(400) } };
      };
    }),
  ),
  row('D2', 'depth frames are lost', gap),
  row(
    'D6',
    'a frame comes twice, or behind the next',
    onDepth((site, text) => {
      site.hit();
      return site.rng.next() < 0.5 ? [asIs(text), asIs(text)] : [asIs(text, 150 + 300 * site.rng.next())];
    }),
  ),
  row('D7', 'a frame crosses the book', onDepth(crossed)),
  row('D8', 'the channel is alive and frozen', freeze),
  row('D11', 'every book needs a snapshot at once, and some fail', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      for (const socket of site.world.host().link.sockets) if (socket.stream === 'public') socket.cut();
      site.hit();
    },
    request: (request, fate) => {
      if (request.kind !== 'depth' || !site.isOn() || site.rng.next() < 0.5) return;
      fate.instead = {
        status: 503,
        headers: {},
        body: { code: -1008, msg: 'Server is currently overloaded.' },
      };
    },
  })),
];
