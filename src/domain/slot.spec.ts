import { levelKeyOf, parseSlotKey, siblingOf, slotKey } from './slot';

describe('slot keys', () => {
  it.each([
    ['bid', 0, 'bid-0'],
    ['ask', 19, 'ask-19'],
    ['bid', 63, 'bid-63'],
    ['ask', 64, 'ask-64'],
    ['bid', 1_000, 'bid-1000'],
  ] as const)('%s level %d is %s', (side, level, key) => {
    expect(slotKey(side, level)).toBe(key);
    expect(parseSlotKey(key)).toEqual({ side, level });
    expect(siblingOf(key)).toBe(`${key}b`);
    expect(siblingOf(siblingOf(key))).toBe(key);
    expect(parseSlotKey(siblingOf(key))).toEqual({ side, level });
    expect([levelKeyOf(key), levelKeyOf(siblingOf(key))]).toEqual([key, key]);
  });

  it.each(['', 'bid', 'bid-', 'bid-0c', 'bid-b', 'bid-0bb', 'buy-0', ' bid-0', 'bid--1'])(
    '%j is none',
    (key) => {
      expect(parseSlotKey(key)).toBeUndefined();
    },
  );
});
