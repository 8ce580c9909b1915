import { MemoryStore } from '../store/memory-store';
import { AccountBooks } from './account-books';
import { Holdings } from './holdings';

async function world() {
  const clock = { now: 0 };
  const store = new MemoryStore({ now: () => clock.now });
  const holdings = new Holdings(() => clock.now, 40_000);
  holdings.belongs('unallocated:a', 'a');
  holdings.belongs('unexplained:a', 'a');
  const codes: string[] = [];
  const books = new AccountBooks(
    'a',
    store,
    holdings,
    ({ code, severity }) => void codes.push(`${code} ${severity}`),
    () => String(codes.length),
  );
  const read = (
    shown: Readonly<Record<string, string>>,
    uncertain: readonly string[] = [],
    tradesAgoMs = 0,
  ): Promise<boolean> => {
    clock.now += 30_000;
    const rows = Object.entries(shown).map(([asset, free]) => ({ asset, free, locked: '0' }));
    const page = { rows, requestedAt: clock.now, requestedAtMs: clock.now, receivedAt: clock.now };
    const tradesKnownAt = clock.now - tradesAgoMs;
    return books.compare(page, { isUncertain: (asset) => uncertain.includes(asset), tradesKnownAt });
  };
  await read({ BTC: '1', USDT: '100' });
  return { books, read, codes, holdings };
}

describe('the books against the balances of the venue', () => {
  it('open with what the account has, and agree with it', async () => {
    const { read, codes } = await world();
    expect(codes).toEqual(['EXTERNAL_MOVEMENT info']);
    expect(await read({ BTC: '1', USDT: '100' })).toBe(true);
  });

  it('book a difference as unexplained when two reads show it', async () => {
    const { read, codes, books, holdings } = await world();
    expect([await read({ BTC: '1', USDT: '90' }), codes.length]).toEqual([false, 1]);
    expect(await read({ BTC: '1', USDT: '90' })).toBe(false);
    expect([codes[1], books.problem]).toEqual(['EXTERNAL_MOVEMENT page', 'USDT -10']);
    expect(holdings.total('unexplained:a', 'USDT')).toBe('-10');
    expect([await read({ BTC: '1', USDT: '90' }), books.problem]).toEqual([true, undefined]);
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
    for (let i = 0; i < 3; i += 1) expect(await read({ BTC: '1', USDT: '90' }, ['USDT'])).toBe(false);
    expect(codes).toHaveLength(1);
    for (let i = 0; i < 2; i += 1) await read({ BTC: '2', USDT: '90' }, ['USDT']);
    expect(holdings.total('unexplained:a', 'BTC')).toBe('1');
    expect(holdings.total('unexplained:a', 'USDT')).toBe('0');
  });
});
