import type { Fill } from '../../../src/domain/fill';
import type { OwnTrade } from '../../../src/venue-simulator/venue-types';
import type { IntentBatch } from '../../../src/modules/execution/store/types';
import type { Host } from '../host';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

export const endings = [
  ...(['killed', 'killed, another boots', 'killed beside another', 'frozen', 'database cut'] as const),
] as const;
export const heldStates = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'] as const;
type Ending = (typeof endings)[number];

/**
 * What a held state ends in, counted by its name once the state was verified: the death of the engine, beside another
 * one or alone, a standstill, or the loss of the database. `goOn` lets what was held go on, where the engine lives.
 */
export function end(site: FaultSite, host: Host, goOn: () => void): void {
  const { world, rng } = site;
  const chance = rng.next();
  const hit = (ending: Ending): void => site.hit(ending);
  if (chance < 0.5) {
    const downMs = 100 + 4_900 * rng.next();
    const isAnother = !world.hasStandby() && rng.next() < 0.4;
    hit(isAnother ? 'killed, another boots' : world.hasStandby() ? 'killed beside another' : 'killed');
    return world.crash(downMs, host, isAnother);
  }
  if (chance < 0.75) {
    hit('frozen');
    host.standStill(100 * 400 ** rng.next());
    return goOn();
  }
  hit('database cut');
  host.store.setApart(true); // This engine alone.
  world.after(200 + 5_000 * rng.next(), () => host.store.setApart(false));
  goOn();
}

/** Committed, unsent: the answer to the commit is kept back; the rows are there and the venue has seen nothing. */
function committedUnsent(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  return {
    store: (name, fate, args, host) => {
      if (name !== 'commitIntents' || !site.strikes()) return;
      fate.isHeld = true;
      const ids = (args[0] as readonly IntentBatch[]).flatMap(({ orders }) =>
        orders.map((o) => o.clientOrderId),
      );
      world.after(10 + 300 * rng.next(), () => {
        if (host.runtime.isDead) return;
        const isHeld = ids.some((id) => world.isDurable(id)) && !ids.some((id) => world.hasArrived(id));
        if (isHeld) end(site, host, () => host.store.release());
        else host.store.release();
      });
    },
  };
}

/** Sent, unanswered: kept at the door of the venue. `kind` decides between H2 and H5. */
const keptAtIngress =
  (kind: 'create' | 'cancel') =>
  (site: FaultSite): FaultHooks => ({
    request: (request, fate) => {
      if (request.kind !== kind || !site.strikes()) return;
      fate.isHeld = true;
      const { world, rng } = site;
      const host = world.hostOf(request.host);
      world.after(100 + 4_000 * rng.next() ** 2, () => {
        const isHeld = host?.link.heldRequests().some(({ id }) => id === request.id);
        if (!host || host.runtime.isDead || !isHeld) return;
        end(site, host, () => host.link.release(() => rng.next() < 0.5));
      });
    },
    heal: () => {
      for (const host of site.world.allHosts()) host.link.release(() => site.rng.next() < 0.5);
    },
  });

/** Executed, and not a byte of it delivered. */
function replyLost(site: FaultSite): FaultHooks {
  const kept = new Set<string>();
  const { world, rng } = site;
  return {
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.isReplyLost = true;
      const id = request.clientOrderId;
      kept.add(id);
      world.after(200 + 2_000 * rng.next(), () => {
        const host = world.hostOf(request.host);
        kept.delete(id);
        if (host && !host.runtime.isDead && world.hasArrived(id)) end(site, host, () => undefined);
      });
    },
    frame: ({ stream, text }) =>
      stream === 'private' && kept.size > 0 && [...kept].some((id) => text.includes(id)) ? [] : undefined,
  };
}

/** Filled, unbooked: the frame, or the transaction it caused, is kept back. */
function unbooked(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  const soon = (host: Host, isIt: (trade: OwnTrade) => boolean, giveUp: () => void): void =>
    world.after(20 + 500 * rng.next(), () => {
      if (host.runtime.isDead) return;
      if (world.unbooked().some(isIt)) end(site, host, giveUp);
      else giveUp();
    });
  return {
    store: (name, fate, args, host) => {
      if (name !== 'recordFills' || !site.strikes()) return;
      fate.delayMs += 60_000;
      const fills = args[0] as readonly Fill[];
      const isIt = (trade: OwnTrade): boolean =>
        fills.some(({ tradeId }) => tradeId === String(trade.tradeId));
      soon(host, isIt, () => host.store.cut('the transaction was given up'));
    },
    frame: ({ event, text }) => {
      if (event !== 'trade' || !site.strikes()) return undefined;
      const isIt = (trade: OwnTrade): boolean => text.includes(String(trade.tradeId));
      soon(world.host(), isIt, () => undefined);
      return [];
    },
  };
}

export const heldRows = [
  row('H1', 'held between commit and send', committedUnsent),
  row('H2', 'held between send and execution', keptAtIngress('create')),
  row('H3', 'held between execution and reply', replyLost),
  row('H4', 'held between fill and booking', unbooked),
  row('H5', 'held while a cancel is unanswered', keptAtIngress('cancel')),
];
