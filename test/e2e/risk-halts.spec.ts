import type { Fill } from '../../src/domain/fill';
import { checkTrades } from '../../src/modules/execution/risk-doors';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 50 });
  await bench.execution.open(session);
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
}, 60_000);
afterEach(() => bench.stop(), 30_000);

const halt = () => bench.engine.halts.over([`strategy:${strategyId}`]);
const haltedBy = async (code: string): Promise<void> => {
  await bench.eventually('no quote at the venue', () => bench.atVenue().length === 0, 10_000);
  expect(halt()).toMatchObject({ level: 'HALTED', actor: 'engine' });
  expect(halt()?.reason).toContain(code);
};

/** A purchase at ten times the price, as far as the memory of risk is concerned. */
const ruinous: Fill = {
  ...{ venue: 'binance', accountId: account.id, strategyId, instrument: 'BTC/USDT', tradeId: '0' },
  ...{ clientOrderId: 'elsewhere', venueOrderId: '0', base: 'BTC', quote: 'USDT', side: 'buy' },
  ...{ price: '600000', quantity: '1', liquidity: 'maker', venueTime: 0, source: 'ws-trade' },
};

it('halts a strategy whose day has lost more than it may', async () => {
  const { engine, runtime } = bench;
  engine.risk.memory.filled(ruinous, { now: runtime.now(), mono: runtime.monotonic() });
  await haltedBy('LOSS_LIMIT');
}, 30_000);

it('halts a strategy that sent what was never committed', async () => {
  const { postTrade } = bench.engine.risk;
  checkTrades(bench.engine);
  expect(halt()).toBeUndefined();
  expect(postTrade.counters()).toMatchObject({ mismatches: 0 });
  expect(postTrade.counters().sent).toBeGreaterThanOrEqual(4);
  expect(postTrade.counters().committed).toBeGreaterThanOrEqual(postTrade.counters().sent);
  postTrade.sent('never-committed', strategyId);
  checkTrades(bench.engine);
  await haltedBy('POST_TRADE_MISMATCH');
}, 30_000);

it('knows a second reference: the average of the trades of the last minute', async () => {
  const { engine, runtime } = bench;
  const { feed } = engine.accounts.get(account.id)!.connector;
  const average = () => engine.risk.trades.average(feed, 'BTC/USDT', runtime.monotonic());
  await bench.eventually('trades of the market', () => average() !== undefined, 15_000);
  const { publicTouch } = engine.books.view('binance', 'BTC/USDT');
  expect(average()! / (publicTouch!.bid * 0.01)).toBeCloseTo(1, 1);
}, 30_000);
