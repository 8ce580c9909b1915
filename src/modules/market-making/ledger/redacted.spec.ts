import { redacted } from './redacted';

it('keeps what a person asked for, and nothing that opens an account', () => {
  const body = { name: 'desk', apiKey: 'abcdef123456', apiSecret: 'hush', passphrase: 'hush', count: 1 };
  expect(redacted(body)).toEqual({
    ...{ name: 'desk', apiKey: '…3456', apiSecret: '[not kept]', passphrase: '[not kept]', count: 1 },
  });
});

it.each([undefined, null, 'text', ['a']])('leaves %p as it is', (body) => expect(redacted(body)).toBe(body));
