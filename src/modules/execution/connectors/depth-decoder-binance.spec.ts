import fc from 'fast-check';
import { decoderCases, readsAlike } from '../../../../test/support/frame-reading';
import { DecimalGrid } from './decimal-grid';
import { BinanceDepthDecoder } from './depth-decoder-binance';
import { BinanceMarketParser } from './parse-binance-market';

const symbolOn = (price: string, quantity: string) => ({
  instrument: `on ${price}`,
  grids: { price: new DecimalGrid(price), quantity: new DecimalGrid(quantity) },
});
/** The usual grid, steps that are no power of ten, whole numbers, and more decimals than 32 bits hold. */
const symbols: Readonly<Record<string, ReturnType<typeof symbolOn>>> = {
  BTCUSDT: symbolOn('0.01000000', '0.00001000'),
  ODDUSDT: symbolOn('0.0025', '0.5'),
  TENUSDT: symbolOn('10', '250'),
  FINEUSDT: symbolOn('0.00000001', '1'),
  FINESTUSDT: symbolOn('0.0000000001', '0.1'),
  COARSEUSDT: symbolOn('1000000', '1000.000000001'),
};
const decoder = new BinanceDepthDecoder((name) => symbols[name]);
const parser = new BinanceMarketParser((name) => symbols[name]);

const isRead = readsAlike({ decoder, parser });

const plain =
  '{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":50093239189,"u":50093239202,' +
  '"b":[["61737.63000000","0.00000000"],["61730.17000000","1.54698000"]],"a":[["61837.64000000","12.00000000"]]}';
const swapped = (from: string, to: string): string => {
  expect(plain).toContain(from);
  return plain.replace(from, to);
};

it('reads a frame into ticks and lots', () => {
  const { bids, asks, ...rest } = decoder.depth(Buffer.from(plain))!;
  expect(rest).toEqual({
    ...{ symbol: symbols['BTCUSDT'], isSnapshot: false, prevId: undefined, problem: undefined },
    ...{ previous: 50_093_239_188, last: 50_093_239_202, venueTime: 1_723_161_255_208 },
  });
  expect([...bids.ticks.subarray(0, bids.length)]).toEqual([6_173_763, 6_173_017]);
  expect([...bids.lots.subarray(0, bids.length)]).toEqual([0, 154_698]);
  expect([asks.length, asks.ticks[0], asks.lots[0]]).toEqual([1, 6_183_764, 1_200_000]);
});

it.each([
  ['empty sides', swapped(plain.slice(plain.indexOf('"b":')), '"b":[],"a":[]}')],
  ['whole numbers', swapped('"61730.17000000"', '"61730"')],
  ['fewer decimals than the step has', swapped('"61730.17000000"', '"61730.1"')],
  ['zeros before a price, as JSON texts may have', swapped('"61730.17', '"0061730.17')],
  ['a step that is no power of ten', odd('0.0075', '1.5')],
  ['a step above one', odd('120', '750', 'TENUSDT')],
  ['the largest price', swapped('"61730.17000000"', '"9999999.99"')],
])('reads %s', (_name, frame) => expect(isRead(Buffer.from(frame))).toBe(true));

function odd(price: string, quantity: string, name = 'ODDUSDT'): string {
  return `{"e":"depthUpdate","E":1,"s":"${name}","U":1,"u":2,"b":[["${price}","${quantity}"]],"a":[]}`;
}

/** Each is somebody else's to read: JSON's, or nobody's. */
const others: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a brace alone', '}'],
  ['the wrapping of a combined stream', `{"stream":"btcusdt@depth@100ms","data":${plain}}`],
  ['another event', swapped('depthUpdate', 'depthUpdatf')],
  ['another order of keys', swapped('"U":50093239189,"u":50093239202', '"u":50093239202,"U":50093239189')],
  ['an unknown key', swapped(',"b":', ',"x":1,"b":')],
  ['the previous id of a futures frame', plain.replace(/}$/, ',"pu":50093239188}')],
  ['a space between keys', swapped(',"U"', ', "U"')],
  ['a space between levels', swapped('],[', '], [')],
  ['a space inside a level', swapped('","1.54', '", "1.54')],
  ['a line break at the end', `${plain}\n`],
  ['a second frame at the end', plain + plain],
  ['a brace too many', `${plain}}`],
  ['an escape in the name', swapped('BTCUSDT', 'BTC\\u0055SDT')],
  ['a name in other letters', swapped('BTCUSDT', '币安USDT')],
  ['a name nobody knows', swapped('BTCUSDT', 'BTCUSDX')],
  ['no name', swapped('BTCUSDT', '')],
  ['an escape in a price', swapped('"61730.17', '"\\u00361730.17')],
  ['an exponent', swapped('61730.17000000', '6173017e-2')],
  ['a negative price', swapped('"61730.17', '"-61730.17')],
  ['a negative quantity', swapped('"1.54698000', '"-1.54698000')],
  ['a plus', swapped('"61730.17', '"+61730.17')],
  ['a space before a price', swapped('"61730.17', '" 61730.17')],
  ['a space behind a price', swapped('61730.17000000"', '61730.17000000 "')],
  ['a price without whole digits', swapped('61730.17', '.17')],
  ['a point without digits behind it', swapped('61730.17000000', '61730.')],
  ['two points', swapped('61730.17', '61.730.17')],
  ['two points in a row', swapped('61730.17', '61730..17')],
  ['an empty price', swapped('61730.17000000', '')],
  ['an empty quantity', swapped('1.54698000', '')],
  ['a price off the grid', swapped('61730.17000000', '61730.17100000')],
  ['a quantity off the grid', swapped('1.54698000', '1.54698100')],
  ['a price off a step that is no power of ten', odd('0.0070', '1.5')],
  ['a quantity off a step above one', odd('120', '751', 'TENUSDT')],
  ['a price of ten whole digits', swapped('61730.17', '0000061730.17')],
  ['a price beyond the ticks of a book', swapped('61730.17000000', '10000000.00')],
  ['a quantity beyond the lots of a book', swapped('1.54698000', '100000000.00000000')],
  ['a number beyond the exact doubles', odd('1000000', '262144000.000262145', 'COARSEUSDT')],
  ['a step of more decimals than 32 bits hold', odd('0.0000000001', '0.1', 'FINESTUSDT')],
  ['a price that is no text', swapped('"61730.17000000"', '61730.17')],
  ['a quantity that is no text', swapped('"1.54698000"', '1.54698000')],
  ['a level in braces', swapped('["61730', '{"61730')],
  ['a level that ends in a brace', swapped('"1.54698000"]', '"1.54698000"}')],
  ['a semicolon inside a level', swapped('","1.54', '";"1.54')],
  ['a semicolon behind a level', swapped('],[', '];[')],
  ['another byte at the end of a list', swapped(']],"a"', ']x,"a"')],
  ['a quantity in another quote', swapped('"1.54698000"', '\'1.54698000"')],
  ['a quantity that ends in another quote', swapped('1.54698000"', "1.54698000'")],
  ['a whole number that ends in another quote', swapped('61730.17000000"', "61730'")],
  ['a level of one', swapped('"61730.17000000",', '')],
  ['a level of three', swapped('"1.54698000"', '"1.54698000","0"')],
  ['a comma behind the last level', swapped('"1.54698000"]]', '"1.54698000"],]')],
  ['no comma between levels', swapped('],[', '][')],
  ['a list that does not end', plain.slice(0, plain.indexOf('],"a"')) + '}'],
  ['a bracket where a side should be', plain.slice(0, plain.indexOf(',"a"')) + ']}'],
  ['a frame without its beginning', plain.slice(plain.indexOf('1723'))],
  ['a name without its key', swapped(',"s":"BTC', 'BTC')],
  ['another last byte', plain.replace(/}$/, ']')],
  ['a missing side', plain.slice(0, plain.indexOf(',"a"')) + '}'],
  ['a side that is no list', swapped('"a":[["61837.64000000","12.00000000"]]', '"a":null')],
  ['an id of sixteen digits', swapped('"u":50093239202', '"u":5009323920200000')],
  ['an id with a zero before it', swapped('"u":50093239202', '"u":050093239202')],
  ['an id with a sign', swapped('"U":50093239189', '"U":-50093239189')],
  ['an id with a fraction', swapped('"U":50093239189', '"U":50093239189.5')],
  ['an id that is a text', swapped('"U":50093239189', '"U":"50093239189"')],
  ['no id', swapped('"U":50093239189', '"U":')],
  ['a time of sixteen digits', swapped('1723161255208', '1723161255208000')],
  ['a time with a sign', swapped('1723161255208', '-1723161255208')],
  ['a time that is null', swapped('1723161255208', 'null')],
  ['more than a mebibyte', huge()],
];

function huge(): string {
  const levels = Array.from({ length: 60_000 }, (_, i) => `["${i + 1}.00","1.00000"]`).join(',');
  return plain.replace(/"a":.*$/, `"a":[${levels}]}`);
}

it.each(others)('leaves %s to JSON', (_name, frame) =>
  expect(decoder.depth(Buffer.from(frame))).toBeUndefined(),
);

const names = Object.keys(symbols);
const decimals = fc
  .tuple(fc.nat(2_000_000), fc.constantFrom(0, 1, 2, 5, 8), fc.constantFrom(0, 2, 8))
  .map(([units, places, shown]) => (units / 10 ** places).toFixed(Math.max(places, shown)));
const side = fc.array(fc.tuple(decimals, decimals), { maxLength: 12 });
const frames = fc
  .record({ s: fc.constantFrom(...names), U: fc.maxSafeNat(), E: fc.nat(), b: side, a: side })
  .map(({ s, U, E, b, a }) => JSON.stringify({ e: 'depthUpdate', E, s, U, u: U + 3, b, a }));
const onGrid = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.nat(9_999_999)), { maxLength: 40 })
  .map((levels) => levels.map(([p, q]) => [(p / 100).toFixed(8), (q / 1e5).toFixed(8)]));
const usual = fc
  .record({ U: fc.nat(), b: onGrid, a: onGrid })
  .map(({ U, b, a }) => JSON.stringify({ e: 'depthUpdate', E: 1, s: 'BTCUSDT', U, u: U + 1, b, a }));

decoderCases({ decoder, parser }, plain, usual, [frames]);
