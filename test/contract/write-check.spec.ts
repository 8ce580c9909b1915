import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Answer, HttpRequest, Runtime } from '../../src/runtime/runtime';

let runtime: Runtime;
let server: Server;
let url: string;
let bytes: number;
let isSilent: boolean;
const sockets = new Set<Socket>();

beforeEach(async () => {
  runtime = createRealRuntime();
  bytes = 0;
  isSilent = false;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (!isSilent) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/order`;
});

afterEach(async () => {
  await runtime.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const request = (change: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  method: 'POST',
  headers: {},
  body: 'x=1',
  pool: 'public',
  sendBy: runtime.monotonic() + 1_000,
  beforeWrite: () => true,
  ...change,
});
const refused = (): Promise<Answer> => runtime.http(request({ beforeWrite: () => false }));

it('puts no byte on the wire when refused on a cold pool', async () => {
  expect(await refused()).toMatchObject({ written: false });
  await runtime.sleep(50);
  expect(bytes).toBe(0);
});

it('puts no byte on the wire when refused on a warm connection', async () => {
  expect(await runtime.http(request())).toMatchObject({ written: true, status: 200, body: 'ok' });
  const before = bytes;
  expect(await refused()).toMatchObject({ written: false });
  await runtime.sleep(50);
  expect(bytes).toBe(before);
});

it('asks once, and what it records is there when the bytes arrive', async () => {
  let asked = 0;
  await runtime.http(request({ beforeWrite: () => (asked += 1) === 1 && bytes === 0 }));
  expect(asked).toBe(1);
  expect(bytes).toBeGreaterThan(0);
});

it('refuses at sendBy what waits behind a busy pool, without a byte', async () => {
  isSilent = true;
  const busy = Array.from({ length: 4 }, () => runtime.http(request()));
  await runtime.sleep(100);
  const before = bytes;
  let asked = 0;
  const late = await runtime.http(
    request({ sendBy: runtime.monotonic() + 100, beforeWrite: () => (asked += 1) > 0 }),
  );
  expect(late).toMatchObject({ written: false });
  for (const socket of sockets) socket.destroy();
  await Promise.all(busy);
  await runtime.sleep(100);
  expect({ asked, bytes }).toEqual({ asked: 0, bytes: before });
});

it('proves that nothing left when the connection is refused', async () => {
  expect(await runtime.http(request({ url: 'http://127.0.0.1:1/' }))).toMatchObject({ written: false });
});

it('reports a reset after the write as written, after exactly one request', async () => {
  isSilent = true;
  const answer = runtime.http(request());
  await runtime.sleep(100);
  const sent = bytes;
  for (const socket of sockets) socket.destroy();
  const { status, ...rest } = (await answer) as Extract<Answer, { written: true }>;
  expect(rest.written).toBe(true);
  expect(status).toBeUndefined();
  await runtime.sleep(100);
  expect(bytes).toBe(sent);
});
