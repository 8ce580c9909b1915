import BigNumber from 'bignumber.js';
import { createEngine } from '../../src/modules/execution/create-engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import {
  account,
  allocate,
  foreignId,
  session,
  startBench,
  strategyId,
  testBuild,
} from '../support/engine-bench';
import { fastRuntime } from '../support/fast-runtime';
import { until } from '../support/until';
import { marks } from './conformance-frames';
import { dialects, symbol } from './conformance-scene';

jest.setTimeout(60_000);

/** A word about our own orders, trades or money. */
const isAccountFrame = (frame: string): boolean =>
  /executionReport|outboundAccountPosition|"channel":"(orders|account|spot\.(orders|usertrades|balances))"/.test(
    frame,
  ) && !/"event":"subscribe"/.test(frame);

/** The whole engine on a real database: what it books of an account whose stream does its worst. */
describe.each(dialects)('%s', (venueId) => {
  let bench: EngineBench;
  const own = { ...session, account: { ...account, venue: venueId } };
  const { privatePath } = marks[venueId];

  beforeAll(async () => {
    bench = await startBench({ stepsPerSecond: 20, tickMs: 200, venueId });
    await bench.execution.open(own);
    await bench.eventually('quoting', () => bench.sidesAtVenue() === 'buy,sell', 15_000);
  });
  afterEach(() => bench.venue.wire.clear());
  afterAll(() => bench.stop(), 30_000);

  const trades = () => bench.venue.core.trades(demoAccount.apiKey, symbol);
  /** Takes from our bids until so many more trades were done. */
  const trade = async (count: number): Promise<void> => {
    const wanted = trades().length + count;
    const end = bench.runtime.monotonic() + 15_000;
    while (trades().length < wanted && bench.runtime.monotonic() < end) {
      const [bid] = bench.atVenue().filter(({ side }) => side === 'buy');
      if (bid) bench.venue.take(symbol, 'sell', 200_000, bid.price);
      await bench.runtime.sleep(100);
    }
    expect(trades().length).toBeGreaterThanOrEqual(wanted);
  };
  const booked = () =>
    bench.database.query<{ trade_id: string; fee: string | null }[]>('select trade_id, fee from fills');
  /** Gate counts the trades of all pairs together: which pair it was comes last. */
  const nameOf = (tradeId: number): string => `${tradeId}${venueId === 'gate' ? '00' : ''}`;
  /** Each trade of the venue is booked once, and the money is that of the venue. */
  const untilBooked = async (withinMs = 20_000): Promise<void> => {
    const end = bench.runtime.monotonic() + withinMs;
    const ids = (): string => JSON.stringify(trades().map(({ tradeId }) => nameOf(tradeId)));
    let found = '';
    while (found !== ids() && bench.runtime.monotonic() < end) {
      await bench.runtime.sleep(50);
      const rows = await booked();
      found = JSON.stringify(rows.map((row) => row.trade_id).sort((a, b) => Number(a) - Number(b)));
    }
    expect(found).toBe(ids());
    const total = (asset: string): string => bench.engine.holdings.accountTotal(account.id, asset).toFixed();
    const agrees = (): boolean =>
      bench.venue.core
        .balances(demoAccount.apiKey)
        .every(({ asset, free, locked }) => total(asset) === new BigNumber(free).plus(locked).toFixed());
    await bench.eventually('the money is that of the venue', agrees, withinMs);
  };

  it('case 54: books trades that were done while it was away once, from what the account answers', async () => {
    await trade(2);
    const bids = () => bench.atVenue().filter(({ side }) => side === 'buy');
    await bench.eventually('a bid rests', () => bids().length > 0, 15_000);
    const before = trades().length;
    bench.venue.faults.cutSockets('private');
    bench.venue.take(symbol, 'sell', 200_000, bids()[0]!.price);
    expect(trades().length).toBeGreaterThan(before);
    await untilBooked();
    await bench.eventually('quoting again', () => bench.sidesAtVenue() === 'buy,sell', 20_000);
  });

  it('case 55: books each trade once when events come twice, late and out of their order', async () => {
    const rng = bench.runtime.rng.fork('frames');
    const late: { readonly frame: string; readonly until: number }[] = [];
    let spoiled = 0;
    bench.venue.wire.changeFrames({
      ...{ path: privatePath, holds: '' },
      change: (frame) => {
        if (!isAccountFrame(frame)) return [frame];
        const now = bench.runtime.monotonic();
        const due = late.filter((one) => one.until <= now);
        for (const one of due) late.splice(late.indexOf(one), 1);
        const drawn = rng.next();
        spoiled += drawn < 0.35 ? 1 : 0;
        if (drawn < 0.3) late.push({ frame, until: now + rng.next() * 2_000 });
        const itself = drawn < 0.3 ? [] : drawn < 0.35 ? [frame, frame] : [frame];
        return [...itself, ...due.map((one) => one.frame)];
      },
    });
    await trade(12);
    await untilBooked(40_000);
    expect(spoiled).toBeGreaterThan(3);
  });

  it('case 60: leaves the order of somebody else alone, and books nothing of it', async () => {
    const isThere = (): boolean =>
      bench.venue.core.openOrders(demoAccount.apiKey).some((order) => order.clientOrderId === foreignId);
    const before = await booked();
    bench.venue.faults.cutSockets('private');
    await bench.eventually('quoting again', () => bench.sidesAtVenue() === 'buy,sell', 20_000);
    await bench.runtime.sleep(500);
    expect(isThere()).toBe(true);
    const rows = await bench.database.query<unknown[]>(
      'select 1 from client_orders where client_order_id = $1',
      [foreignId],
    );
    expect(rows).toEqual([]);
    expect((await booked()).length).toBeGreaterThanOrEqual(before.length);
  });

  it('case 61: asks for a fee that the stream leaves out, and books it once', async () => {
    let left = 0;
    bench.venue.wire.changeFrames({
      ...{ path: privatePath, holds: '' },
      change: (frame) => {
        const without = frame
          .replace(/"n":"[^"]*","N":"[A-Z]+"/, '"n":"0","N":null')
          .replace(/"fillFee":"[^"]*"/, '"fillFee":""')
          .replace(/"fillFeeCcy":"[^"]*"/, '"fillFeeCcy":""')
          .replace(/(?<="spot\.usertrades".*)"fee":"[^"]*"/, '"fee":""')
          .replace(/(?<="spot\.usertrades".*)"fee_currency":"[^"]*"/, '"fee_currency":""');
        if (without !== frame) left += 1;
        return [without];
      },
    });
    await trade(2);
    await bench.eventually('a fee was left out', () => left > 0, 5_000);
    await untilBooked();
    expect((await booked()).filter(({ fee }) => fee === null)).toEqual([]);
  });

  it('stops with proof', async () => {
    expect(await bench.execution.close(strategyId, 15_000)).toMatchObject({ confirmed: true });
  });
});

/** Five times as fast, and a store that keeps the same time. */
describe.each(dialects)('%s', (venueId) => {
  it('case 57: asks the account when the stream stays silent, and dials it anew', async () => {
    const real = createRealRuntime();
    const runtime = fastRuntime(real, 5);
    const venue = await startVenueSimulator({ runtime, port: 0, seed: 7, stepsPerSecond: 5 });
    const store = new MemoryStore({ now: () => runtime.now() });
    const own = { ...account, venue: venueId };
    store.assignStrategy(strategyId, account.id, { venue: venueId });
    const notices: { readonly at: number; readonly code: string; readonly severity: string }[] = [];
    const engine = await createEngine(
      runtime,
      store,
      { tickMs: 200, engineId: 'test', build: testBuild, simOrigin: venue.origin },
      {
        credentials: { credentials: () => Promise.resolve({ ...demoAccount, passphrase: usualPassphrase }) },
        fillSink: { fillBooked: () => undefined },
        notify: ({ code, severity }) => void notices.push({ at: runtime.monotonic(), code, severity }),
      },
    );
    const execution = new ExecutionService(engine);
    await execution.addAccount(own);
    await allocate(execution);
    await execution.open({ ...session, account: own });
    const atVenue = (): number => venue.core.openOrders(demoAccount.apiKey).length;
    await until(runtime, 'quoting', () => atVenue() >= 4, 30_000);
    const mutedAt = runtime.monotonic();
    venue.wire.changeFrames({
      ...{ path: marks[venueId].privatePath, holds: '' },
      change: (frame) => (isAccountFrame(frame) ? [] : [frame]),
    });
    const said = (severity: string) =>
      notices.find((one) => one.code === 'USER_STREAM_SILENT' && one.severity === severity);
    // The market moves, so that quotes are replaced: their answers come, and their echoes do not.
    const moving = runtime.timers.every(1_000, () => venue.pushMid(symbol, 20));
    await until(runtime, 'the silence is noticed', () => said('warn') !== undefined, 30_000);
    await until(runtime, 'it is dialled anew', () => said('page') !== undefined, 40_000);
    venue.wire.clear();
    runtime.timers.clear(moving);
    const [warned, paged] = [said('warn')!.at - mutedAt, said('page')!.at - mutedAt];
    // Five seconds without an echo, from the first order that is answered in the silence.
    expect(warned).toBeLessThan(12_000);
    expect(paged - warned).toBeGreaterThanOrEqual(14_000);
    const isQuiet = (): boolean => !engine.accounts.get(account.id)!.reconciler.isStreamSilent;
    await until(runtime, 'the stream echoes again', isQuiet, 60_000);
    await engine.shutdown();
    await venue.stop();
    await real.close();
  });
});
