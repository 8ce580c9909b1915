import type { VenueRequest } from '../../src/modules/execution/connectors/dialect';
import { gatePages } from '../../src/modules/execution/connectors/gate.trading';

const now = 1_764_000_000_000;
const perPage = 1_000;
const longestOffset = 100_000;
const tenSeconds = 10_000;
const day = 86_400_000;

/** Gate with so many trades of one pair, one after the other; the newest has the highest id. */
function venueOf(count: number, isNewestFirst = true, everyMs = tenSeconds) {
  const newest = Array.from({ length: count }, (_, i) => ({ id: String(count - i), at: now - i * everyMs }));
  const pages: number[] = [];
  const ask = ({ params }: VenueRequest): Promise<unknown> => {
    const { from, to, page } = params as Readonly<Record<'from' | 'to' | 'page', number>>;
    pages.push(page);
    // "limit * (page - 1) <= 100,000"
    if (perPage * (page - 1) > longestOffset) return Promise.reject(new Error('the page is too far'));
    const within = newest.filter(({ at }) => at >= from * 1_000 && at <= to * 1_000);
    const listed = isNewestFirst ? within : within.reverse();
    return Promise.resolve(listed.slice((page - 1) * perPage, page * perPage));
  };
  const read = async (fromId: number): Promise<readonly string[]> => {
    const rows = await gatePages.fills(ask, { venueSymbol: 'BTC_USDT', fromId: String(fromId), now });
    return rows.map(({ id }) => String(id));
  };
  return { read, pages };
}

/**
 * The trades of Gate behind a known id were all those of the last thirty days, page by page, every thirty seconds. Of an
 * account with more than a hundred thousand of them no read ever ended, because Gate refuses so far a page; and without
 * a read the account never settles.
 */
it('reads no further back than a trade that is known', async () => {
  const { read, pages } = venueOf(200_000);
  expect(await read(198_501)).toHaveLength(1_500);
  expect(await read(200_001)).toEqual([]);
  expect(pages).toEqual([1, 2, 1]);
});

it('leaves none out where the venue lists the oldest first', async () => {
  const { read } = venueOf(5_000, false);
  expect(new Set(await read(1_501)).size).toBe(3_500);
});

it('finds what a known trade lies behind, further back than the first window', async () => {
  const { read } = venueOf(60, true, day);
  expect(await read(16)).toHaveLength(45);
});
