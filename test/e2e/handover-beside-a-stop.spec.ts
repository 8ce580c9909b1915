import { leaseTtlMs } from '../../src/modules/execution/common/constants';
import type { CoreEvent } from '../../src/venue-simulator/venue-types';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, addSecondStrategy, secondSession, session } from '../support/engine-bench';
import { startQuotingBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
let other: SecondEngine;
let cancelled: string[];

const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
const fateOf = () => bench.execution.handover.view.find((one) => one.strategyId === strategyId);
const isCancel = (event: CoreEvent): event is Extract<CoreEvent, { type: 'order' }> =>
  event.type === 'order' && event.order.account === demoAccount.apiKey && event.execution === 'CANCELED';

/** Begins a handover; its result comes when it comes. */
async function offer(): Promise<{ readonly handedOver: ReturnType<EngineBench['execution']['stop']> }> {
  const handedOver = bench.execution.handover.run(30_000, [account]);
  await bench.eventually('offered', () => fateOf()?.fate === 'offered', 5_000);
  return { handedOver };
}

beforeEach(async () => {
  bench = await startQuotingBench();
  other = await startSecondEngine(bench.venue.origin);
  await other.execution.addAccount(account);
  cancelled = [];
  bench.venue.core.onEvent((event) => {
    if (isCancel(event)) cancelled.push(event.order.clientOrderId);
  });
}, 60_000);
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

/** Two engines share an account, and a deploy stops both of them. */
describe('an engine that stops beside an offer of another', () => {
  it('leaves it to whoever takes it, and ends when it is taken', async () => {
    const late = await startSecondEngine(bench.venue.origin, 'late');
    try {
      await late.execution.addAccount(account);
      const before = ids();
      const { handedOver } = await offer();
      const stopped = other.execution.handover.run(25_000, [account]);
      await bench.runtime.sleep(3_000);
      while (!late.engine.sessions.has(strategyId))
        await late.execution.open(session).catch(() => late.runtime.sleep(50));
      expect(await handedOver).toMatchObject({ confirmed: true });
      expect(await stopped).toEqual({ confirmed: true, cancelled: 0, remaining: [] });
      expect(cancelled).toEqual([]);
      expect(ids()).toEqual(before);
    } finally {
      await late.stop();
    }
  }, 60_000);

  it('leaves what nobody takes to the engine that offered it', async () => {
    await addSecondStrategy(bench, account.venue);
    await other.execution.open(secondSession);
    await bench.eventually('both quote', () => bench.atVenue().length === 8, 15_000);
    const [one, two] = await Promise.all([
      bench.execution.handover.run(30_000, [account]),
      other.execution.handover.run(30_000, [account]),
    ]);
    expect([one, two]).toEqual([
      { confirmed: true, cancelled: 4, remaining: [] },
      { confirmed: true, cancelled: 4, remaining: [] },
    ]);
    expect(bench.atVenue()).toEqual([]);
    expect(cancelled).toHaveLength(8);
  }, 60_000);

  it('confirms its own stop when its time is over before that of the other', async () => {
    await bench.runtime.sleep(leaseTtlMs + 2_000); // An engine that has just started cannot tell who lives.
    const before = ids();
    await offer();
    expect(await other.execution.stop(4_000, [account])).toEqual({
      ...{ confirmed: true, cancelled: 0, remaining: [] },
    });
    expect(fateOf()?.fate).toBe('offered');
    expect(ids()).toEqual(before);
  }, 60_000);

  it('cancels what an engine that died has left, once a live one would have taken it back', async () => {
    await offer();
    await bench.engine.shutdown(); // Without a word more.
    expect(await other.execution.stop(30_000, [account])).toEqual({
      ...{ confirmed: true, cancelled: 4, remaining: [] },
    });
    expect(bench.atVenue()).toEqual([]);
  }, 60_000);

  it('cancels its own when it cannot take them back', async () => {
    await addSecondStrategy(bench, account.venue);
    await other.execution.open(secondSession);
    await bench.eventually('both quote', () => bench.atVenue().length === 8, 15_000);
    const handedOver = other.execution.handover.run(12_000, [account]);
    const fate = (): string | undefined => other.execution.handover.view[0]?.fate;
    await bench.eventually('offered', () => fate() === 'offered', 5_000);
    await other.engine.halts.look(); // It has seen its own offer.
    other.database.cut();
    expect(await handedOver).toMatchObject({ confirmed: false });
    expect(bench.atVenue().map(({ symbol }) => symbol)).toEqual(Array(4).fill('BTCUSDT'));
  }, 60_000);
});
