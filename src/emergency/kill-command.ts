import { userInfo } from 'node:os';
import type { Settings } from '../config/load-config';
import type { Mono } from '../domain/units';
import type { AccountView } from '../modules/accounts/account';
import { PostgresStore } from '../modules/execution/store/postgres-store.repository';
import type { HaltedScope, NewHalt } from '../modules/execution/store/types';
import type { Runtime } from '../runtime/runtime';
import { accountsIn, mayHold, wantedIn } from './kill-scope';
import { LastResort } from './last-resort';
import type { SweepResult } from './own-order-sweep';
import { OwnOrderSweep } from './own-order-sweep';

export interface KillOrder {
  readonly scopeKey: string;
  readonly reason: string;
  readonly timeoutMs: number;
}

/** What the command works with, and where it says what it does. */
export interface KillTools {
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly say: (line: string) => void;
}

/**
 * The kill switch without an engine: writes the halt, which every engine that lives obeys, then cancels the orders of
 * the scope at the venue and proves that none is left. Answers the exit code: 0 proved, 1 not proved, 2 nothing in scope.
 */
export async function killWithoutEngine(tools: KillTools, order: KillOrder): Promise<number> {
  const { runtime, settings, databaseUrl } = tools;
  const until = runtime.monotonic() + order.timeoutMs;
  const resort = await LastResort.open(runtime, settings, databaseUrl);
  try {
    const all = await resort.accounts.list();
    if (!mayHold(order.scopeKey, all)) return nothingIn(order.scopeKey, all, tools.say);
    const { scopeKey, reason } = order;
    const actor = `cli:${userInfo().username}`;
    const halted = await halt(tools, { scopeKey, level: 'HALTED', reason, actor });
    const accounts = accountsIn(scopeKey, all, halted);
    if (accounts.length === 0) return nothingIn(scopeKey, all, tools.say);
    const sweeps = accounts.map((account) => sweep(tools, resort, { account, scopeKey, halted, until }));
    return conclude(scopeKey, accounts, await Promise.allSettled(sweeps), tools.say);
  } finally {
    await resort.close();
  }
}

interface Target {
  readonly account: AccountView;
  readonly scopeKey: string;
  readonly halted: HaltedScope;
  readonly until: Mono;
}

async function sweep(
  { runtime, say }: KillTools,
  resort: LastResort,
  { account, scopeKey, halted, until }: Target,
): Promise<SweepResult> {
  const tell = (text: string): void => say(`${account.name.padEnd(12)} ${text}`);
  const installation = await resort.records.installation();
  if (installation === undefined) tell('no engine has ever used this database: no order can be ours');
  const isWanted = wantedIn(scopeKey, installation ?? '', halted);
  const connector = await resort.connectorOf(account);
  return new OwnOrderSweep({ runtime, connector, isWanted, tell }).run(until, () => true);
}

async function halt({ runtime, databaseUrl, say }: KillTools, wanted: NewHalt): Promise<HaltedScope> {
  const store = new PostgresStore(databaseUrl, runtime);
  try {
    const done = await store.kill(wanted);
    const { scopeKey, level, actor } = done.halt;
    say(`halted       ${scopeKey} ${level} by ${actor}: ${done.strategies.length} strategies may not create`);
    return done;
  } finally {
    await store.close();
  }
}

function nothingIn(scopeKey: string, all: readonly AccountView[], say: KillTools['say']): number {
  say(`${scopeKey} has no account here: nothing was cancelled. The accounts are`);
  for (const { id, name, venue, environment } of all) say(`  account:${id}  ${name} ${venue} ${environment}`);
  return 2;
}

function conclude(
  scopeKey: string,
  accounts: readonly AccountView[],
  results: readonly PromiseSettledResult<SweepResult>[],
  say: KillTools['say'],
): number {
  let isProved = true;
  results.forEach((result, index) => {
    const name = accounts[index]!.name.padEnd(12);
    if (result.status === 'fulfilled' && result.value.isSwept) return;
    isProved = false;
    if (result.status === 'rejected') return say(`${name} NOT CANCELLED: ${String(result.reason)}`);
    const { left } = result.value;
    say(`${name} NOT PROVED: ${left === undefined ? 'the venue did not answer' : `left ${left.join(' ')}`}`);
  });
  if (isProved) say(`done         nothing of ours rests in ${scopeKey}; lift the halt to trade again`);
  return isProved ? 0 : 1;
}
