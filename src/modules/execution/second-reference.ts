import type { InstrumentId } from '../../domain/instrument';
import type { Engine, OpenAccount } from './engine';
import { bookOf } from './traded-instruments';

/** Another venue's mid of the same pair, else the average of the last minute's trades; in ticks of the instrument. */
export function secondReference(engine: Engine, account: OpenAccount, id: InstrumentId): number | undefined {
  const tick = account.rules.get(id)?.tickSize ?? NaN;
  const elsewhere = otherMid(engine, account, id);
  const { feed } = account.connector;
  const price = elsewhere ?? engine.risk.trades.average(feed, id, engine.runtime.monotonic());
  return price === undefined || !(tick > 0) ? undefined : price / tick;
}

function otherMid(engine: Engine, { config }: OpenAccount, id: InstrumentId): number | undefined {
  for (const other of engine.accounts.values()) {
    const { venue, environment } = other.config;
    if (venue === config.venue || environment !== config.environment) continue;
    const rules = other.rules.get(id);
    if (!rules) continue;
    const { livenessAgeMs, staleAfterMs, publicTouch: touch } = bookOf(engine, other, rules);
    if (touch && livenessAgeMs <= staleAfterMs) return ((touch.bid + touch.ask) / 2) * rules.tickSize;
  }
  return undefined;
}
