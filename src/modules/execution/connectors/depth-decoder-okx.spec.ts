import fc from 'fast-check';
import { decoderCases, readsAlike } from '../../../../test/support/frame-reading';
import { DecimalGrid } from './decimal-grid';
import { OkxDepthDecoder } from './depth-decoder-okx';
import { okxParser } from './parse-okx-market';

const symbol = {
  instrument: 'BTC/USDT',
  grids: { price: new DecimalGrid('0.1'), quantity: new DecimalGrid('0.00000001') },
};
const symbolOf = (name: string) => (name === 'BTC-USDT' ? symbol : undefined);
const decoder = new OkxDepthDecoder(symbolOf);
const parser = okxParser(symbolOf);

const isRead = readsAlike({ decoder, parser });

const plain =
  '{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[["61837.6","0.5","0","13"]],' +
  '"bids":[["61737.6","0","0","0"],["61730.1","1.54698","0","2"]],"ts":"1723161255208","checksum":-855196043,' +
  '"prevSeqId":50093239188,"seqId":50093239202}]}';
const swapped = (from: string, to: string): string => {
  expect(plain).toContain(from);
  return plain.replace(from, to);
};

it('reads a frame into ticks and lots', () => {
  const { bids, asks, ...rest } = decoder.depth(Buffer.from(plain))!;
  expect(rest).toEqual({
    ...{ symbol, isSnapshot: false, prevId: undefined, problem: undefined },
    ...{ previous: 50_093_239_188, last: 50_093_239_202, venueTime: 1_723_161_255_208 },
  });
  expect([...bids.ticks.subarray(0, bids.length)]).toEqual([617_376, 617_301]);
  expect([...bids.lots.subarray(0, bids.length)]).toEqual([0, 154_698_000]);
  expect([asks.length, asks.ticks[0], asks.lots[0]]).toEqual([1, 618_376, 50_000_000]);
});

it('knows a first state, which follows nothing', () => {
  const frame = swapped('"update"', '"snapshot"').replace('"prevSeqId":50093239188', '"prevSeqId":-1');
  expect(decoder.depth(Buffer.from(frame))).toMatchObject({ isSnapshot: true, previous: -1 });
  expect(isRead(Buffer.from(frame))).toBe(true);
});

it.each([
  ['empty sides', plain.replace(/"asks".*"ts"/, '"asks":[],"bids":[],"ts"')],
  [
    'another order of fields',
    swapped('"prevSeqId":50093239188,"seqId":50093239202', '"seqId":7,"prevSeqId":6'),
  ],
  ['a word of life', swapped('"prevSeqId":50093239188', '"prevSeqId":50093239202')],
  ['no checksum to speak of', swapped('-855196043', '0')],
])('reads %s', (_name, frame) => expect(isRead(Buffer.from(frame))).toBe(true));

/** Each is somebody else's to read: JSON's, or nobody's. */
it.each([
  ['nothing', ''],
  ['a brace alone', '}'],
  ['another channel', swapped('"books"', '"books5"')],
  ['a name nobody knows', swapped('BTC-USDT', 'BTC-USDX')],
  ['an escape in the name', swapped('BTC-USDT', 'BTC\\u002dUSDT')],
  ['another action', swapped('"update"', '"updatf"')],
  ['no action', swapped('"action":"update",', '')],
  ['an unknown field', swapped('"ts":', '"x":1,"ts":')],
  ['a field that is missing', swapped('"checksum":-855196043,', '')],
  ['a field that comes twice', swapped('"seqId"', '"prevSeqId":1,"seqId"')],
  ['a space', swapped(',"ts"', ', "ts"')],
  ['two rows', swapped('50093239202}', '50093239202},{"asks":[]}')],
  ['no row', plain.replace(/\[\{.*\}\]/, '[]')],
  ['a time that is a number', swapped('"1723161255208"', '1723161255208')],
  ['a number that is a text', swapped('50093239188', '"50093239188"')],
  ['a number of sixteen digits', swapped('50093239202', '5009323920200000')],
  ['a number below those of a snapshot', swapped('50093239188', '-2')],
  ['a number with a fraction', swapped('50093239202', '50093239202.5')],
  ['a checksum that is a text', swapped('-855196043', '"-855196043"')],
  ['a level of two', swapped('"1.54698","0","2"', '"1.54698"')],
  ['a level of three', swapped('"1.54698","0","2"', '"1.54698","0"')],
  ['a level of five', swapped('"1.54698","0","2"', '"1.54698","0","2","0"')],
  ['a count that is a number', swapped('"0","2"', '"0",2')],
  ['an unused text that is a word', swapped('"0","2"', '"x","2"')],
  ['an exponent', swapped('61730.1', '617301e-1')],
  ['a price off the grid', swapped('61730.1', '61730.15')],
  ['a missing side', plain.replace(/"bids".*"ts"/, '"ts"')],
  ['something behind it', `${plain}}`],
  ['a line break at the end', `${plain}\n`],
])('leaves %s to JSON', (_name, frame) => expect(decoder.depth(Buffer.from(frame))).toBeUndefined());

const level = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.nat(9_999_999), fc.nat(40))
  .map(([p, q, n]) => [(p / 10).toString(), (q / 1e5).toString(), '0', String(n)]);
const side = fc.array(level, { maxLength: 30 });
const usual = fc
  .record({
    bids: side,
    asks: side,
    first: fc.boolean(),
    at: fc.nat(),
    sum: fc.integer(),
    seqId: fc.maxSafeNat(),
  })
  .map(({ bids, asks, first, at, sum, seqId }) => {
    const prevSeqId = first ? -1 : seqId % 1e15;
    const row = { asks, bids, ts: String(at), checksum: sum, prevSeqId, seqId: seqId % 1e15 };
    const action = first ? 'snapshot' : 'update';
    return JSON.stringify({ arg: { channel: 'books', instId: 'BTC-USDT' }, action, data: [row] });
  });

decoderCases({ decoder, parser }, plain, usual);
