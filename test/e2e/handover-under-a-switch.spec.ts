import type { SessionConfig } from '../../src/modules/execution/types';
import type { EngineBench } from '../support/engine-bench';
import { account, addSecondStrategy, secondSession, session, startBench } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';
import { WireTap } from '../support/wire-tap';

const venues = ['okx', 'gate'] as const;
const places = { okx: ['*'], gate: ['BTC_USDT', 'ETH_USDT'] };
const paths = { okx: '/trade/cancel-all-after', gate: '/countdown_cancel_all' };
/** A renewal every 5 s, one that is missed, and the time a request takes. */
const longestGapMs = 12_000;
interface Asked {
  readonly seconds: number;
  readonly at: number;
}
let venue: (typeof venues)[number];
let bench: EngineBench;
let other: SecondEngine;
let tap: WireTap;
let origin: string;

const ofVenue = () => ({ ...account, venue });
const there = (one: SessionConfig): SessionConfig => ({ ...one, account: ofVenue() });
/** What the venue was asked to do with the switch since, by place and in order. */
function asked(since: number): ReadonlyMap<string, readonly Asked[]> {
  const byPlace = new Map<string, Asked[]>();
  for (const { text, at } of tap.requests) {
    if (at < since || !text.includes(paths[venue])) continue;
    const place = /"currency_pair":"(\w+)"/.exec(text)?.[1] ?? '*';
    const seconds = Number(/"time[oO]ut":"?(\d+)/.exec(text)?.[1] ?? NaN);
    byPlace.set(place, [...(byPlace.get(place) ?? []), { seconds, at }]);
  }
  return byPlace;
}
const ownerOf = async (): Promise<string | undefined> =>
  (await bench.database.query('select owner_id from venue_switches'))[0]?.owner_id;
const isArmed = ({ execution }: Pick<EngineBench, 'execution'>): boolean =>
  execution.deadMan(account.id).state === 'armed';

/** As the supervisor of a second service does: tries until it has it. */
async function takeOver(taken: SessionConfig): Promise<void> {
  while (!other.engine.sessions.has(taken.strategyId)) {
    await other.execution.open(there(taken)).catch(() => other.runtime.sleep(50));
  }
}

async function start(at: typeof venue): Promise<void> {
  venue = at;
  bench = await startBench({
    ...{ stepsPerSecond: 0, tickMs: 200, venueId: venue },
    wayTo: async ({ port }, runtime) => {
      tap = new WireTap(runtime, port);
      return (origin = await tap.listen());
    },
  });
  await bench.database.query('update exchange_accounts set dedicated = true');
  await addSecondStrategy(bench, venue);
  other = await startSecondEngine(origin);
  await other.execution.addAccount(ofVenue());
  await bench.execution.open(there(session));
  await bench.execution.open(there(secondSession));
  await bench.eventually('every level', () => bench.atVenue().length === 8, 20_000);
  await bench.eventually('armed', () => isArmed(bench), 5_000);
  await other.engine.halts.look();
}
afterEach(async () => {
  await other?.stop();
  await bench?.stop();
  await tap?.close();
}, 30_000);

/** Neither ended nor left to itself: what the venue heard since, and how long it waited for it at the longest. */
function expectKept(since: number): void {
  const heard = asked(since);
  expect([...heard.keys()].sort()).toEqual(places[venue]);
  for (const [place, requests] of heard) {
    expect([place, requests.filter(({ seconds }) => seconds !== 30)]).toEqual([place, []]);
    const times = [since, ...requests.map(({ at }) => at), bench.runtime.monotonic()];
    const longest = Math.max(...times.slice(1).map((at, index) => at - times[index]!));
    expect(longest).toBeLessThan(longestGapMs);
  }
  expect([...bench.execution.halts(), ...other.execution.halts()]).toEqual([]);
}

describe('a handover under a dead-man’s switch', () => {
  it.each(venues)(
    'leaves it armed throughout at %s, and the new engine renews it',
    async (at) => {
      await start(at);
      const since = bench.runtime.monotonic();
      const before = bench.atVenue().map(({ clientOrderId }) => clientOrderId);
      const stopped = bench.execution.handover.run(25_000, [ofVenue()]);
      await takeOver(session);
      await bench.runtime.sleep(2_500); // Nobody's meanwhile: its orders rest.
      await takeOver(secondSession);
      expect(await stopped).toMatchObject({ confirmed: true, remaining: [] });
      await bench.engine.shutdown();
      await bench.runtime.sleep(6_000);
      expectKept(since);
      expect(await ownerOf()).toBe(other.engine.boot.ownerId);
      expect(bench.atVenue().map(({ clientOrderId }) => clientOrderId)).toEqual(before);
      expect(other.notices.filter(({ severity }) => severity === 'page')).toEqual([]);
    },
    90_000,
  );

  it('has the old engine renew it for both while it still has orders of its own', async () => {
    await start('okx');
    const late = await createUnderWay();
    const since = bench.runtime.monotonic();
    const stopped = bench.execution.handover.run(40_000, [ofVenue()]);
    await takeOver(session);
    await bench.runtime.sleep(20_000);
    expect(bench.engine.orders.unended(secondSession.strategyId).length).toBeGreaterThan(0);
    expectKept(since);
    expect(await ownerOf()).toBe(bench.engine.boot.ownerId);
    expect(other.execution.accountHealth(account.id).problems).toEqual([]);
    bench.venue.faults.release(late, 'drop');
    expect(await stopped).toMatchObject({ confirmed: true, remaining: [] });
    await bench.runtime.sleep(6_000);
    expectKept(since);
    expect(await ownerOf()).toBe(other.engine.boot.ownerId);
  }, 120_000);

  it('has the new engine renew it in time when the old one dies with orders of its own', async () => {
    await start('okx');
    await createUnderWay();
    const since = bench.runtime.monotonic();
    void bench.execution.handover.run(40_000, [ofVenue()]);
    await takeOver(session);
    await bench.engine.shutdown(); // Without a word more: its lease runs out.
    const died = bench.runtime.monotonic();
    const isOurs = (): boolean => asked(died).size > 0;
    await bench.eventually('renewed by the new one', isOurs, 25_000);
    expect((asked(since).get('*') ?? []).every(({ seconds }) => seconds === 30)).toBe(true);
    expect(await ownerOf()).toBe(other.engine.boot.ownerId);
    expect(other.execution.halts()).toEqual([]);
  }, 90_000);
});

/** An order of the second strategy that stays in doubt: it cannot be handed over. */
async function createUnderWay(): Promise<number> {
  bench.venue.faults.holdNext('create-received', 1);
  bench.venue.pushMid('ETHUSDT', 6);
  await bench.eventually('a create is under way', () => bench.venue.faults.held().length === 1, 30_000);
  return bench.venue.faults.held()[0]!.id;
}
