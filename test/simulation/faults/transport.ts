import type { Fate, RequestKind, SeenRequest, WireAnswer } from '../wire';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

const html = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';

/** Does `spoil` to a share of the requests of these kinds. */
export const onRequests =
  (kinds: readonly RequestKind[], spoil: (site: FaultSite, fate: Fate, request: SeenRequest) => void) =>
  (site: FaultSite): FaultHooks => ({
    request: (request, fate) => {
      if (!kinds.includes(request.kind) || !site.strikes()) return;
      fate.effects.push(() => site.hit());
      spoil(site, fate, request);
    },
  });

const orders: readonly RequestKind[] = ['create', 'cancel'];
const asked: readonly RequestKind[] = [
  'create',
  'cancel',
  'order',
  'openOrders',
  'trades',
  'balances',
  'depth',
];

export const pick = <T>(site: FaultSite, values: readonly T[]): T => values[site.rng.int(values.length)]!;

const answer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  ...{ status, headers, body },
});

/** The venue carries it out, or something before it does not; either way this is what is heard. */
function maybeExecuted(site: FaultSite, fate: Fate, heard: WireAnswer): void {
  if (site.rng.next() < 0.5) fate.instead = heard;
  else fate.rewrite = () => heard;
}

const unknownOutcomes = [
  [503, -1008, 'Server is currently overloaded with other requests. Please try again in a few minutes.'],
  [
    504,
    -1007,
    'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  ],
  [500, -1000, 'An unknown error occurred while processing the request.'],
  [400, -1006, 'An unexpected response was received from the message bus. Execution status unknown.'],
  [500, -1001, 'Internal error; unable to process your request. Please try again.'],
] as const;

export const transportRows = [
  row(
    'T1',
    'request lost before the venue',
    onRequests(orders, (_site, fate) => void (fate.isRequestLost = true)),
  ),
  row(
    'T2',
    'executed, reply lost',
    onRequests(orders, (_site, fate) => void (fate.isReplyLost = true)),
  ),
  row(
    'T3',
    'the venue answers that the outcome is unknown',
    onRequests(orders, (site, fate) => {
      const [status, code, msg] = pick(site, unknownOutcomes);
      maybeExecuted(site, fate, answer(status, { code, msg }));
    }),
  ),
  row(
    'T4',
    'a gateway answers with a page',
    onRequests(asked, (site, fate) => {
      const heard = answer(pick(site, [502, 504, 403, 500]), html, { 'content-type': 'text/html' });
      maybeExecuted(site, fate, heard);
    }),
  ),
  row(
    'T5',
    'a truncated, garbled or empty body',
    onRequests(asked, (site, fate) => {
      fate.rewrite = ({ status, headers, body }) => {
        const text = JSON.stringify(body);
        const cut = text.slice(0, site.rng.int(text.length));
        return answer(status, pick(site, ['', cut, `${cut}\u0000#`, 'null', '[]']), headers);
      };
    }),
  ),
  row(
    'T7',
    'rate limited',
    onRequests(asked, (site, fate) => {
      const msg = 'Too much request weight used; current limit is 6000 request weight per 1 MINUTE.';
      fate.instead = answer(429, { code: -1003, msg }, { 'retry-after': String(1 + site.rng.int(3)) });
    }),
  ),
  row('T9', 'a socket goes silent', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      const sockets = [...site.world.host().link.sockets];
      const socket = sockets[site.rng.int(Math.max(1, sockets.length))];
      if (!socket || socket.isSilent) return;
      socket.isSilent = true;
      site.world.note('T9', `${socket.stream} goes silent`);
      site.hit();
    },
    heal: () => {
      for (const socket of site.world.host().link.sockets) if (socket.isSilent) socket.cut();
    },
  })),
  row('T11', 'dials are refused', (site) => {
    let left = 0;
    return {
      second: () => {
        if (!site.strikes()) return;
        left = 1 + site.rng.int(5);
        for (const socket of site.world.host().link.sockets) socket.cut();
      },
      connect: () => {
        if (left === 0) return true;
        left -= 1;
        site.hit();
        return false;
      },
      heal: () => void (left = 0),
    };
  }),
];
