import type { SocketEvents } from '../../../runtime/runtime';
import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import type { VirtualRuntime } from '../../../runtime/virtual-runtime';
import { RotatingSocket } from './venue.rotation';

const hour = 3_600_000;
let runtime: VirtualRuntime;
let opened: { readonly events: SocketEvents; isClosed: boolean }[];
let log: string[];
let stream: RotatingSocket;
let confirms: boolean;

function streamOf(name: string, lifeMs = hour): RotatingSocket {
  const made: RotatingSocket = new RotatingSocket(runtime, {
    name,
    lifeMs,
    url: () => 'ws://venue',
    connectDelayMs: () => 0,
    line: (socket) => ({
      onOpen: () => confirms && socket.markLive(),
      onFrame: (frame) => (frame.toString() === 'ended' ? socket.renew('ended') : log.push(frame.toString())),
    }),
    onState: (state, _reason, isOverlap) => log.push(isOverlap ? `${state} in overlap` : state),
    onSuccessor: () => made.promote(),
    onSuccessorLost: () => log.push('successor lost'),
  });
  return made;
}

beforeEach(() => {
  opened = [];
  log = [];
  confirms = true;
  runtime = createVirtualRuntime({
    seed: 7,
    startMs: 0,
    openSocket: (_url, _options, events) => {
      const one = { events, isClosed: false };
      opened.push(one);
      return {
        send: () => undefined,
        ping: () => events.onPong(),
        terminate: () => {
          one.isClosed = true;
          events.onClose(1006, 'cut');
        },
      };
    },
  });
  stream = streamOf('one');
});

async function open(): Promise<void> {
  await runtime.advance(1);
  opened.at(-1)!.events.onOpen();
}

async function live(): Promise<void> {
  stream.start();
  await open();
}

async function untilDialed(count: number): Promise<void> {
  while (opened.length < count) await runtime.advance(5_000);
}

it('is replaced before the venue cuts it, and speaks all the time', async () => {
  await live();
  await runtime.advance(0.49 * hour);
  expect(opened).toHaveLength(1);
  await untilDialed(2);
  expect(runtime.monotonic()).toBeLessThan(1.51 * hour);
  expect([stream.isLive, stream.isRotating, stream.generation]).toEqual([true, true, 1]);
  opened[0]!.events.onFrame(Buffer.from('of the first'));
  opened[1]!.events.onOpen();
  expect(log).toEqual(['connecting', 'live', 'of the first', 'live in overlap']);
  expect([opened[0]!.isClosed, opened[1]!.isClosed]).toEqual([true, false]);
  expect([stream.isLive, stream.isRotating, stream.generation, stream.reconnects]).toEqual([
    true,
    false,
    2,
    0,
  ]);
  opened[0]!.events.onFrame(Buffer.from('late'));
  opened[1]!.events.onFrame(Buffer.from('of the second'));
  expect(log.at(-1)).toBe('of the second');
});

it('is replaced again and again', async () => {
  await live();
  for (let day = 1; day <= 3; day += 1) {
    await untilDialed(day + 1);
    opened.at(-1)!.events.onOpen();
  }
  expect([opened.length, stream.generation, stream.reconnects]).toEqual([4, 4, 0]);
});

it('does not rotate two streams at the same moment', async () => {
  const other = streamOf('another');
  await live();
  other.start();
  await open();
  await untilDialed(3);
  const first = runtime.monotonic();
  opened.at(-1)!.events.onOpen();
  await untilDialed(4);
  expect(runtime.monotonic() - first).toBeGreaterThan(5_000);
});

it('goes on with the first while the second does not get through', async () => {
  await live();
  stream.rotate('asked to');
  await open();
  confirms = false;
  stream.rotate('asked to');
  await open();
  expect(opened).toHaveLength(3);
  opened[2]!.events.onClose(1001, 'away');
  await runtime.advance(600);
  expect(opened).toHaveLength(4);
  confirms = true;
  opened[3]!.events.onOpen();
  expect([log.at(-1), stream.isLive, stream.reconnects]).toEqual(['live in overlap', true, 0]);
});

it('gives the second up when the first breaks, and comes back by itself', async () => {
  await live();
  confirms = false;
  stream.rotate('asked to');
  await open();
  opened[0]!.events.onClose(1006, 'cut');
  expect([opened[1]!.isClosed, stream.isLive, stream.isRotating]).toEqual([true, false, false]);
  expect(log.slice(2)).toEqual(['successor lost', 'down']);
  confirms = true;
  await runtime.advance(600);
  opened.at(-1)!.events.onOpen();
  expect([stream.isLive, stream.generation, stream.reconnects]).toEqual([true, 2, 1]);
});

it('leaves nothing behind when it stops in the middle', async () => {
  await live();
  confirms = false;
  stream.rotate('asked to');
  await open();
  stream.stop();
  expect([opened.every(({ isClosed }) => isClosed), runtime.timers.active()]).toEqual([true, 0]);
});

it('does not take a connection for younger because its stream was begun anew', async () => {
  await live();
  await runtime.advance(0.45 * hour);
  opened[0]!.events.onFrame(Buffer.from('ended'));
  expect(log).toEqual(['connecting', 'live', 'down', 'live']);
  await untilDialed(2);
  expect(runtime.monotonic()).toBeLessThan(1.51 * hour);
});
