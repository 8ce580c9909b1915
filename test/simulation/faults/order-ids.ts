import { decodeClientOrderId } from '../../../src/domain/ids';
import { fillBefore, refusal } from './orders';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';
import { anyLive, symbolOf } from './targets';
import { onRequests } from './transport';

/** Executed, its answer lost, and the order traded away before anybody asks. */
function filledUnheard(site: FaultSite): FaultHooks {
  return {
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.isReplyLost = true;
      site.world.after(fate.ingressMs + 5, () => {
        if (fillBefore(site, request)) site.hit();
      });
    },
  };
}

const letters = 'ABCXYZ019_-./:';

/** An id that somebody else might choose; never one of ours. */
function strangeId(site: FaultSite): string {
  const { rng } = site;
  const ours = anyLive(site)?.clientOrderId ?? 'm000000000000000000000';
  const at = rng.int(ours.length);
  const drawn = Array.from({ length: 1 + rng.int(36) }, () => letters[rng.int(letters.length)]!).join('');
  const ids = [
    ours.slice(0, at) + (ours[at] === 'z' ? 'y' : 'z') + ours.slice(at + 1),
    ours.toUpperCase(),
    ours.slice(0, 21),
    `${ours}0`,
    drawn,
  ];
  const id = ids[rng.int(ids.length)]!;
  return decodeClientOrderId(id) ? drawn : id;
}

const mostPlanted = 12;

/** Orders of other people whose ids look odd, or almost like ours. */
function fuzzedIds(site: FaultSite): FaultHooks {
  const shown = new Set<string>();
  return {
    second: () => {
      if (shown.size >= mostPlanted || !site.strikes()) return;
      const id = strangeId(site);
      if (shown.has(id) || !site.world.plant(symbolOf(site), id)) return;
      shown.add(id);
      site.world.note('O21', `somebody rests ${id}`);
    },
    request: (request, fate) => {
      if (request.kind !== 'openOrders') return;
      fate.rewrite ??= (answer) => {
        const text = JSON.stringify(answer.body);
        if ([...shown].some((id) => text.includes(id))) site.hit();
        return answer;
      };
    },
  };
}

export const orderIdRows = [
  row(
    'O1',
    'a proxy sends a create again, and the second answer is heard',
    onRequests(['create'], (_site, fate) => {
      fate.rewrite = (answer) =>
        answer.status === 200 ? refusal(400, -2010, 'Duplicate order sent.') : answer;
    }),
  ),
  row('O2', 'an order has traded away before anybody heard of it', filledUnheard),
  row('O21', 'orders whose ids are odd, or almost ours', fuzzedIds),
];
