import { packSecrets, unpackSecrets } from './credential-box';

it.each([
  [{ secret: 'abc' }, 'abc'],
  [{ secret: 'abc', passphrase: 'a b' }, 'abc\u0000a b'],
  [{ secret: 'abc', passphrase: '' }, 'abc\u0000'],
  [{ secret: '-----BEGIN\nkey\n-----END' }, '-----BEGIN\nkey\n-----END'],
])('packs %j so that it is read back', (secrets, text) => {
  expect(packSecrets(secrets)).toBe(text);
  expect(unpackSecrets(text)).toEqual(secrets);
});

it('refuses what would be read back as something else', () => {
  expect(() => packSecrets({ secret: 'a\u0000b' })).toThrow('NUL');
});
