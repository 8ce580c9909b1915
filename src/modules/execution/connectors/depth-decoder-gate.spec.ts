import fc from 'fast-check';
import { decoderCases, readsAlike } from '../../../../test/support/frame-reading';
import { DecimalGrid } from './decimal-grid';
import { GateDepthDecoder } from './depth-decoder-gate';
import { gateParser } from './parse-gate-market';

const symbol = {
  instrument: 'BTC/USDT',
  grids: { price: new DecimalGrid('0.1'), quantity: new DecimalGrid('0.000001') },
};
const symbolOf = (name: string) => (name === 'BTC_USDT' ? symbol : undefined);
const decoder = new GateDepthDecoder(symbolOf);
const parser = gateParser(symbolOf);

const isRead = readsAlike({ decoder, parser });

const plain =
  '{"channel":"spot.obu","result":{"t":1743673026995,"s":"ob.BTC_USDT.50","U":73777715168,"u":73777715212,' +
  '"b":[["83705.9","30.147646"],["83700.1","0"]],"a":[["83706","16.8"]]},"time_ms":1743673026999,"event":"update"}';
const whole = plain
  .replace('"U":73777715168,', '')
  .replace('"t":1743673026995', '"t":1743673026995,"full":true');
const swapped = (from: string, to: string): string => {
  expect(plain).toContain(from);
  return plain.replace(from, to);
};

it('reads a frame into ticks and lots', () => {
  const { bids, asks, ...rest } = decoder.depth(Buffer.from(plain))!;
  expect(rest).toEqual({
    ...{ symbol, isSnapshot: false, prevId: undefined, problem: undefined },
    ...{ previous: 73_777_715_167, last: 73_777_715_212, venueTime: 1_743_673_026_995 },
  });
  expect([...bids.ticks.subarray(0, bids.length)]).toEqual([837_059, 837_001]);
  expect([...bids.lots.subarray(0, bids.length)]).toEqual([30_147_646, 0]);
  expect([asks.length, asks.ticks[0], asks.lots[0]]).toEqual([1, 837_060, 16_800_000]);
});

it('knows a whole book, which follows nothing', () => {
  expect(decoder.depth(Buffer.from(whole))).toMatchObject({ isSnapshot: true, previous: -1 });
  expect(isRead(Buffer.from(whole))).toBe(true);
});

it('takes a side that is left out for one that did not change, whatever stood there before', () => {
  decoder.depth(Buffer.from(plain));
  const depth = decoder.depth(Buffer.from(swapped(',"a":[["83706","16.8"]]', '')))!;
  expect([depth.bids.length, depth.asks.length]).toEqual([2, 0]);
});

it.each([
  ['ids alone', plain.replace(/,"b":.*\]\]/, '')],
  ['empty sides', plain.replace(/"b":.*\]\]/, '"b":[],"a":[]')],
  [
    'the event before the result',
    swapped('"spot.obu",', '"spot.obu","event":"update",').replace(/,"event":"update"\}$/, '}'),
  ],
  ['seconds beside the milliseconds', swapped('{"channel"', '{"time":1743673026,"channel"')],
  ['no time of the answer', swapped('"time_ms":1743673026999,', '')],
  ['more levels', swapped('.50"', '.400"')],
])('reads %s', (_name, frame) => expect(isRead(Buffer.from(frame))).toBe(true));

/** Each is somebody else's to read: JSON's, or nobody's. */
it.each([
  ['nothing', ''],
  ['a brace alone', '}'],
  ['no field', '{}'],
  ['another channel', swapped('spot.obu', 'spot.obv')],
  ['no channel', swapped('"channel":"spot.obu",', '')],
  ['another event', swapped('"update"', '"subscribe"')],
  ['no event', swapped(',"event":"update"', '')],
  ['no result', plain.replace(/"result":.*\},/, '')],
  ['a list of results', swapped('"result":{', '"result":[{').replace('},"time_ms"', '}],"time_ms"')],
  ['a name nobody knows', swapped('BTC_USDT', 'BTC_USDX')],
  [
    'a name behind the levels',
    swapped('"s":"ob.BTC_USDT.50",', '').replace(']]},', ']],"s":"ob.BTC_USDT.50"},'),
  ],
  ['a name of another stream', swapped('"ob.', '"oc.')],
  ['no name', swapped('"s":"ob.BTC_USDT.50",', '')],
  ['an unknown field', swapped('"U":', '"l":"50","U":')],
  ['a field that comes twice', swapped('"u":', '"U":73777715169,"u":')],
  ['no first id', swapped('"U":73777715168,', '')],
  ['no last id', swapped('"u":73777715212,', '')],
  ['no time', swapped('"t":1743673026995,', '')],
  ['a whole book that names what it follows', swapped('"t":1743673026995', '"t":1743673026995,"full":true')],
  ['a book that is not whole in words', whole.replace('"full":true', '"full":false')],
  ['a space', swapped(',"u"', ', "u"')],
  ['an id that is a text', swapped('"U":73777715168', '"U":"73777715168"')],
  ['an id of sixteen digits', swapped('"u":73777715212', '"u":7377771521200000')],
  ['a side that is null', swapped('"a":[["83706","16.8"]]', '"a":null')],
  ['a level of three', swapped('"16.8"', '"16.8","1"')],
  ['a price off the grid', swapped('83706', '83706.05')],
  ['an exponent', swapped('"83706"', '"83706e0"')],
  ['something behind it', `${plain}}`],
])('leaves %s to JSON', (_name, frame) => expect(decoder.depth(Buffer.from(frame))).toBeUndefined());

const level = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.nat(9_999_999))
  .map(([p, q]) => [(p / 10).toString(), (q / 1e4).toString()]);
const side = fc.option(fc.array(level, { maxLength: 30 }), { nil: undefined });
const usual = fc
  .record({ b: side, a: side, full: fc.boolean(), t: fc.nat(), u: fc.maxSafeNat() })
  .map(({ b, a, full, t, u }) => {
    const ids = full ? { full: true } : { U: u % 1e15 };
    const result = { t, ...ids, s: 'ob.BTC_USDT.50', u: u % 1e15, b, a };
    return JSON.stringify({ channel: 'spot.obu', result, time_ms: t + 1, event: 'update' });
  });

decoderCases({ decoder, parser }, plain, usual);
