import type { Instrument } from '../../domain/instrument';
import type { BookView } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import type { RulesParts, TradedInstrument } from './rules-keeper';
import { invalidView, neverAlive } from './trackers/tracked-book';
import type { RestingOrder } from './trackers/tracked-book';

/** What the keeper of the rules needs of an engine. */
export const rulesPartsOf = (engine: () => Engine): Omit<RulesParts, 'runtime' | 'notify'> => ({
  traded: () => tradedBy(engine()),
  adopt: (rules) => {
    for (const { config, rules: known } of engine().accounts.values())
      if (config.venue === rules.venue) known.set(rules.id, rules);
  },
  halt: (accountId, instrument, detail) => {
    const scopeKey = `instrument:${accountId}/${instrument}`;
    const reason = `INSTRUMENT_HALTED: ${detail}`;
    void engine().halts.raise({ scopeKey, level: 'HALTED', reason, actor: engineActor });
  },
  windDown: ({ venue, id }, detail) => {
    const sessions = [...engine().sessions.values()].map(({ strategy }) => strategy);
    const traders = sessions.filter(({ account, rules }) => account.venue === venue && rules.id === id);
    for (const accountId of new Set(traders.map(({ account }) => account.id))) {
      const scopeKey = `instrument:${accountId}/${id}`;
      const reason = `WIND_DOWN: ${id} ${detail}`;
      void engine().halts.raise({ scopeKey, level: 'HALTED', reason, actor: engineActor });
    }
  },
});

/** What the rules of an instrument have against quoting it now. */
export const rulesReasons = (engine: Engine, account: OpenAccount, rules: Instrument): readonly Reason[] =>
  engine.rules.reasons({ inForce: [rules], ofOrders: engine.orders.unendedOn(rules).rules, ...placeOf(account, rules) });

/** The book in the steps of these rules; invalid while the venue writes it in others. */
export function bookOf(
  engine: Engine,
  account: OpenAccount,
  rules: Instrument,
  own?: readonly RestingOrder[],
): BookView {
  const latest = account.connector.feed.rulesOf(rules.id)?.rules;
  const isSame =
    latest === undefined ||
    (latest.tickSize === rules.rules.tickSize && latest.lotSize === rules.rules.lotSize);
  if (isSame) return engine.books.view(rules.venue, rules.id, own, engine.orders.left.on(rules));
  const now = engine.runtime.monotonic();
  return invalidView('its steps have changed', 0, { ...neverAlive, now });
}

export const placeOf = ({ config, connector }: OpenAccount, { id }: Instrument) => ({
  venue: config.venue,
  id,
  feed: connector.feed,
});

/** Each instrument with a session, once, however many accounts and sessions trade it. */
function tradedBy(engine: Engine): readonly TradedInstrument[] {
  const traded = new Map<string, TradedInstrument>();
  for (const { strategy } of engine.sessions.values()) {
    const account = engine.accounts.get(strategy.account.id);
    if (!account) continue;
    const { rules } = strategy;
    const key = `${rules.venue}|${rules.id}`;
    const inForce = [...(traded.get(key)?.inForce ?? []), rules];
    const isOffGrid = engine.books.problemOf(rules.venue, rules.id).startsWith('off grid');
    traded.set(key, { inForce, ofOrders: engine.orders.unendedOn(rules).rules, isOffGrid, ...placeOf(account, rules) });
  }
  return [...traded.values()];
}
