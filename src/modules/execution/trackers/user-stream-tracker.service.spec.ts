import type { VenueEvent } from '../../../domain/venue-event';
import { accountBench } from '../../../../test/support/account-bench';
import { UserStreamTracker } from './user-stream-tracker.service';

const live = (generation: number, isOverlap?: true): VenueEvent => ({
  ...{ type: 'connection', stream: 'private', venue: 'binance', accountId: 'a1', state: 'live' },
  ...{ receivedAt: 0, generation, ...(isOverlap ? { isOverlap } : {}) },
});

async function scene() {
  const bench = await accountBench();
  const { reconciler, runtime } = bench;
  let emit: (event: VenueEvent) => void = () => undefined;
  const connector = Object.assign(bench.connector, {
    onEvent: (sink: typeof emit) => {
      emit = sink;
      return () => undefined;
    },
  });
  const streams = new UserStreamTracker(() => undefined);
  streams.follow(connector, reconciler);
  reconciler.start(runtime.now(), []);
  emit(live(1));
  await runtime.advance(10_000);
  expect(reconciler.isReady).toBe(true);
  return { ...bench, streams, connector, emit: (event: VenueEvent) => emit(event) };
}

it('asks the account about a stream that began anew, and holds creates until it has answered', async () => {
  const { emit, reconciler, runtime, venue } = await scene();
  const asked = venue.calls.openOrders;
  emit(live(2));
  expect(reconciler.isReady).toBe(false);
  await runtime.advance(10_000);
  expect([reconciler.isReady, venue.calls.openOrders > asked]).toEqual([true, true]);
  reconciler.stop();
});

it('asks about a stream that moved without a gap, and holds nothing', async () => {
  const { emit, reconciler, runtime, venue } = await scene();
  const asked = venue.calls.openOrders;
  emit(live(2, true));
  expect(reconciler.isReady).toBe(true);
  await runtime.advance(100);
  expect([reconciler.isReady, venue.calls.openOrders]).toEqual([true, asked + 1]);
  emit(live(2, true));
  await runtime.advance(100);
  expect(venue.calls.openOrders).toBe(asked + 1);
  reconciler.stop();
});

it('hears of the stream of another connector, which counts its generations anew', async () => {
  const { emit, streams, connector, reconciler, runtime, venue } = await scene();
  streams.forget(connector.accountId);
  streams.follow(connector, reconciler);
  const asked = venue.calls.openOrders;
  emit(live(1));
  expect(reconciler.isReady).toBe(false);
  await runtime.advance(10_000);
  expect([reconciler.isReady, venue.calls.openOrders > asked]).toEqual([true, true]);
  reconciler.stop();
});
