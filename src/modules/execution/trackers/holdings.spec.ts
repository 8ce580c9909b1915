import BigNumber from 'bignumber.js';
import fc from 'fast-check';
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

  it('sums what it says of each holder, however often that changes', () => {
    const updates = fc.array(
      fc.record({ i: fc.nat(2), total: fc.constantFrom('0', '1.10', '1.1', '-2', '0.3', '7.25') }),
    );
    fc.assert(
      fc.property(updates, fc.nat(20), (drawn, joinsAt) => {
        const { holdings, set } = world();
        const holders = ['strategy:s', 'unallocated:a', 'strategy:other'];
        drawn.forEach(({ i, total }, at) => {
          if (at === joinsAt) holdings.belongs('strategy:other', 'a');
          set(holders[i]!, total);
          const rows = holdings.holdersOf('a').flatMap((holder) => holdings.of(holder));
          const sum = rows.reduce((all, row) => all.plus(row.total), new BigNumber(0));
          expect(holdings.accountTotal('a', 'USDT').toFixed()).toBe(sum.toFixed());
          const isOurs = at >= joinsAt || i < 2;
          const window = { since: 0, dust: '0' };
          if (isOurs) expect(holdings.agrees('a', 'USDT', sum.toFixed(), window)).toBe(true);
        });
        for (const holder of holders)
          for (const { total } of holdings.of(holder)) expect(holdings.total(holder, 'USDT')).toBe(total);
      }),
    );
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
