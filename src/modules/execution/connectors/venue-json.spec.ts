import fc from 'fast-check';
import { parseVenueJson, tryParseVenueJson } from './venue-json';

it('keeps long integers exact and leaves strings and fractions alone', () => {
  const text =
    '{"id":9223372036854775807,"s":"1234567890123456789 \\" 12345678901234567","x":1.12345678901234567,"n":-9007199254740993,"l":[12345678901234567]}';
  expect(parseVenueJson(text)).toEqual({
    id: '9223372036854775807',
    s: '1234567890123456789 " 12345678901234567',
    x: 1.1234567890123457,
    n: '-9007199254740993',
    l: ['12345678901234567'],
  });
});

it.each([
  ['9223372036854775807', '9223372036854775807'],
  ['[1,9223372036854775807]', [1, '9223372036854775807']],
  ['{"id" :\n-9223372036854775807 }', { id: '-9223372036854775807' }],
  ['["a9223372036854775807", 9223372036854775807]', ['a9223372036854775807', '9223372036854775807']],
])('finds the long integer in %s', (text, value) => expect(parseVenueJson(text)).toEqual(value));

it('equals JSON.parse wherever no integer is long', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\d{16}/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')));
      expect(parseVenueJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('answers undefined for what is not JSON', () => {
  expect(['', '<html>', '{"a":', undefined].map((text) => tryParseVenueJson(text))).toEqual(
    Array(4).fill(undefined),
  );
});
