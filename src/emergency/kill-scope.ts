import { decodeClientOrderId } from '../domain/ids';
import type { OrderReport } from '../domain/venue-event';
import type { AccountConfig } from '../modules/execution/types';
import type { HaltedScope } from '../modules/execution/store/types';

export const scopeForms =
  'global, venue:<venue>, account:<id>, instrument:<account>/<symbol>, owner:<id> or strategy:<id>';

const scopePattern = /^(global|(venue|account|instrument|owner|strategy):\S+)$/;

export const isScopeKey = (text: string): boolean => scopePattern.test(text);

/** The accounts on which orders of the scope may rest. */
export function accountsIn<A extends AccountConfig>(
  scopeKey: string,
  accounts: readonly A[],
  { strategies }: Pick<HaltedScope, 'strategies'>,
): readonly A[] {
  const [kind, rest] = splitScope(scopeKey);
  const covered = new Set(strategies.map(({ accountId }) => accountId));
  return accounts.filter(({ id, venue }) => {
    if (kind === 'global') return true;
    if (kind === 'venue') return venue === rest;
    if (kind === 'account') return id === rest;
    return kind === 'instrument' ? rest.startsWith(`${id}/`) : covered.has(id);
  });
}

/** False for a scope that names an account or a venue there is none of: a slip of the pen, and no halt. */
export function mayHold(scopeKey: string, accounts: readonly AccountConfig[]): boolean {
  const [kind] = splitScope(scopeKey);
  const isByStrategy = kind === 'global' || kind === 'strategy' || kind === 'owner';
  return isByStrategy || accountsIn(scopeKey, accounts, { strategies: [] }).length > 0;
}

/** Whether an order is ours and in the scope: by its client order id, and for an instrument by its market. */
export function wantedIn(
  scopeKey: string,
  installation: string,
  { strategies }: Pick<HaltedScope, 'strategies'>,
): (order: OrderReport) => boolean {
  const [kind, rest] = splitScope(scopeKey);
  const numbers = new Set(strategies.map(({ number }) => number));
  return ({ clientOrderId, instrument }) => {
    const id = decodeClientOrderId(clientOrderId ?? '');
    if (id?.installation !== installation) return false;
    if (kind === 'instrument') return rest.endsWith(`/${instrument}`);
    return kind === 'strategy' || kind === 'owner' ? numbers.has(id.strategyNumber) : true;
  };
}

function splitScope(scopeKey: string): readonly [string, string] {
  const at = scopeKey.indexOf(':');
  return at < 0 ? [scopeKey, ''] : [scopeKey.slice(0, at), scopeKey.slice(at + 1)];
}
