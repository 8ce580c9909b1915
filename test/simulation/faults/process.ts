import type { IntentBatch } from '../../../src/modules/execution/store/types';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

const downMs = (site: FaultSite): number => 100 + 4_900 * site.rng.next();
const crash = (site: FaultSite): void => site.world.crash(downMs(site));

/** Committed, unsent: the answer to the commit is kept back; the rows are there and the venue has seen nothing. */
function committedUnsent(site: FaultSite): FaultHooks {
  return {
    store: (name, fate, args) => {
      if (name !== 'commitIntents' || !site.strikes()) return;
      fate.isHeld = true;
      const ids = (args[0] as readonly IntentBatch[]).flatMap(({ orders }) =>
        orders.map((o) => o.clientOrderId),
      );
      const host = site.world.host();
      site.world.after(10 + 300 * site.rng.next(), () => {
        if (host.runtime.isDead) return;
        const isHeld =
          ids.some((id) => site.world.isDurable(id)) && !ids.some((id) => site.world.hasArrived(id));
        if (isHeld) site.hit();
        if (site.rng.next() < 0.75) return crash(site);
        site.world.freeze(site.rng.next() * 4_000);
        host.store.release();
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
      const host = site.world.host();
      site.world.after(100 + 4_000 * site.rng.next() ** 2, () => {
        const isHeld = host.link.heldRequests().some(({ id }) => id === request.id);
        if (host.runtime.isDead || !isHeld) return;
        site.hit();
        if (site.rng.next() < 0.75) crash(site);
        else host.link.release(() => site.rng.next() < 0.5);
      });
    },
    heal: () => site.world.host().link.release(() => site.rng.next() < 0.5),
  });

/** Executed, and not a byte of it delivered. */
function replyLost(site: FaultSite): FaultHooks {
  const kept = new Set<string>();
  return {
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.isReplyLost = true;
      const id = request.clientOrderId;
      kept.add(id);
      site.world.after(200 + 2_000 * site.rng.next(), () => {
        if (site.world.host().runtime.isDead) return;
        if (site.world.hasArrived(id)) site.hit();
        crash(site);
        kept.clear();
      });
    },
    frame: ({ stream, text }) =>
      stream === 'private' && kept.size > 0 && [...kept].some((id) => text.includes(id)) ? [] : undefined,
  };
}

/** Filled, unbooked: the frame, or the transaction it caused, is kept back. */
function unbooked(site: FaultSite): FaultHooks {
  const soon = (): void => {
    const host = site.world.host();
    site.world.after(20 + 500 * site.rng.next(), () => {
      if (host.runtime.isDead) return;
      site.hit();
      crash(site);
    });
  };
  return {
    store: (name, fate) => {
      if (name !== 'recordFills' || !site.strikes()) return;
      fate.delayMs += 60_000;
      soon();
    },
    frame: ({ stream, text }) => {
      if (stream !== 'private' || !text.includes('"x":"TRADE"') || !site.strikes()) return undefined;
      soon();
      return [];
    },
  };
}

/** Every second, perhaps. */
const now =
  (act: (site: FaultSite) => void) =>
  (site: FaultSite): FaultHooks => ({
    second: () => {
      if (!site.strikes()) return;
      act(site);
      site.hit();
    },
  });

export const processRows = [
  row('H1', 'killed between commit and send', committedUnsent),
  row('H2', 'killed between send and execution', keptAtIngress('create')),
  row('H3', 'killed between execution and reply', replyLost),
  row('H4', 'killed between fill and booking', unbooked),
  row('H5', 'killed while a cancel is unanswered', keptAtIngress('cancel')),
  row('P2', 'killed at any moment', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      site.world.after(1_000 * site.rng.next(), () => crash(site));
      site.hit();
    },
  })),
  row('P3', 'stopped in the middle of a tick', (site) => ({
    second: () => {
      if (!site.strikes()) return;
      site.world.after(1_000 * site.rng.next(), () => site.world.terminate(downMs(site)));
      site.hit();
    },
  })),
  row(
    'P5',
    'the process stands still',
    now((site) => site.world.freeze(100 + 30_000 * site.rng.next() ** 3)),
  ),
  row('C1', 'the wall clock is off', (site) => {
    let moved = 0;
    return {
      second: () => {
        if (!site.strikes()) return;
        const by = Math.round((site.rng.next() - 0.5) * 60_000);
        moved += by;
        site.world.stepWall(by);
        site.hit();
      },
      heal: () => site.world.stepWall(-moved),
    };
  }),
  row(
    'C2',
    'the wall clock steps by an hour',
    now((site) => site.world.stepWall(site.rng.next() < 0.5 ? 3_600_000 : -3_600_000)),
  ),
  row('C3', 'a stall between signature and write', (site) => ({
    request: (request, fate) => {
      if (request.kind !== 'create' || !site.strikes()) return;
      fate.writeMs = 50 + 3_000 * site.rng.next() ** 2;
      site.hit();
    },
  })),
];
