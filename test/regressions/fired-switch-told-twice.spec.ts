import type { Engine, OpenAccount } from '../../src/modules/execution/engine';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../src/modules/execution/store/types';
import type { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';
import { account, keylessEngine } from '../support/keyless-engine';

const rules = instrumentOf();
const scopeKey = `account:${account.id}`;
let runtime: VirtualRuntime;
let store: MemoryStore;
let engine: Engine;

/** An engine whose switch at a venue of this kind was armed half a minute ago, with two orders that rested since. */
async function armedAt(kind: 'account' | 'instrument'): Promise<void> {
  runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', account.id, { number: 7, instrument: rules.id });
  store.switches.declare(account.id, true);
  engine = await keylessEngine(runtime, store);
  const connector = {
    capabilities: { cancelAllAfter: kind },
    armDeadManSwitch: () => Promise.resolve(true),
  };
  const nothing = (): undefined => undefined;
  const reconciler = { cancel: nothing, stop: nothing, databaseSays: nothing };
  const open = { config: account, connector, rules: new Map(), reconciler };
  engine.accounts.set(account.id, open as unknown as OpenAccount);
  await engine.leases.take('s1');
  await runtime.advance(1_500);
  for (const id of ['m-a', 'm-b']) rest(id);
  await engine.switches.secure(account.id, rules.id);
  expect(engine.switches.view(account.id).state).toBe('armed');
  await runtime.advance(31_000);
}
afterEach(() => engine.shutdown());

function rest(clientOrderId: string): void {
  const now = runtime.now();
  const row: OrderRow = {
    ...{ clientOrderId, strategyId: 's1', accountId: account.id, venue: 'binance', instrument: rules.id },
    ...{ slotKey: clientOrderId, side: 'buy', type: 'limit', timeInForce: 'postOnly', price: '99.9' },
    ...{ quantity: '1', epoch: 1, committedAt: now, deadlineAt: now, venueOrderId: `v-${clientOrderId}` },
    ...{ bookedFilled: '0', ended: undefined },
  };
  engine.orders.load(row, rules, now);
}

const canceled = (id: string): void => {
  const told = { status: 'canceled', endReason: 'DEAD_MAN', source: 'ws-order' } as const;
  engine.orders.onOrderReport('binance', account.id, reportOf(id, told));
};
const standing = (): readonly string[] => engine.halts.all().map((halt) => halt.scopeKey);
const lift = (): Promise<unknown> => engine.halts.lift({ scopeKey, actor: 'a person', reason: 'looked' });

/**
 * The switch had fired, a person had looked and lifted the halt, and what was heard after that of another order of the
 * same moment halted the account again.
 */
describe('a switch that has fired is told once', () => {
  it('though a look that began before is answered after the lift', async () => {
    await armedAt('instrument');
    const rows = await store.standing(engine.boot.ownerId);
    let answer = (): void => undefined;
    const late = new Promise<typeof rows>((resolve) => (answer = () => resolve(rows)));
    jest.spyOn(store, 'standing').mockReturnValueOnce(late);
    const look = engine.halts.look();
    await runtime.advance(10);
    canceled('m-a');
    await runtime.advance(10);
    expect(standing()).toEqual([scopeKey]);
    await lift();
    answer();
    await look;
    const { state } = engine.switches.view(account.id);
    canceled('m-b');
    await runtime.advance(10);
    expect([state, standing()]).toEqual(['off', []]);
    await runtime.advance(2_000);
    expect((await store.standing(engine.boot.ownerId)).switches[0]?.armed).toBeNull();
  });

  it('though the venue names it again as the cause of an end that is heard of after the lift', async () => {
    await armedAt('account');
    canceled('m-a');
    await runtime.advance(10);
    expect(standing()).toEqual([scopeKey]);
    await lift();
    canceled('m-b');
    await runtime.advance(10);
    expect(standing()).toEqual([]);
  });

  it('and again when it fires again', async () => {
    await armedAt('account');
    canceled('m-a');
    await runtime.advance(10);
    await lift();
    engine.orders.trackIntent({ ...engine.orders.get('m-b')!, clientOrderId: 'm-c', rules } as never);
    const at = runtime.monotonic();
    engine.orders.apply('m-c', { kind: 'sent', at, atMs: runtime.now() });
    canceled('m-c');
    await runtime.advance(10);
    expect(standing()).toEqual([scopeKey]);
  });
});
