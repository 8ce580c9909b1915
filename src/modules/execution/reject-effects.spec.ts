import type { ApprovedOrder } from '../../domain/approved-order';
import type { RejectCode } from '../../domain/sent';
import { createVirtualRuntime } from '../../runtime/virtual-runtime';
import { instrumentOf } from '../../../test/support/decisions';
import { createEngine } from './create-engine';
import type { Engine, OpenAccount } from './engine';
import { orderAnswered } from './reject-effects';
import { Session } from './session';
import { MemoryStore } from './store/memory-store';

const rules = instrumentOf();
const account = { id: 'a1', venue: 'binance', environment: 'sim' } as const;

async function sceneOf() {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', account.id, { number: 7, instrument: rules.id });
  const engine = await createEngine(
    runtime,
    store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    {
      credentials: { credentials: () => Promise.reject(new Error('no keys')) },
      ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    },
  );
  const session = new Session(
    { id: 's1', number: 7, account, rules, scopes: [] } as unknown as Session['strategy'],
    { notify: () => undefined } as unknown as ConstructorParameters<typeof Session>[1],
    new Map(),
  );
  engine.sessions.set('s1', session);
  return { runtime, engine, session };
}

function refuse(engine: Engine, session: Session, code: RejectCode): void {
  const feed = { rulesOf: () => rules, rereadRules: () => Promise.resolve(rules) };
  const open = { config: account, connector: { feed }, reconciler: { hurryBalances: () => undefined } };
  const order = {
    clientOrderId: 'o1',
    strategyId: 's1',
    accountId: 'a1',
    instrument: rules.id,
    side: 'buy',
    rules,
  };
  const sent = { kind: 'rejected', code, venueCode: '-1', text: 'no' } as const;
  const asked = { order: order as unknown as ApprovedOrder, sent };
  orderAnswered(engine, open as unknown as OpenAccount, session, asked);
}

it('takes what was live when the venue refused one more as its budget', async () => {
  const { runtime, engine, session } = await sceneOf();
  const budget = () =>
    engine.risk.memory.recent('s1', { accountId: 'a1', instrument: rules.id }, runtime.monotonic())
      .orderBudget;
  refuse(engine, session, 'BALANCE');
  expect(budget()).toBeUndefined();
  refuse(engine, session, 'LIMIT');
  expect(budget()).toBe(1); // None lives; one is always tried.
  await engine.shutdown();
});

it.each<[RejectCode, readonly string[]]>([
  ['AUTH', ['account:a1 HALTED AUTH: the venue refused an order for good: -1 no']],
  ['RESTRICTED', ['account:a1 HALTED RESTRICTED: the venue refused an order for good: -1 no']],
  ['SYMBOL', [`instrument:a1/${rules.id} HALTED SYMBOL: the venue refused an order for good: -1 no`]],
  ['BAD_REQUEST', ['strategy:s1 HALTED BAD_REQUEST: the venue refused an order for good: -1 no']],
  ['BALANCE', []],
  ['POST_ONLY', []],
  ['FILTER', []],
  ['LIMIT', []],
  ['MARKET_CLOSED', []],
  ['RATE', []],
  ['CLOCK', []],
])('an order refused with %s halts %j', async (code, expected) => {
  const { runtime, engine, session } = await sceneOf();
  refuse(engine, session, code);
  refuse(engine, session, code); // Orders of one tick are refused together.
  await runtime.advance(2_000);
  const { halts } = await engine.store.standing('another');
  expect(halts.map(({ scopeKey, level, reason }) => `${scopeKey} ${level} ${reason}`)).toEqual(expected);
  await engine.shutdown();
});
