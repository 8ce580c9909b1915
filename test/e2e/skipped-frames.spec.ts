import type { VenueEvent } from '../../src/domain/venue-event';
import type { InvalidSpell } from '../../src/venue-simulator/binance/delivered-frames';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';

/** From the frame that broke the engine's book to the snapshot that joined, on the engine's clock. */
interface Outage {
  readonly from: number;
  to: number | undefined;
  /** Own orders that rested when it began. */
  readonly resting: readonly string[];
}

const tickMs = 20;
/** What an answer of a real venue takes; longer than a tick, so that the outage is seen. */
const snapshotMs = 150;
const rounds = 4;
const resyncLimitMs = 1_000;

let bench: EngineBench;
const outages: Outage[] = [];

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 40, tickMs, judgeDelivered: true });
  bench.venue.faults.delaySnapshots(snapshotMs);
  await bench.execution.open(session);
  await quoting('quoting');
  bench.engine.accounts.get(account.id)!.connector.feed.onEvent(watch);
}, 60_000);
afterAll(() => bench.stop(), 30_000);

/** Runs on the stack of each event, after the engine's own book has seen it. */
function watch(event: VenueEvent): void {
  const isSynced = bench.engine.books.isSynced('binance', 'BTC/USDT');
  const open = outages.find((outage) => outage.to === undefined);
  if (isSynced && open) open.to = event.receivedAt;
  if (isSynced || open) return;
  outages.push({ from: event.receivedAt, to: undefined, resting: restingIds() });
}

const restingIds = (): readonly string[] => bench.atVenue().map((order) => order.clientOrderId);
const quoting = (what: string): Promise<void> =>
  bench.eventually(what, () => bench.atVenue().length === 4 && bench.sidesAtVenue() === 'buy,sell', 10_000);

/** The venue's own record of the spells in which what it had delivered made no book. */
const spells = (): readonly InvalidSpell[] =>
  bench.venue.delivered().spells.filter((spell) => spell.symbol === 'BTCUSDT');

/** Waits for the next outage to begin and end. Every quote of before is gone at the venue, and new ones rest. */
async function pulledAndBack(index: number): Promise<Outage> {
  await bench.eventually('an outage', () => outages[index] !== undefined, 3_000);
  const outage = outages[index]!;
  const isPulled = (): boolean => restingIds().every((id) => !outage.resting.includes(id));
  await bench.eventually('the old quotes are gone', isPulled, 5_000);
  await bench.eventually('the book is in sync', () => outage.to !== undefined, 3_000);
  await quoting('both sides quoted again');
  return outage;
}

const statusOf = (id: string) =>
  bench.venue.core.order({ account: demoAccount.apiKey, symbol: 'BTCUSDT', clientOrderId: id })?.status;

it(`pulls its quotes at every gap, is in sync again in under 1 s and quotes again, ${rounds} times`, async () => {
  const before = { ...bench.engine.books.counters() };
  const spellsBefore = spells().length;
  for (let round = 0; round < rounds; round += 1) {
    bench.venue.faults.skipDepthFrames('BTCUSDT', 3);
    const outage = await pulledAndBack(round);
    expect(outage.to! - outage.from).toBeLessThan(resyncLimitMs);
    for (const id of outage.resting) expect(['CANCELED', 'FILLED']).toContain(statusOf(id));
  }
  expect(outages.flatMap(({ resting }) => resting).length).toBeGreaterThanOrEqual(2 * rounds);
  const counted = bench.engine.books.counters();
  expect(counted.gaps - before.gaps).toBe(rounds);
  expect(counted.resyncs - before.resyncs).toBe(rounds);
  const seen = spells().slice(spellsBefore);
  expect(seen.map(({ why }) => why.slice(0, 4))).toEqual(Array(rounds).fill('gap:'));
  for (const { from, to } of seen) {
    expect(to - from).toBeGreaterThanOrEqual(snapshotMs - tickMs);
    expect(to - from).toBeLessThan(resyncLimitMs);
  }
}, 60_000);

it('does the same when the public socket is cut', async () => {
  const spellsBefore = spells().length;
  const cutAt = bench.runtime.now();
  bench.venue.faults.cutSockets('public');
  const outage = await pulledAndBack(rounds);
  expect(outage.to! - outage.from).toBeLessThan(resyncLimitMs);
  const [spell] = spells().slice(spellsBefore);
  expect(spell!.why).toBe('no snapshot delivered');
  expect(spell!.to - cutAt).toBeLessThan(resyncLimitMs);
}, 30_000);

it('created nothing while what the venue had delivered made no book', () => {
  const { isOn, judgedCount, invalid } = bench.venue.delivered();
  expect(isOn).toBe(true);
  expect(invalid).toEqual([]);
  expect(judgedCount).toBe(bench.venue.creates().length);
  expect(judgedCount).toBeGreaterThanOrEqual(4 * (rounds + 2));
});

it('would have caught a create decided on an invalid book', async () => {
  bench.venue.faults.skipDepthFrames('BTCUSDT', 3);
  await bench.eventually('an outage', () => outages.length === rounds + 2, 3_000);
  await bench.runtime.sleep(tickMs);
  const { connector, rules } = bench.engine.accounts.get(account.id)!;
  const planted = {
    clientOrderId: 'planted',
    rules: rules.get('BTC/USDT')!,
    price: 5_000_000,
    quantity: 1_000,
  };
  const sendBy = bench.runtime.monotonic() + 1_000;
  expect(await connector.limitBuy(planted, { sendBy, canSend: () => true })).toMatchObject({
    kind: 'accepted',
  });
  const { invalid } = bench.venue.delivered();
  expect(invalid.map(({ clientOrderId, why }) => `${clientOrderId} ${why.slice(0, 4)}`)).toEqual([
    'planted gap:',
  ]);
  await bench.execution.close(strategyId, 10_000);
}, 30_000);
