import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 50 });
  await bench.execution.open(session);
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
}, 60_000);
afterEach(() => bench.stop(), 30_000);

const reasons = (): readonly string[] => bench.execution.session(strategyId)!.reasons.map(({ code }) => code);
const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
const rulesInForce = () => bench.engine.accounts.get(account.id)!.rules.get('BTC/USDT')!.rules;

it('pulls every quote when a minimum changes, and quotes again under the new rules', async () => {
  const before = ids();
  bench.venue.changeMarket('BTCUSDT', { minNotional: '50' });
  await bench.engine.accounts.get(account.id)!.connector.feed.rereadRules('BTC/USDT');
  await bench.eventually('the reason', () => reasons().includes('INSTRUMENT_RULES_CHANGED'), 5_000);
  expect(rulesInForce().minNotional).toBe('5');
  await bench.eventually('new rules in force', () => rulesInForce().minNotional === '50', 10_000);
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
  expect(ids().filter((id) => before.includes(id))).toEqual([]);
  expect(reasons()).not.toContain('INSTRUMENT_RULES_CHANGED');
}, 60_000);

it('reads the rules after the first order a filter refuses, and obeys them', async () => {
  bench.venue.changeMarket('BTCUSDT', { minQuantity: '0.02' });
  bench.venue.pushMid('BTCUSDT', 30);
  await bench.eventually('new rules in force', () => rulesInForce().minQuantity === '0.02', 20_000);
  await bench.eventually('the reason', () => reasons().includes('BELOW_MIN_QUANTITY'), 10_000);
  await bench.eventually('no quote at the venue', () => bench.atVenue().length === 0, 10_000);
  expect(bench.engine.halts.all()).toEqual([]);
}, 60_000);

it('lets a pair rest that the venue has closed, and quotes it again by itself', async () => {
  bench.venue.changeMarket('BTCUSDT', { status: 'HALT' });
  bench.venue.pushMid('BTCUSDT', 30);
  await bench.eventually('the reason', () => reasons().includes('INSTRUMENT_HALTED'), 20_000);
  await bench.eventually('no quote at the venue', () => bench.atVenue().length === 0, 10_000);
  bench.venue.changeMarket('BTCUSDT', { status: 'TRADING' });
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 25_000);
}, 60_000);
