import BigNumber from 'bignumber.js';
import type { ClientOrder } from '../../domain/order';
import { bootBreakerBoots } from './common/constants';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import type { HaltListener } from './halts';
import type { LeaseListener } from './lease-keeper';
import { cancelAll } from './recover-orders';
import { scopeKeysOf, stopsCreates } from './store/halt-scopes';
import type { Session } from './session';
import type { Balance, HaltLevel, Offered } from './store/types';

/** A proof that was wrong or money that is not there stops creates; everything else stops the strategy. */
const milder: Readonly<Record<string, HaltLevel>> = {
  RESURRECTED: 'CANCEL_ONLY',
  LEDGER_NEGATIVE: 'CANCEL_ONLY',
};

type Placed = Pick<ClientOrder, 'strategyId' | 'accountId' | 'venue' | 'instrument'>;
type Answered = (ok: boolean, detail: string) => void;

/** What the engine does when a halt begins to stand and when it learns of its neighbours. */
export const haltEffects = (engine: () => Engine, storeAnswered: Answered): HaltListener => ({
  raised: (halt) => {
    const detail = `${halt.scopeKey} ${halt.level} by ${halt.actor}: ${halt.reason}`;
    engine().notify({ code: 'HALT', severity: 'page', detail });
    if (stopsCreates(halt)) pullScope(engine(), halt.scopeKey);
  },
  seenElsewhere: (strategies, offered) => {
    engine().leases.seen(strategies, offered);
    leaveTaken(engine());
    void refresh(engine(), [...strategies, ...offered]);
  },
  seenSwitches: (switches, askedAt) => engine().switches.seen(switches, askedAt),
  storeAnswered,
});

/** What the engine does when a lease is not its own any more. */
export const leaseEffects = (engine: () => Engine, storeAnswered: Answered): LeaseListener => ({
  refused: (detail) => engine().notify({ code: 'LEASE_NOT_HELD', severity: 'page', detail }),
  lost: (strategyId) => abandon(engine(), strategyId),
  expired: (strategyId) => pull(engine(), (order) => order.strategyId === strategyId),
  storeAnswered,
});

/** A promise was broken: the strategy stops here and in the database, until a person lifts it. */
export function haltStrategy(engine: Engine, strategyId: string, code: string, detail: string): void {
  engine.sessions.get(strategyId)?.halt(code, detail);
  const level = milder[code] ?? 'HALTED';
  const reason = `${code}: ${detail}`;
  void engine.halts.raise({ scopeKey: `strategy:${strategyId}`, level, reason, actor: engineActor });
}

/** Money that is not there has been spent: booked, and then nothing more of it. */
export function watchNegative(engine: Engine, strategyId: string, balances: readonly Balance[]): void {
  const holder = `strategy:${strategyId}`;
  const negative = balances.find((one) => one.holder === holder && new BigNumber(one.total).isNegative());
  if (!negative || engine.halts.over([holder])) return;
  haltStrategy(engine, strategyId, 'LEDGER_NEGATIVE', `${negative.total} ${negative.asset}`);
}

/** Money is gone that nobody can explain: every pair that trades it waits for a person. */
export function haltMissing(
  engine: Engine,
  { config, rules }: Pick<OpenAccount, 'config' | 'rules'>,
  { asset, difference }: { readonly asset: string; readonly difference: string },
): void {
  const traded = new Set(
    [...engine.sessions.values()]
      .filter(({ strategy }) => strategy.account.id === config.id)
      .map(({ strategy }) => strategy.rules.id),
  );
  for (const id of traded) {
    const { base, quote } = rules.get(id) ?? {};
    if (base !== asset && quote !== asset) continue;
    const reason = `ACCOUNT_UNRECONCILED: ${difference} ${asset} against the books`;
    const scopeKey = `instrument:${config.id}/${id}`;
    void engine.halts.raise({ scopeKey, level: 'HALTED', reason, actor: engineActor });
  }
}

/** An engine that keeps dying must not keep trading: it may cancel, and waits for a person. */
export function tripBootBreaker(engine: Engine, engineId: string, uncleanBoots: number): void {
  if (uncleanBoots < bootBreakerBoots) return;
  const reason = `BOOT_BREAKER: ${uncleanBoots} boots in a row ended without a word`;
  const scopeKey = `engine:${engineId}`;
  void engine.halts.raise({ scopeKey, level: 'CANCEL_ONLY', reason, actor: engineActor });
}

/** The scopes an order is in; its session knows its owner. */
export const scopesOf = (engine: Engine, order: Placed): readonly string[] =>
  engine.sessions.get(order.strategyId)?.strategy.scopes ?? scopeKeysOf(order.strategyId, order);

/** A halt of one engine is about everything that one has, and nothing of another. */
function pullScope(engine: Engine, scopeKey: string): void {
  const { ownerId, nonce } = engine.boot;
  const isAll = scopeKey === `engine:${ownerId.slice(0, -nonce.length - 1)}`;
  pull(engine, (order) => isAll || scopesOf(engine, order).includes(scopeKey));
}

/** Cancels at once, without waiting for the tick. */
function pull(engine: Engine, isIn: (order: ClientOrder) => boolean): void {
  for (const account of engine.accounts.values()) {
    const mine = engine.orders.allUnended().filter((order) => order.accountId === account.config.id);
    cancelAll(account, mine.filter(isIn));
  }
}

/** Another engine may trade it now: our orders go, and the session with them. Under a halt it stays to say why. */
function abandon(engine: Engine, strategyId: string): void {
  pull(engine, (order) => order.strategyId === strategyId);
  const session = engine.sessions.get(strategyId);
  if (session && !engine.halts.over(session.strategy.scopes)) leave(engine, session);
}

/** The halt that a session stayed for is lifted, and another engine runs the strategy: its orders are that one's now. */
function leaveTaken(engine: Engine): void {
  for (const session of [...engine.sessions.values()]) {
    const { id } = session.strategy;
    if (engine.leases.isElsewhere(id) && engine.leases.epochOf(id) === 0) leave(engine, session);
  }
}

function leave(engine: Engine, { name, strategy: { id, account, rules } }: Session): void {
  engine.clock.unregister(name);
  engine.sessions.delete(id);
  engine.books.unfollow(account, rules.id);
  const detail = 'another engine may have it';
  engine.notify({ code: 'LEASE_LOST', severity: 'page', detail, strategyId: id });
}

/** The money that other engines move lies on the same accounts: what it is now comes from the Store. */
async function refresh(engine: Engine, strategies: readonly Offered[]): Promise<void> {
  const shared = strategies.filter(({ accountId }) => engine.accounts.has(accountId));
  if (shared.length === 0) return;
  for (const { strategyId, accountId } of shared)
    engine.holdings.belongs(`strategy:${strategyId}`, accountId);
  const holders = shared.map(({ strategyId }) => `strategy:${strategyId}`);
  await engine.store.balances(holders).then(
    (balances) => engine.holdings.update(balances),
    () => undefined, // The next look comes in a second.
  );
}
