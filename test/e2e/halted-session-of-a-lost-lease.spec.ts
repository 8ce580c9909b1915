import { decodeClientOrderId } from '../../src/domain/ids';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  other = await startSecondEngine(bench.venue.origin);
  await other.execution.addAccount(account);
}, 30_000);
afterEach(async () => {
  await other.stop();
  await bench.stop();
}, 30_000);

/**
 * Simulation y2-257: a session that stayed under a halt kept on when the halt was lifted and another engine had the
 * lease. Trades brought orders of that engine into its memory, and it cancelled them, tick by tick.
 */
it('leaves a strategy to the engine that runs it once the halt over it was lifted', async () => {
  const scopeKey = `strategy:${strategyId}`;
  await bench.execution.open(session);
  await bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
  await bench.execution.tighten({ scopeKey, level: 'HALTED', reason: 'PERSON: a test', actor: 'user:a' });
  await bench.eventually('nothing rests', () => bench.atVenue().length === 0, 10_000);
  expect(bench.engine.sessions.has(strategyId)).toBe(true);
  await bench.runtime.sleep(15_000); // Its lease is not renewed under the halt.
  await other.execution.liftHalt({ scopeKey, actor: 'user:a', reason: 'over' });
  while (!other.engine.sessions.has(strategyId))
    await other.execution.open(session).catch(() => other.runtime.sleep(100));
  await bench.eventually('the other quotes', () => bench.atVenue().length === 4, 25_000);
  const [bid, ...rest] = bench
    .atVenue()
    .map(({ clientOrderId, price, side }) => ({ clientOrderId, price, side }));
  expect(decodeClientOrderId(bid!.clientOrderId)?.nonce).toBe(other.engine.boot.nonce);
  bench.venue.take('BTCUSDT', bid!.side === 'buy' ? 'sell' : 'buy', 200_000, bid!.price);
  await bench.runtime.sleep(3_000);
  expect(bench.engine.sessions.has(strategyId)).toBe(false);
  const alive = bench.atVenue().map(({ clientOrderId }) => clientOrderId);
  expect(rest.filter(({ clientOrderId }) => !alive.includes(clientOrderId))).toEqual([]);
  expect(await bench.execution.close(strategyId, 2_000)).toMatchObject({ remaining: [] });
}, 90_000);
