import type { Fill } from '../../src/domain/fill';
import type { OpenAccount } from '../../src/modules/execution/engine';
import { openSession } from '../../src/modules/execution/open-session';
import { lossBreach } from '../../src/modules/execution/risk/loss-checks';
import { defaultLimits } from '../../src/modules/execution/risk/limits';
import type { RiskLimits } from '../../src/modules/execution/risk/limits';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { instrumentOf } from '../support/decisions';
import { account, keylessEngine, wanted } from '../support/keyless-engine';

const rules = instrumentOf();
const noon = 1_764_072_000_000;

const fillOf = (tradeId: string, part: Partial<Fill>): Fill => ({
  ...{
    venue: 'binance',
    accountId: 'a1',
    strategyId: 's1',
    instrument: rules.id,
    tradeId,
    clientOrderId: 'o',
  },
  ...{ venueOrderId: 'v', base: rules.base, quote: rules.quote, fee: '0', feeAsset: rules.quote },
  ...{ liquidity: 'maker', venueTime: noon, source: 'ws-trade', side: 'buy', price: '100', quantity: '10' },
  ...part,
});

/** Which loss limit the strategy is beyond once a boot that knows only the record has its first price. */
async function breachAfterARestart(startMs: number): Promise<string | undefined> {
  const runtime = createVirtualRuntime({ seed: 1, startMs: noon });
  const store = new MemoryStore({ now: () => runtime.now() });
  store.assignStrategy('s1', 'a1', { number: 7, instrument: rules.id });
  await store.recordFills([fillOf('1', {}), fillOf('2', { side: 'sell', price: '80' })], []);
  await runtime.advance(startMs - noon);
  const engine = await keylessEngine(runtime, store);
  const feed = {
    onEvent: () => () => undefined,
    subscribeOrderBook: () => undefined,
    requestSnapshot: () => undefined,
    health: () => ({ publicLive: false }),
  };
  const open = {
    ...{ config: account, rules: new Map([[rules.id, rules]]) },
    connector: { feed, capabilities: { cancelAllAfter: 'none' } },
    reconciler: { watch: () => undefined, stop: () => undefined },
  };
  engine.accounts.set(account.id, open as unknown as OpenAccount);
  await openSession(engine, open as unknown as OpenAccount, wanted, () => true);
  engine.risk.memory.mark('s1', { price: 90, base: 0, quote: 800 }, runtime.now());
  const recent = engine.risk.memory.recent(
    's1',
    { accountId: 'a1', instrument: rules.id },
    runtime.monotonic(),
  );
  engine.clock.unregister('session:s1'); // Its feed is not there.
  await engine.shutdown();
  return lossBreach({ recent, limits: defaultLimits as unknown as RiskLimits })?.code;
}

/** What the day had lost lived in memory alone: every restart, deploy and takeover granted the whole limit again. */
it.each([
  ['a restart on the same day', noon + 60_000, 'LOSS_LIMIT'],
  ['a restart on the next day', noon + 43_200_000, undefined],
])('after %s at %d the breach is %s', async (_name, startMs, breach) => {
  expect(await breachAfterARestart(startMs)).toBe(breach);
});
