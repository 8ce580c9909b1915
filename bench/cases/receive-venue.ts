import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { frameLoop } from '../streams/depth-frames';
import type { DepthChanges } from '../streams/depth-frames';
import type { Level } from '../streams/depth';

/**
 * The venue of the receive cases, in a process of its own: one symbol of Binance spot, whose depth frames are made
 * beforehand. Each message from the parent asks for one half of the loop, all at once or one frame in so many milliseconds.
 */
const [levelsPerFrame = 20, frames = 1_000, idsPerFrame = 7, everyMs = 0, seed = 7] = process.argv
  .slice(2)
  .map(Number);
const priceDecimals = 2;
const quantityDecimals = 5;
const shownDecimals = 8;

const loop = frameLoop({ frames, levelsPerFrame, seed });
const bodies = { there: loop.there.map(bodyOf), back: loop.back.map(bodyOf) };
let lastId = 50_000_000_000;
let time = 1_700_000_000_000;
let isThere = false;
let client: { readonly socket: WebSocket; readonly stream: Duplex } | undefined;

function decimal(units: number, decimals: number): string {
  return (units / 10 ** decimals).toFixed(shownDecimals);
}

function levelsOf(levels: readonly Level[]): string {
  const row = ([ticks, lots]: Level): string =>
    `["${decimal(ticks, priceDecimals)}","${decimal(lots, quantityDecimals)}"]`;
  return `[${levels.map(row).join(',')}]`;
}

function bodyOf({ bids, asks }: DepthChanges): string {
  return `,"b":${levelsOf(bids)},"a":${levelsOf(asks)}}`;
}

const step = (decimals: number): string => (10 ** -decimals).toFixed(shownDecimals);
const exchangeInfo = {
  timezone: 'UTC',
  rateLimits: [],
  symbols: [
    {
      ...{ symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' },
      ...{ isSpotTradingAllowed: true, permissionSets: [['SPOT']], orderTypes: ['LIMIT', 'LIMIT_MAKER'] },
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: step(priceDecimals) },
        { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: step(quantityDecimals) },
        { filterType: 'NOTIONAL', minNotional: '5' },
      ],
    },
  ],
};

function answer(path: string): string {
  if (path.endsWith('/exchangeInfo')) return JSON.stringify(exchangeInfo);
  if (path.endsWith('/time')) return `{"serverTime":${Date.now()}}`;
  if (!path.endsWith('/depth')) return '{}';
  const { bids, asks } = isThere ? loop.end : loop.start;
  return `{"lastUpdateId":${lastId},"bids":${levelsOf(bids)},"asks":${levelsOf(asks)}}`;
}

/** Every frame is one message. */
function send(body: string): void {
  const firstId = lastId + 1;
  lastId += idsPerFrame;
  time += 100;
  client!.socket.send(`{"e":"depthUpdate","E":${time},"s":"BTCUSDT","U":${firstId},"u":${lastId}${body}`);
}

/** All of them wait in the kernel while the client reads. */
function sendAtOnce(batch: readonly string[]): void {
  const { stream } = client!;
  stream.cork();
  for (const body of batch) send(body);
  stream.uncork();
}

function sendOneByOne(batch: readonly string[]): void {
  let at = 0;
  const timer = setInterval(() => {
    send(batch[at]!);
    at += 1;
    if (at === batch.length) clearInterval(timer);
  }, everyMs);
}

function sendHalf(): void {
  isThere = !isThere;
  const batch = isThere ? bodies.there : bodies.back;
  if (everyMs === 0) sendAtOnce(batch);
  else sendOneByOne(batch);
}

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(answer(new URL(request.url ?? '/', 'http://venue').pathname));
});
const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, stream, head) =>
  sockets.handleUpgrade(request, stream, head, (socket) => {
    client = { socket, stream };
    socket.on('message', (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: unknown };
      socket.send(JSON.stringify({ result: null, id }));
    });
  }),
);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send!(`http://127.0.0.1:${port}`);
});
process.on('message', sendHalf);
process.on('disconnect', () => process.exit(0));
