import type { Ms } from '../../domain/units';
import type { Timer } from '../../runtime/runtime';
import { progressEveryMs, progressLateMs } from './common/constants';
import type { Engine } from './engine';

/**
 * Says that the engine works for as long as it does: it ticks in time, holds a lease, and this very word is committed.
 * A timer alone would go on in an engine that decides nothing any more. The answer tells the database's time.
 */
export function reportProgress(engine: Engine): Timer {
  const { runtime, store, boot, clock, leases } = engine;
  let isSaying = false;
  return runtime.timers.every(progressEveryMs, () => {
    if (isSaying || clock.lateMs() >= progressLateMs || !leases.holdsAny()) return;
    isSaying = true;
    const heard = (databaseNow: Ms): void => {
      for (const { reconciler } of [...engine.accounts.values(), ...engine.openings])
        reconciler.databaseSays(databaseNow);
    };
    const said = store.recordProgress(boot.ownerId).then(heard, () => undefined); // Then it was not said.
    void said.finally(() => (isSaying = false));
  });
}
