import type { EngineBench } from '../support/engine-bench';
import { account, startQuotingBench } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;

beforeEach(async () => {
  bench = await startQuotingBench();
  other = await startSecondEngine(bench.venue.origin);
}, 60_000);
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

/**
 * Found by reading: a trade that came while an account was being opened brought the order of another engine into
 * memory, and the end of the opening cancelled whatever was there: a quote of a strategy that another engine runs.
 */
it('leaves an order of another engine alone that trades while the account is being opened', async () => {
  const bid = bench.atVenue().find(({ side }) => side === 'buy')!;
  bench.engine.clock.stop(); // It would move its quotes after the trade.
  const cancelled: string[] = [];
  const { userStreams } = other.engine;
  const follow = userStreams.follow.bind(userStreams);
  userStreams.follow = (connector, reconciler) => {
    follow(connector, reconciler);
    const cancel = connector.cancel.bind(connector);
    connector.cancel = (ref) => {
      cancelled.push(ref.clientOrderId);
      return cancel(ref);
    };
    const off = connector.onEvent((event) => {
      if (event.type !== 'connection' || event.stream !== 'private' || event.state !== 'live') return;
      off();
      const isUntouched = (): boolean =>
        bench
          .atVenue()
          .some(({ clientOrderId, filled }) => clientOrderId === bid.clientOrderId && filled === 0);
      for (let i = 0; i < 1_000 && isUntouched(); i += 1) bench.venue.take('BTCUSDT', 'sell', 500, bid.price);
    });
  };
  await other.execution.addAccount(account);
  await other.runtime.sleep(1_500);
  expect(other.engine.orders.get(bid.clientOrderId)).toBeDefined();
  expect(cancelled).toEqual([]);
}, 60_000);
