import { DecimalGrid } from '../../src/modules/execution/connectors/decimal-grid';
import type { DepthFrame, MarketDialect } from '../../src/modules/execution/connectors/dialect';
import { binanceMarket } from '../../src/modules/execution/connectors/binance.market';
import { gateMarket } from '../../src/modules/execution/connectors/gate.market';
import { okxMarket } from '../../src/modules/execution/connectors/okx.market';
import { parseVenueJson } from '../../src/modules/execution/connectors/venue-json';
import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import { emptyHash, fold } from '../case';
import type { Candidate, Case, Scale } from '../case';

const frameCount = { quick: 300, full: 3_000 } as const;
const grids = { price: new DecimalGrid('0.1'), quantity: new DecimalGrid('0.00001') };
const symbolOf = () => ({ instrument: 'BTC/USDT', grids });

type Levels = readonly (readonly [price: string, quantity: string])[];
/** A frame as the venue writes it. */
type Writer = (id: number, bids: Levels, asks: Levels) => string;

const okxLevels = (levels: Levels) => levels.map(([p, q]) => [p, q, '0', '3']);
const venues: readonly (readonly [MarketDialect, string, Writer])[] = [
  [
    binanceMarket,
    'binance',
    (U, b, a) => JSON.stringify({ e: 'depthUpdate', E: 1_723_161_255_208, s: 'BTCUSDT', U, u: U + 3, b, a }),
  ],
  [
    okxMarket,
    'okx',
    (prevSeqId, bids, asks) => {
      const sides = { asks: okxLevels(asks), bids: okxLevels(bids), ts: '1723161255208' };
      const row = { ...sides, checksum: -855_196_043, prevSeqId, seqId: prevSeqId + 3 };
      return JSON.stringify({ arg: { channel: 'books', instId: 'BTC-USDT' }, action: 'update', data: [row] });
    },
  ],
  [
    gateMarket,
    'gate',
    (U, b, a) => {
      const result = { t: 1_723_161_255_208, s: 'ob.BTC_USDT.50', U, u: U + 3, b, a };
      return JSON.stringify({ channel: 'spot.obu', result, time_ms: 1_723_161_255_209, event: 'update' });
    },
  ],
];

function framesOf(write: Writer, levels: number, scale: Scale, seed: number): readonly Buffer[] {
  const rng = new Xoshiro128(seedOf(`decode/${seed}`));
  const side = (from: number, step: number): Levels =>
    Array.from({ length: levels }, (_, i) => [
      (from + i * step + rng.int(5) / 10).toFixed(1),
      (rng.int(400_000) / 1e5).toFixed(5),
    ]);
  return Array.from({ length: frameCount[scale] }, (_, i) =>
    Buffer.from(write(1_000_000 + i * 4, side(60_000, -0.7), side(60_001, 0.7))),
  );
}

function hashOf(hash: number, { last, bids, asks }: DepthFrame): number {
  let into = fold(hash, last);
  for (const side of [bids, asks])
    for (let i = 0; i < side.length; i += 1) into = fold(fold(into, side.ticks[i]!), side.lots[i]!);
  return into;
}

function candidate(frames: readonly Buffer[], read: (frame: Buffer) => DepthFrame | undefined): Candidate {
  return {
    pass() {
      let hash = emptyHash;
      for (const frame of frames) {
        const depth = read(frame);
        if (!depth) throw new Error(`not read: ${frame.toString('latin1', 0, 200)}`);
        hash = hashOf(hash, depth);
      }
      return { operations: frames.length, checksum: String(hash >>> 0) };
    },
  };
}

const decodeCase = ([market, venue, write]: (typeof venues)[number], levels: number): Case => ({
  id: `decode-${venue}-${levels}`,
  unit: 'frame',
  goals: [],
  note: `Depth frames of ${levels} levels a side from bytes into ticks and lots, without a socket and a book. Json: our other way.`,
  candidates: {
    ours: (scale, seed) => {
      const decoder = market.decoder!(symbolOf);
      return candidate(framesOf(write, levels, scale, seed), (frame) => decoder.depth(frame));
    },
    json: (scale, seed) => {
      const parser = market.parser(symbolOf);
      return candidate(framesOf(write, levels, scale, seed), (frame) =>
        parser.depthOf?.(parseVenueJson(frame.toString('utf8'))),
      );
    },
  },
});

export const decodeCases: readonly Case[] = venues.flatMap((venue) => [
  decodeCase(venue, 20),
  decodeCase(venue, 100),
]);
