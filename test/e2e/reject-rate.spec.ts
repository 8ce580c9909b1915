import type { ApprovedOrder } from '../../src/domain/approved-order';
import { orderAnswered } from '../../src/modules/execution/reject-effects';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 50 });
  await bench.execution.open(session);
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
}, 60_000);
afterEach(() => bench.stop(), 30_000);

const scopeKey = `instrument:${account.id}/BTC/USDT`;

it('leaves a pair to a person whose orders are refused 21 times within a minute', async () => {
  const { engine, execution } = bench;
  const open = engine.accounts.get(account.id)!;
  const [resting] = engine.orders.unended(strategyId);
  const rules = engine.orders.rulesOf(resting!.clientOrderId)!;
  const order = { ...resting!, rules } as unknown as ApprovedOrder;
  const sent = { kind: 'rejected', code: 'LIMIT', venueCode: '-2010', text: 'too many' } as const;
  const refuse = (): void => orderAnswered(engine, open, engine.sessions.get(strategyId)!, { order, sent });
  for (let i = 0; i < 20; i += 1) refuse();
  expect(engine.halts.over([scopeKey])).toBeUndefined();
  refuse();
  expect(engine.halts.over([scopeKey])).toMatchObject({ level: 'CANCEL_ONLY', actor: 'engine' });
  await bench.eventually('no quote at the venue', () => bench.atVenue().length === 0, 10_000);
  await bench.eventually('the halt on record', () => engine.halts.over([scopeKey])!.isSaved, 5_000);
  const [row] = await bench.database.query<{ reason: string }[]>(
    'select reason from halts where scope_key = $1',
    [scopeKey],
  );
  expect(row?.reason).toBe(
    'REJECT_RATE: over 20 orders refused within a minute, the last: LIMIT -2010 too many',
  );
  // The sweep may end before the next tick has explained itself.
  const codes = (): readonly string[] => execution.session(strategyId)!.reasons.map(({ code }) => code);
  await bench.eventually('the reason of the tick', () => codes().includes('PAUSED_BY_RISK'), 5_000);
}, 40_000);
