import type { HaltLevel } from '../../../src/modules/execution/store/types';
import { accountId } from '../seed-plan';
import type { FaultHooks, FaultSite } from './row';
import { row } from './row';

const levels: readonly HaltLevel[] = ['REDUCE_ONLY', 'CANCEL_ONLY', 'HALTED'];

/** A person holds back a strategy or the whole account, at any level; the desk lets it go again after a look. */
function heldBack(site: FaultSite): FaultHooks {
  return {
    second: () => {
      const { world, rng } = site;
      const { service, runtime, isStopping } = world.host();
      if (!service || runtime.isDead || isStopping || !site.strikes()) return;
      const { strategies } = world.plan;
      const isNarrow = rng.next() < 0.6;
      const scopeKey = isNarrow
        ? `strategy:${strategies[rng.int(strategies.length)]!.id}`
        : `account:${accountId}`;
      const level = levels[rng.int(levels.length)]!;
      if (service.halts().some((halt) => halt.scopeKey === scopeKey)) return;
      const halt = { scopeKey, actor: 'operator', reason: 'PERSON: holds it back for a while' };
      const done = level === 'HALTED' ? service.kill(halt) : service.tighten({ ...halt, level });
      void done.then(
        () => site.hit(),
        () => undefined, // Without a database it stands in memory, and nobody has heard yet that it is kept.
      );
    },
  };
}

export const personRows = [
  row('K6', 'a person holds back a scope', heldBack, ['PERSON', 'KILL_SWITCH', 'REDUCE_ONLY']),
];
