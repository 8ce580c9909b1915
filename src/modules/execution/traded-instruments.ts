import type { Instrument } from '../../domain/instrument';
import { mayRest } from '../../domain/order';
import type { ClientOrder } from '../../domain/order';
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
  engine.rules.reasons({
    inForce: [rules],
    ofOrders: drawnFrom(engine, rules).rules,
    ...placeOf(account, rules),
  });

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
    traded.set(key, {
      inForce,
      ofOrders: drawnFrom(engine, rules).rules,
      isOffGrid,
      ...placeOf(account, rules),
    });
  }
  return [...traded.values()];
}

/** What is drawn from the list of a market's open orders. */
interface Drawn {
  readonly resting: readonly ClientOrder[];
  /** The rules they were made under, each once. */
  readonly rules: readonly Instrument[];
}
/** By the list itself, which is never altered: its tracker makes another when one of the orders changes. */
const known = new WeakMap<readonly ClientOrder[], Drawn>();

function drawnFrom({ orders }: Engine, market: Instrument): Drawn {
  const open = orders.unendedOn(market);
  const before = known.get(open);
  if (before) return before;
  const rules = open.map(({ clientOrderId }) => orders.rulesOf(clientOrderId));
  const drawn: Drawn = {
    resting: open.filter(mayRest),
    rules: [...new Set(rules)].filter((each) => each !== undefined),
  };
  known.set(open, drawn);
  return drawn;
}

/** The open orders of a market that its book may show, whoever's they are. */
export const restingOn = (engine: Engine, market: Instrument): readonly ClientOrder[] =>
  drawnFrom(engine, market).resting;
