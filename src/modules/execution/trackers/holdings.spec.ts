import { Holdings } from './holdings';

const world = () => {
  const clock = { now: 0 };
  const holdings = new Holdings(() => clock.now, 40_000);
  holdings.belongs('strategy:s', 'a');
  holdings.belongs('unallocated:a', 'a');
  const set = (holder: string, total: string): void =>
    holdings.update([{ holder, asset: 'USDT', total, reserved: '0' }]);
  return { clock, holdings, set };
};

describe('Holdings', () => {
  it('sums the holders of an account', () => {
    const { holdings, set } = world();
    set('strategy:s', '1.5');
    set('unallocated:a', '2.25');
    set('strategy:other', '100');
    expect(holdings.accountTotal('a', 'USDT').toFixed()).toBe('3.75');
  });

  it('agrees with a figure the books held within the window, and with no other', () => {
    const { clock, holdings, set } = world();
    set('strategy:s', '10');
    clock.now = 20_000;
    set('strategy:s', '12');
    expect(holdings.agrees('a', 'USDT', '10', { since: 15_000, dust: '0' })).toBe(true);
    expect(holdings.agrees('a', 'USDT', '12', { since: 15_000, dust: '0' })).toBe(true);
    expect(holdings.agrees('a', 'USDT', '11', { since: 15_000, dust: '0' })).toBe(false);
    expect(holdings.agrees('a', 'USDT', '10', { since: 21_000, dust: '0' })).toBe(false);
  });

  it('remembers what held when the window began', () => {
    const { clock, holdings, set } = world();
    set('strategy:s', '10');
    clock.now = 100_000;
    set('strategy:s', '12');
    expect(holdings.agrees('a', 'USDT', '10', { since: 95_000, dust: '0' })).toBe(true);
  });
});
