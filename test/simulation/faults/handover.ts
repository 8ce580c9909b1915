import { decodeClientOrderId } from '../../../src/domain/ids';
import type { HandedStrategy } from '../../../src/modules/execution/types';
import type { Host } from '../host';
import { switchAsked, switchPaths } from '../oracle/switch-judge';
import type { SeenRequest } from '../wire';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

/** Between two handovers there is time to quote, and for the lists that lag behind. */
const restMs = 20_000;
const lookMs = 100;
/** The bound of the whole stop, and time for the last answer. */
const longestMs = 27_000;
/** Nobody looks after an order for longer: six seconds for somebody to take it, and the look that finds nobody has. */
const longestOfferMs = 8_000;
/** A busy database: what it knows of an account may take so long to come. */
const slowestLoadMs = 2_000;

/** What else happens while an engine hands over. */
type Meanwhile = (site: FaultSite, leaving: Host, taking: Host) => void;

const viewOf = (host: Host): readonly HandedStrategy[] => host.service?.handover.view ?? [];

/**
 * A deploy: the engine that trades leaves its strategies to the one that stands by, ends, and boots again behind it. It
 * counts when the other one goes on with a live order that it has not made.
 */
const deploy =
  (meanwhile?: Meanwhile) =>
  (site: FaultSite): FaultHooks => {
    const { world } = site;
    let leaving: Host | undefined;
    let free = 0;
    const offeredSince = new Map<string, number>();
    /** Nothing else happens to either engine meanwhile. */
    const isUnderWay = (): boolean => leaving !== undefined && !meanwhile && world.now() < free - restMs;
    const judge = (host: Host, until: number): void => {
      const offered = host.runtime.isDead ? [] : viewOf(host).filter(({ fate }) => fate === 'offered');
      for (const { strategyId } of offered) {
        const since = offeredSince.get(`${host.parts.name} ${strategyId}`) ?? world.now();
        offeredSince.set(`${host.parts.name} ${strategyId}`, since);
        const says = (): string => `${strategyId} is offered since ${world.now() - since} ms`;
        world.check('I8', world.now() - since <= longestOfferMs || world.plan.mode !== 'focus', says);
      }
      if (world.now() < until) world.after(250, () => judge(host, until));
    };
    const look = (from: Host, to: Host, until: number): void => {
      if (hasInherited(site, to)) site.hit('taken over');
      else if (world.now() < until) world.after(lookMs, () => look(from, to, until));
    };
    return {
      second: () => {
        const from = world.host();
        const to = world.allHosts().find((host) => host !== from);
        const isTrading = from.engine?.leases.holdsAny() ?? false;
        if (world.now() < free || !to || !isTrading || !world.hasStandby() || !site.strikes()) return;
        free = world.now() + longestMs + restMs;
        if (!world.handOver(from, 100 + 4_900 * site.rng.next())) return;
        leaving = from;
        judge(from, world.now() + longestMs);
        if (meanwhile) meanwhile(site, from, to);
        else look(from, to, world.now() + longestMs);
      },
      // Between the lease and the record of its orders the venue goes on showing them.
      store: (name, fate, _args, caller) => {
        if (name === 'load' && caller !== leaving && isUnderWay())
          fate.delayMs += slowestLoadMs * site.rng.next();
      },
      // Left alone, neither the old engine nor the new one takes anything away before it is somebody's.
      request: ({ kind, host, clientOrderId, raw }) => {
        if (isUnderWay()) expectArmed(site, raw);
        if (!leaving || kind !== 'cancel' || world.plan.mode !== 'focus') return;
        if (host === leaving.parts.name) expectKept(site, leaving, clientOrderId);
        else if (isUnderWay()) expectFollowed(site, host, clientOrderId);
      },
    };
  };

/** Whoever leaves them cancels none that it has let go of. */
function expectKept({ world }: FaultSite, leaving: Host, clientOrderId: string): void {
  const number = decodeClientOrderId(clientOrderId)?.strategyNumber;
  const id = world.plan.strategies.find((one) => one.number === number)?.id;
  const fate = viewOf(leaving).find((one) => one.strategyId === id)?.fate;
  const says = (): string => `${clientOrderId} was left to another engine and is cancelled as ${fate}`;
  world.check('I14', fate !== 'offered' && fate !== 'taken', says);
}

/** Whoever takes them cancels no live order before it has it in its own books. */
function expectFollowed({ world }: FaultSite, host: string, clientOrderId: string): void {
  const number = decodeClientOrderId(clientOrderId)?.strategyNumber;
  const live = [...(world.view.standings.get(number ?? -1)?.live.values() ?? [])];
  const isLive = live.some((order) => order.clientOrderId === clientOrderId);
  const isFollowed = world.hostOf(host)?.engine?.orders.get(clientOrderId) !== undefined;
  const says = (): string => `${clientOrderId} is live and is cancelled by ${host}, which does not follow it`;
  world.check('I14', isFollowed || !isLive, says);
}

/** Between two engines that are both well, the switch of the venue is not ended while orders rest where it stands. */
function expectArmed({ world }: FaultSite, raw: SeenRequest['raw']): void {
  if (!switchPaths.test(raw.path) || world.plan.mode !== 'focus') return;
  const { place, seconds } = switchAsked(raw);
  if (seconds > 0) return;
  const resting = [...world.view.standings.values()]
    .flatMap(({ live }) => [...live.values()])
    .filter(({ symbol }) => place === '*' || symbol === place.replace('_', ''));
  const says = (): string => `the switch of ${place} is ended and ${resting.length} orders rest there`;
  world.check('deadMan', resting.length === 0, says);
}

/** An order of another boot is live at the venue and goes on in a session of this engine. */
function hasInherited({ world }: FaultSite, { engine, runtime }: Host): boolean {
  if (!engine || runtime.isDead) return false;
  return world.plan.strategies.some(({ id, number }) => {
    const live = [...world.view.standings.get(number)!.live.values()].map((order) => order.clientOrderId);
    const isInherited = (clientOrderId: string): boolean =>
      decodeClientOrderId(clientOrderId)?.nonce !== engine.boot.nonce && live.includes(clientOrderId);
    return (
      engine.sessions.get(id)?.mode === 'running' &&
      engine.orders.unended(id).some((order) => order.command === 'NONE' && isInherited(order.clientOrderId))
    );
  });
}

/** The one that hands over dies at a moment of it; it is named by how far the strategies had come. */
const diesInIt: Meanwhile = (site, leaving) => {
  const { world, rng } = site;
  world.after(10 + 4_000 * rng.next() ** 2, () => {
    if (leaving.runtime.isDead) return;
    const fates = [...new Set(viewOf(leaving).map(({ fate }) => fate))].sort().join('+');
    site.hit(`killed, ${fates || 'before'}`);
    world.crash(100 + 20_000 * rng.next(), leaving);
  });
};

/** The one that takes over dies, before it has anything or soon after. */
const successorDies: Meanwhile = (site, leaving, taking) => {
  const { world, rng } = site;
  world.after(rng.next() < 0.5 ? 0 : 10 + 3_000 * rng.next() ** 2, () => {
    if (taking.runtime.isDead) return;
    const isTaken = viewOf(leaving).some(({ fate }) => fate === 'taken');
    site.hit(isTaken ? 'successor killed, taken' : 'successor killed, not taken');
    world.crash(1_000 + 29_000 * rng.next(), taking);
  });
};

/** Rows of a deploy without a quoting gap. */
export const handoverRows = [
  row('P8', 'an operator hands over to the engine that stands by', deploy()),
  row('P8k', 'the engine that hands over dies in the middle of it', deploy(diesInIt)),
  row('P8s', 'the engine that takes over dies in the middle of it', deploy(successorDies)),
];
