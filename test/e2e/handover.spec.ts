import { decodeClientOrderId } from '../../src/domain/ids';
import type { CoreEvent } from '../../src/venue-simulator/venue-types';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, foreignId, session, startBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;

let bench: EngineBench;
let other: SecondEngine;
let log: OrderEvent[];

const nonceOf = (clientOrderId: string): string => decodeClientOrderId(clientOrderId)?.nonce ?? '';
const ids = (): readonly string[] => bench.atVenue().map(({ clientOrderId }) => clientOrderId);
const stop = () => bench.execution.handover.run(30_000, [account]);
const fateOf = () => bench.execution.handover.view.find((one) => one.strategyId === strategyId);

/** As the supervisor of a second service does: tries until it has it. */
async function takeOver(): Promise<void> {
  while (!other.engine.sessions.has(strategyId)) {
    await other.execution.open(session).catch(() => other.runtime.sleep(50));
  }
}

/** How long a side of ours was empty at the longest since `from`, by what the venue did. */
function longestGapMs(events: readonly OrderEvent[], from: number, until: number): number {
  const live = { buy: new Set<string>(), sell: new Set<string>() };
  const emptySince = { buy: from, sell: from };
  let longest = 0;
  for (const { at, order } of events) {
    const { side, clientOrderId } = order;
    const isLive = order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
    const wasEmpty = live[side].size === 0;
    if (isLive) live[side].add(clientOrderId);
    else live[side].delete(clientOrderId);
    if (wasEmpty && isLive)
      longest = Math.max(longest, Math.min(at, until) - Math.max(from, emptySince[side]));
    if (!wasEmpty && live[side].size === 0) emptySince[side] = at;
  }
  for (const side of ['buy', 'sell'] as const)
    if (live[side].size === 0) longest = Math.max(longest, until - Math.max(from, emptySince[side]));
  return longest;
}

const createsOf = (nonce: string) =>
  bench.venue.creates().filter((entry) => nonceOf(entry.clientOrderId) === nonce);
const strangeMoney = () =>
  bench.database.query(`select key from postings where key like 'external:unexplained%'`);

async function start(stepsPerSecond: number): Promise<void> {
  bench = await startBench({ stepsPerSecond, tickMs: 100 });
  log = [];
  bench.venue.core.onEvent((event) => {
    if (event.type !== 'order' || event.order.account !== demoAccount.apiKey) return;
    if (event.order.clientOrderId !== foreignId) log.push(event);
  });
  other = await startSecondEngine(bench.venue.origin);
  await other.execution.addAccount(account);
  await bench.execution.open(session);
  await bench.eventually('every level', () => bench.atVenue().length === 4, 10_000);
  await other.engine.halts.look();
}
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
}, 30_000);

describe('a strategy that is handed over', () => {
  it('goes on with the same orders: none is cancelled, no side is ever empty, the old engine creates nothing more', async () => {
    await start(20);
    await bench.runtime.sleep(1_000);
    const before = ids();
    const from = bench.runtime.now();
    const taken = takeOver();
    const stopped = stop();
    await taken;
    const openedAt = bench.runtime.now();
    const inherited = other.engine.orders.unended(strategyId);
    // Nothing but the market takes an order away before the new owner has it.
    const ends = log.filter(({ at, execution }) => at >= from && at <= openedAt && execution === 'CANCELED');
    expect(ends).toEqual([]);
    expect(inherited.length).toBeGreaterThanOrEqual(3);
    expect(inherited.every((order) => before.includes(order.clientOrderId))).toBe(true);
    expect(inherited.every(({ command }) => command === 'NONE')).toBe(true);

    await bench.eventually(
      'it quotes by itself',
      () => createsOf(other.engine.boot.nonce).length >= 4,
      15_000,
    );
    const last = Math.max(...createsOf(bench.engine.boot.nonce).map(({ at }) => at));
    const first = Math.min(...createsOf(other.engine.boot.nonce).map(({ at }) => at));
    expect(last).toBeLessThan(first);
    expect(first - from).toBeLessThan(10_000);
    expect(await stopped).toMatchObject({ confirmed: true, remaining: [] });
    expect(fateOf()).toMatchObject({ fate: 'taken', takenBy: other.engine.boot.ownerId });
    expect(createsOf(bench.engine.boot.nonce).every(({ at }) => at < first)).toBe(true);
    expect(longestGapMs(log, from, bench.runtime.now())).toBeLessThan(2_000);
    expect(bench.atVenue().length).toBeGreaterThan(0);
    expect(bench.venue.duplicateCreates()).toEqual([]);
    expect(await strangeMoney()).toEqual([]);
    expect(other.notices.filter(({ severity }) => severity === 'page')).toEqual([]);
  }, 90_000);

  it('keeps every order in a still market', async () => {
    await start(0);
    const before = ids();
    const taken = takeOver();
    const stopped = stop();
    await taken;
    expect(await stopped).toMatchObject({ confirmed: true });
    expect(ids()).toEqual(before);
    expect(log.map(({ execution }) => execution)).toEqual(['NEW', 'NEW', 'NEW', 'NEW']);
    expect(other.engine.orders.unended(strategyId).map(({ epoch }) => epoch)).toEqual([1, 1, 1, 1]);
    expect(other.engine.leases.epochOf(strategyId)).toBe(2);
  }, 60_000);

  it('keeps what a list shows while the record of it is still on its way', async () => {
    await start(0);
    const before = ids();
    const { store, accounts } = other.engine;
    const load = store.load.bind(store);
    store.load = async (accountId) => {
      // A busy database: the lease is taken, no order of it is known yet, and lists of the venue come in.
      for (let second = 0; second < 11; second += 1) {
        void accounts.get(accountId)!.reconciler.askAccount();
        await other.runtime.sleep(1_000);
      }
      return load(accountId);
    };
    const taken = takeOver();
    const stopped = stop();
    await taken;
    expect(await stopped).toMatchObject({ confirmed: true });
    expect(ids()).toEqual(before);
    expect(other.notices.map(({ code }) => code)).not.toContain('EXTERNAL_OURS');
  }, 60_000);

  it('has the fills of the time between in its books', async () => {
    await start(0);
    const stopped = stop();
    await bench.eventually('offered', () => fateOf()?.fate === 'offered', 5_000);
    const bid = bench.atVenue().find(({ side }) => side === 'buy')!;
    bench.venue.take('BTCUSDT', 'sell', 200_000, bid.price);
    await takeOver();
    expect(await stopped).toMatchObject({ confirmed: true });
    expect(log.find(({ execution }) => execution === 'TRADE')!.order.clientOrderId).toBe(bid.clientOrderId);
    const [row] = await bench.database.query(
      'select epoch, ended_why, booked_filled = quantity as is_booked from client_orders where client_order_id = $1',
      [bid.clientOrderId],
    );
    expect(row).toEqual({ epoch: 1, ended_why: 'filled', is_booked: true });
    const holder = `strategy:${strategyId}`;
    const booked = await bench.execution.balances([holder]);
    expect(other.engine.holdings.total(holder, 'BTC')).toBe(
      booked.find(({ asset }) => asset === 'BTC')!.total,
    );
    expect(await strangeMoney()).toEqual([]);
  }, 60_000);

  it('is stopped instead while an order of it is in doubt', async () => {
    await start(0);
    bench.venue.faults.holdNext('create-received', 1);
    bench.venue.pushMid('BTCUSDT', 6);
    await bench.eventually('a create is under way', () => bench.venue.faults.held().length === 1, 30_000);
    expect(await stop()).toMatchObject({ confirmed: true });
    expect(fateOf()).toMatchObject({ fate: 'ended', ordersCount: 0, takenBy: undefined });
    expect(bench.atVenue()).toEqual([]);
    await takeOver();
    expect(other.notices.map(({ code }) => code)).not.toContain('TAKEN_OVER');
  }, 60_000);

  it('is taken back and stopped when nobody comes', async () => {
    await start(0);
    expect(await stop()).toMatchObject({ confirmed: true, cancelled: 4, remaining: [] });
    expect(fateOf()).toMatchObject({ fate: 'ended', ordersCount: 4, takenBy: undefined });
    expect(bench.atVenue()).toEqual([]);
    const [lease] = await bench.database.query('select owner_id, handover, epoch from strategy_leases');
    expect(lease).toEqual({ owner_id: null, handover: false, epoch: 2 });
  }, 60_000);

  it('is not waited for once somebody cuts it short', async () => {
    await start(0);
    const began = bench.runtime.monotonic();
    const stopped = stop();
    await bench.eventually('offered', () => fateOf()?.fate === 'offered', 5_000);
    bench.execution.handover.cutShort();
    expect(await stopped).toMatchObject({ confirmed: true, cancelled: 4 });
    expect(bench.runtime.monotonic() - began).toBeLessThan(10_000);
  }, 60_000);

  it('is taken up by who comes later when its engine dies in the middle of it', async () => {
    await start(0);
    const before = ids();
    void bench.execution.handover.run(30_000, [account]);
    await bench.eventually('offered', () => fateOf()?.fate === 'offered', 5_000);
    await bench.engine.shutdown(); // Without a word more.
    await bench.runtime.sleep(3_000);
    const late = await startSecondEngine(bench.venue.origin, 'late');
    try {
      await late.execution.addAccount(account);
      await late.execution.open(session);
      await bench.runtime.sleep(2_000);
      expect(ids()).toEqual(before);
      expect(log.filter(({ execution }) => execution === 'CANCELED')).toEqual([]);
      expect(late.engine.orders.unended(strategyId)).toHaveLength(4);
    } finally {
      await late.stop();
    }
  }, 60_000);

  it('is nobody’s once the offer has lapsed: who comes then cancels', async () => {
    await start(0);
    void bench.execution.handover.run(30_000, [account]);
    await bench.eventually('offered', () => fateOf()?.fate === 'offered', 5_000);
    await bench.engine.shutdown();
    await bench.database.query('update strategy_leases set expires_at = clock_timestamp()');
    const before = ids();
    await takeOver();
    await bench.eventually(
      'other orders',
      () => ids().length === 4 && !ids().some((id) => before.includes(id)),
      20_000,
    );
  }, 60_000);
});
