import { VenueSocket } from '../../src/modules/execution/connectors/venue.socket';
import type { SocketEvents } from '../../src/runtime/runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * A market in which nothing changed for 5 s sent no frame, the next ping was up to 15 s away, and a healthy book was
 * called stale: quotes were pulled from a quiet market. A quiet stream is now asked every 2 s whether it lives.
 */
it('a stream without frames proves itself alive well within the age at which a book is stale', async () => {
  const provedAt: number[] = [];
  let events: SocketEvents | undefined;
  const runtime = createVirtualRuntime({
    seed: 1,
    startMs: 0,
    openSocket: (_url, _options, heard) => {
      events = heard;
      return { send: () => undefined, ping: () => heard.onPong(), terminate: () => heard.onClose(1006, '') };
    },
  });
  const socket: VenueSocket = new VenueSocket(runtime, {
    url: () => 'ws://venue',
    connectDelayMs: () => 0,
    onOpen: () => socket.markLive(),
    onFrame: () => undefined,
    onAlive: () => void provedAt.push(runtime.monotonic()),
    onState: () => undefined,
  });
  socket.start();
  await runtime.advance(1);
  events!.onOpen();
  await runtime.advance(60_000);
  const gaps = provedAt.map((at, i) => at - (provedAt[i - 1] ?? 0));
  expect(provedAt.length).toBeGreaterThan(10);
  expect(Math.max(...gaps)).toBeLessThan(4_000);
  socket.stop();
});
