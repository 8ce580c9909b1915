import type { IntentBatch } from '../../../src/modules/execution/store/types';
import type { Host } from '../host';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

export const endings = ['killed', 'killed beside another', 'frozen', 'database cut'] as const;
export const heldStates = ['H1', 'H2', 'H3', 'H4', 'H5'] as const;
type Ending = (typeof endings)[number];

/**
 * What a held state ends in, counted by its name once the state was verified: the death of the engine, beside another
 * one or alone, a standstill, or the loss of the database. `goOn` lets what was held go on, where the engine lives.
 */
function end(site: FaultSite, host: Host, goOn: () => void): void {
  const { world, rng } = site;
  const chance = rng.next();
  const hit = (ending: Ending): void => site.hit(ending);
  if (chance < 0.5) {
    hit(world.hasStandby() ? 'killed beside another' : 'killed');
    return world.crash(100 + 4_900 * rng.next(), host);
  }
  if (chance < 0.75) {
    hit('frozen');
    host.standStill(100 * 400 ** rng.next());
    return goOn();
  }
  hit('database cut');
  world.setDatabaseDown(true);
  world.after(200 + 5_000 * rng.next(), () => world.setDatabaseDown(false));
  goOn();
}

/** Committed, unsent: the answer to the commit is kept back; the rows are there and the venue has seen nothing. */
function committedUnsent(site: FaultSite): FaultHooks {
  const { world, rng } = site;
  return {
    store: (name, fate, args) => {
      if (name !== 'commitIntents' || !site.strikes()) return;
      fate.isHeld = true;
      const ids = (args[0] as readonly IntentBatch[]).flatMap(({ orders }) =>
        orders.map((o) => o.clientOrderId),
      );
      const host = world.host();
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
  const soon = (giveUp: (host: Host) => void): void => {
    const host = site.world.host();
    site.world.after(20 + 500 * site.rng.next(), () => {
      if (!host.runtime.isDead) end(site, host, () => giveUp(host));
    });
  };
  return {
    store: (name, fate) => {
      if (name !== 'recordFills' || !site.strikes()) return;
      fate.delayMs += 60_000;
      soon((host) => host.store.cut('the transaction was given up'));
    },
    frame: ({ event }) => {
      if (event !== 'trade' || !site.strikes()) return undefined;
      soon(() => undefined);
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
