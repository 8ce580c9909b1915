import type { OrderReport } from '../domain/venue-event';
import { VenueError } from '../domain/errors';
import { VirtualRuntime } from '../runtime/virtual-runtime';
import type { SweepParts } from './own-order-sweep';
import { OwnOrderSweep } from './own-order-sweep';

const order = (clientOrderId: string): OrderReport => ({
  ...{ instrument: 'BTC/USDT', clientOrderId, venueOrderId: `v-${clientOrderId}`, side: 'buy' },
  ...{ price: '1', quantity: '1', cumFilled: '0', status: 'open', source: 'rest-list' },
});

/** A venue whose list is told by the test, in seconds since the start. */
function scene(listAt: (seconds: number) => readonly OrderReport[]) {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const began = runtime.monotonic();
  const seconds = (): number => (runtime.monotonic() - began) / 1_000;
  const gone = new Set<string>();
  const cancels: string[] = [];
  const connector = {
    feed: { loadInstruments: () => Promise.resolve([]) },
    openOrders: async () => {
      const requestedAt = runtime.monotonic();
      const rows = listAt(seconds()).filter(({ clientOrderId }) => !gone.has(clientOrderId!));
      return { rows, requestedAt, requestedAtMs: 0, receivedAt: requestedAt };
    },
    cancel: async ({ clientOrderId }: { readonly clientOrderId: string }) => {
      cancels.push(clientOrderId);
      gone.add(clientOrderId);
      return { kind: 'accepted', final: true } as const;
    },
  } as unknown as SweepParts['connector'];
  const isWanted = ({ clientOrderId }: OrderReport): boolean => clientOrderId!.startsWith('m');
  const sweep = new OwnOrderSweep({ runtime, connector, isWanted, tell: () => undefined });
  const run = async (forMs: number, isStillWanted = () => true) => {
    const done = sweep.run(began + forMs, isStillWanted);
    await runtime.advance(forMs + 5_000);
    return done;
  };
  return { cancels, run, seconds };
}

describe('a sweep without an engine', () => {
  it('cancels ours and leaves every other order alone', async () => {
    const { cancels, run } = scene(() => [order('m1'), order('x1'), order('m2')]);
    expect(await run(60_000)).toEqual({ isSwept: true, cancelled: 2, left: [] });
    expect(cancels).toEqual(['m1', 'm2']);
  });

  it('is not over before two empty reads more than 10 s apart, so it meets what arrives late', async () => {
    const { cancels, run } = scene((at) => (at < 8 ? [] : [order('m1')]));
    expect(await run(60_000)).toEqual({ isSwept: true, cancelled: 1, left: [] });
    expect(cancels).toEqual(['m1']);
  });

  it('takes a read that fails for no answer', async () => {
    const { run } = scene(() => {
      throw new VenueError('TIMEOUT', 'no answer');
    });
    expect(await run(30_000)).toEqual({ isSwept: false, cancelled: 0, left: undefined });
  });

  it('says what is left when its time is over', async () => {
    const { run } = scene((at) => [order(`m${Math.floor(at)}`)]);
    expect(await run(5_500)).toMatchObject({ isSwept: false, left: [expect.stringMatching(/^m\d$/)] });
  });

  it('ends when it is not wanted any more', async () => {
    const { run, seconds, cancels } = scene(() => [order('m1'), order('x1')]);
    expect(await run(60_000, () => seconds() < 3)).toMatchObject({ isSwept: false });
    expect(cancels).toEqual(['m1']);
  });
});
