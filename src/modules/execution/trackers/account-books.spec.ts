import { MemoryStore } from '../store/memory-store';
import type { BooksVerdict, Uncertainty } from './account-books';
import { AccountBooks } from './account-books';
import { Holdings } from './holdings';

async function world(isBystander = false) {
  const clock = { now: 0 };
  const store = new MemoryStore({ now: () => clock.now });
  const holdings = new Holdings(() => clock.now, 40_000);
  holdings.belongs('unallocated:a', 'a');
  holdings.belongs('unexplained:a', 'a');
  const codes: string[] = [];
  const missing: string[] = [];
  const books = new AccountBooks({
    isBystander: () => isBystander,
    follows: () => true,
    ...{ accountId: 'a', store, holdings, uuid: () => String(codes.length) },
    notify: ({ code, severity }) => void codes.push(`${code} ${severity}`),
    missing: (asset, difference) => void missing.push(`${asset} ${difference}`),
  });
  const read = (
    shown: Readonly<Record<string, string>>,
    uncertain: readonly string[] = [],
    tradesAgoMs = 0,
    why: Uncertainty = 'in_flight',
  ): Promise<BooksVerdict> => {
    clock.now += 30_000;
    const rows = Object.entries(shown).map(([asset, free]) => ({ asset, free, locked: '0' }));
    const page = { rows, requestedAt: clock.now, requestedAtMs: clock.now, receivedAt: clock.now };
    const tradesKnownAt = clock.now - tradesAgoMs;
    const uncertainty = (asset: string): Uncertainty | undefined =>
      uncertain.includes(asset) ? why : undefined;
    return books.compare(page, {
      uncertainty,
      dustOf: (asset) => (asset === 'BTC' ? '0.001' : '0'),
      tradesKnownAt,
    });
  };
  await read({ BTC: '1', USDT: '100' });
  return { books, read, codes, holdings, missing };
}

const pair = { base: 'BTC', quote: 'USDT' };

describe('the books against the balances of the venue', () => {
  it('open with what the account has, and agree with it', async () => {
    const { read, codes } = await world();
    expect(codes).toEqual(['EXTERNAL_MOVEMENT info']);
    expect(await read({ BTC: '1', USDT: '100' })).toBe('agrees');
  });

  it('book a difference as unexplained when two reads show it', async () => {
    const { read, codes, books, holdings, missing } = await world();
    expect([await read({ BTC: '1', USDT: '90' }), codes.length]).toEqual(['moving', 1]);
    expect([await read({ BTC: '1', USDT: '90' }), missing]).toEqual(['standing', ['USDT -10']]);
    expect([codes[1], books.problem]).toEqual(['EXTERNAL_MOVEMENT page', 'USDT -10']);
    expect(holdings.total('unexplained:a', 'USDT')).toBe('-10');
    expect([await read({ BTC: '1', USDT: '90' }), books.problem]).toEqual(['agrees', undefined]);
  });

  it('leave a difference to the engine that trades the account', async () => {
    const { read, codes, holdings, missing } = await world(true);
    for (let i = 0; i < 5; i += 1) await read({ BTC: '1', USDT: '90' });
    expect([await read({ BTC: '1', USDT: '90' }), codes.length, missing]).toEqual(['standing', 1, []]);
    expect(holdings.total('unexplained:a', 'USDT')).toBe('0');
  });

  it('wait for the trades that may explain a difference', async () => {
    const { read, codes } = await world();
    const shown = { BTC: '1', USDT: '90' };
    await read(shown);
    await read(shown, [], 20_001); // Requested 9.999 s after the first answer: within the read lag.
    expect(codes).toHaveLength(1);
    await read(shown, [], 50_000);
    expect(codes).toEqual(['EXTERNAL_MOVEMENT info', 'EXTERNAL_MOVEMENT page']);
  });

  it('leave an uncertain asset alone, compare the others, and do not call that agreement', async () => {
    const { read, codes, holdings } = await world();
    for (let i = 0; i < 3; i += 1) expect(await read({ BTC: '1', USDT: '90' }, ['USDT'])).toBe('incomplete');
    expect(codes).toHaveLength(1);
    for (let i = 0; i < 2; i += 1) await read({ BTC: '2', USDT: '90' }, ['USDT']);
    expect(holdings.total('unexplained:a', 'BTC')).toBe('1');
    expect(holdings.total('unexplained:a', 'USDT')).toBe('0');
  });

  it('say what is missing, and not what is too much', async () => {
    const { read, missing } = await world();
    for (let i = 0; i < 2; i += 1) await read({ BTC: '1.5', USDT: '100' });
    expect(missing).toEqual([]);
    for (let i = 0; i < 2; i += 1) await read({ BTC: '1.2', USDT: '100' });
    expect(missing).toEqual(['BTC -0.3']);
  });

  it('a difference that changes from read to read is not one that stands', async () => {
    const { read, missing } = await world();
    for (const usdt of ['99', '98', '97']) expect(await read({ BTC: '1', USDT: usdt })).toBe('moving');
    expect(missing).toEqual([]);
  });

  it('take a difference below one step for rounding', async () => {
    const { read } = await world();
    expect(await read({ BTC: '1.001', USDT: '100' })).toBe('agrees');
    expect(await read({ BTC: '1.0011', USDT: '100' })).toBe('moving');
  });

  it('wait for an asset that always had an order on its way, and not for one whose trade is owed', async () => {
    const { read, books } = await world();
    const shown = { BTC: '1', USDT: '100' };
    for (let i = 0; i < 12; i += 1) await read(shown, ['USDT'], 0, 'owed');
    expect([books.isOverdue, books.overdueOf(pair)]).toEqual([false, undefined]);
    for (let i = 0; i < 9; i += 1) await read(shown, ['USDT']);
    expect(books.isOverdue).toBe(false);
    await read(shown, ['USDT']);
    expect([books.isOverdue, books.overdueOf(pair)]).toEqual([true, 'USDT']);
    await read(shown);
    expect(books.isOverdue).toBe(false);
  });
});
