import type { SocketEvents } from '../../../runtime/runtime';
import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import type { VirtualRuntime } from '../../../runtime/virtual-runtime';
import { refusedRetryMs, VenueSocket } from './venue.socket';

let runtime: VirtualRuntime;
let opened: SocketEvents[];
let pings: number;
let log: string[];
let socket: VenueSocket;
let confirms: boolean;

beforeEach(() => {
  opened = [];
  log = [];
  pings = 0;
  confirms = true;
  runtime = createVirtualRuntime({
    seed: 7,
    startMs: 0,
    openSocket: (_url, _options, events) => {
      opened.push(events);
      return {
        send: () => undefined,
        ping: () => void (pings += 1),
        terminate: () => events.onClose(1006, 'cut'),
      };
    },
  });
  socket = new VenueSocket(runtime, {
    url: () => 'ws://venue',
    connectDelayMs: () => 0,
    onOpen: () => confirms && socket.markLive(),
    onFrame: (frame) => log.push(frame.toString()),
    onState: (state) => log.push(state),
  });
});

async function live(): Promise<SocketEvents> {
  socket.start();
  await runtime.advance(1);
  opened.at(-1)!.onOpen();
  return opened.at(-1)!;
}

it('dials, goes live, and counts a generation', async () => {
  await live();
  expect([log, socket.generation, socket.isLive]).toEqual([['connecting', 'live'], 1, true]);
});

it('comes back within the backoff bound after a close, and hears nothing more of the old socket', async () => {
  const old = await live();
  old.onClose(1001, 'away');
  await runtime.advance(501);
  expect(opened).toHaveLength(2);
  opened[1]!.onOpen();
  old.onFrame(Buffer.from('stale'));
  opened[1]!.onFrame(Buffer.from('fresh'));
  expect([log, socket.generation]).toEqual([
    ['connecting', 'live', 'down', 'connecting', 'live', 'fresh'],
    2,
  ]);
});

it('pings every 15 s, and gives up after 30 s of silence', async () => {
  const events = await live();
  for (let i = 0; i < 32; i += 1) {
    events.onFrame(Buffer.from('frame'));
    await runtime.advance(500);
  }
  expect(pings).toBe(1);
  await runtime.advance(29_000);
  expect(pings).toBe(2);
  expect(socket.isLive).toBe(true);
  await runtime.advance(4_000);
  expect(log).toContain('down');
});

it('drops a socket whose subscription nobody confirms', async () => {
  confirms = false;
  await live();
  await runtime.advance(5_001);
  expect(log).toEqual(['connecting', 'down', ...log.slice(2)]);
});

it('opens nothing when whoever hears that it dials stops it', async () => {
  const halted: VenueSocket = new VenueSocket(runtime, {
    ...{
      url: () => 'ws://venue',
      connectDelayMs: () => 0,
      onOpen: () => undefined,
      onFrame: () => undefined,
    },
    onState: (state) => state === 'connecting' && halted.stop(),
  });
  halted.start();
  await runtime.advance(60_000);
  expect([opened.length, runtime.timers.active()]).toEqual([0, 0]);
});

it('stays away once its key is refused, until started again', async () => {
  await live();
  socket.block('KEY_REJECTED');
  await runtime.advance(refusedRetryMs - 1);
  expect([opened.length, socket.blockedReason, log.at(-1)]).toEqual([1, 'KEY_REJECTED', 'blocked']);
  await live();
  expect([socket.isLive, socket.blockedReason]).toEqual([true, undefined]);
});

it('tries a refused key again after minutes, and says so until the venue takes it', async () => {
  await live();
  socket.block('KEY_REJECTED');
  confirms = false;
  await runtime.advance(refusedRetryMs + 1);
  opened.at(-1)!.onOpen();
  expect([opened.length, socket.blockedReason]).toEqual([2, 'KEY_REJECTED']);
  socket.block('KEY_REJECTED');
  await runtime.advance(refusedRetryMs - 1);
  expect(opened.length).toBe(2);
  confirms = true;
  await runtime.advance(2);
  opened.at(-1)!.onOpen();
  expect([opened.length, socket.isLive, socket.blockedReason]).toEqual([3, true, undefined]);
});

it('waits longer after each failure and never beyond 30 s', async () => {
  socket.start();
  await runtime.advance(1);
  const waits: number[] = [];
  for (let failure = 0; failure < 40; failure += 1) {
    const dials = opened.length;
    const from = runtime.monotonic();
    opened.at(-1)!.onClose(1006, 'refused');
    while (opened.length === dials) await runtime.advance(50);
    waits.push(runtime.monotonic() - from);
  }
  expect(waits[0]).toBeLessThanOrEqual(550);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_050);
  expect(Math.max(...waits)).toBeGreaterThan(15_000);
});

it('keeps a socket open with a text where the venue wants one, and passes no answer to it on', async () => {
  const texts: string[] = [];
  let events: SocketEvents | undefined;
  const quiet = createVirtualRuntime({
    ...{ seed: 7, startMs: 0 },
    openSocket: (_url, _options, given) => {
      events = given;
      return {
        send: (text) => void texts.push(text),
        ping: () => void (pings += 1),
        terminate: () => undefined,
      };
    },
  });
  const texted = new VenueSocket(quiet, {
    ...{ url: () => 'ws://venue', pingText: 'ping', connectDelayMs: () => 0 },
    onOpen: () => texted.markLive(),
    onFrame: (frame) => log.push(frame.toString()),
    onState: () => undefined,
  });
  texted.start();
  await quiet.advance(1);
  events!.onOpen();
  await quiet.advance(16_000);
  expect([texts, pings]).toEqual([['ping'], 0]);
  events!.onFrame(Buffer.from('pong'));
  await quiet.advance(29_000);
  expect([texted.isLive, log]).toEqual([true, []]);
  await quiet.advance(2_000);
  expect(texted.isLive).toBe(false);
});

it('sets a stream that has ended up anew on its connection, as a new generation', async () => {
  await live();
  await runtime.advance(5_000);
  socket.renew('ended');
  expect([opened.length, socket.generation, socket.isLive]).toEqual([1, 2, true]);
  expect(log).toEqual(['connecting', 'live', 'down', 'live']);
  expect(socket.openedAt).toBe(1);
});

it('dials anew when a stream ends again at once, or cannot be set up again', async () => {
  await live();
  await runtime.advance(5_000);
  socket.renew('ended');
  socket.renew('ended');
  expect([socket.isOpen, opened.length]).toEqual([false, 1]);
  await runtime.advance(501);
  opened[1]!.onOpen();
  await runtime.advance(5_000);
  confirms = false;
  socket.renew('ended');
  expect(socket.isLive).toBe(false);
  await runtime.advance(5_001);
  expect(socket.isOpen).toBe(false);
});

it('does not set a stream up again that was stopped when it ended', async () => {
  const stopping: VenueSocket = new VenueSocket(runtime, {
    ...{ url: () => 'ws://venue', connectDelayMs: () => 0, onFrame: () => undefined },
    onOpen: () => stopping.markLive(),
    onState: (state) => state === 'down' && stopping.stop(),
  });
  stopping.start();
  await runtime.advance(1);
  opened[0]!.onOpen();
  await runtime.advance(5_000);
  stopping.renew('ended');
  expect([stopping.isOpen, stopping.generation, runtime.timers.active()]).toEqual([false, 1, 0]);
});
