import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 50 });
  await bench.execution.open(session);
  await bench.eventually('quotes on both sides', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
}, 60_000);
afterEach(() => bench.stop(), 30_000);

let placed = 0;

/** Somebody else's order holds all the quote currency the account has left. */
function spendElsewhere(): void {
  const { core } = bench.venue;
  const free = core.balances(demoAccount.apiKey).find(({ asset }) => asset === 'USDT')!.free;
  const quantity = Math.floor(Number(free) / 0.5);
  if (quantity === 0) return;
  core.place({
    ...{
      account: demoAccount.apiKey,
      symbol: 'BTCUSDT',
      clientOrderId: `placed-by-a-person-${(placed += 1)}`,
    },
    ...{ side: 'buy', type: 'limit', timeInForce: 'GTC', price: 5_000_000, stp: 'NONE' },
    quantity,
  });
}

it('lets the side wait, asks the account what it has, and goes on quoting the other', async () => {
  const { connector } = bench.engine.accounts.get(account.id)!;
  const reads = jest.spyOn(connector, 'getBalances');
  spendElsewhere();
  bench.venue.pushMid('BTCUSDT', 60);
  const waiting = () =>
    bench.execution.session(strategyId)!.reasons.find(({ code }) => code === 'REJECT_BACKOFF');
  const isRefused = (): boolean => {
    spendElsewhere(); // A sale brings in money of its own.
    return waiting() !== undefined;
  };
  await bench.eventually('the refusal', isRefused, 20_000);
  expect(waiting()).toMatchObject({ side: 'bid', params: { rejects: 1 } });
  expect(waiting()!.params['waitMs']).toBeGreaterThan(4_000);
  const before = reads.mock.calls.length;
  await bench.eventually('a read of the balances', () => reads.mock.calls.length > before, 5_000);
  await bench.eventually('asks', () => bench.atVenue().some(({ side }) => side === 'sell'), 5_000);
}, 60_000);
