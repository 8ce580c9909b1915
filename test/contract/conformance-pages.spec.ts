import type { DialectVenueId } from '../../src/domain/instrument';
import type { FillReport } from '../../src/domain/venue-event';
import { defaultMarkets } from '../../src/venue-simulator/default-markets';
import { account, ConformanceScene, dialects, id, symbol } from './conformance-scene';

jest.setTimeout(120_000);

const openOrders = 451;
const trades = 2_500;
/** How many trades a page of the venue holds. */
const perPage: Readonly<Record<DialectVenueId, number>> = { binance: 1_000, okx: 100, gate: 1_000 };

/** Reads of more than one page; the trades come so fast that many share a millisecond. */
describe.each(dialects)('%s', (venueId) => {
  const markets = defaultMarkets.map((market) => ({ ...market, maxOpenOrders: 1_000 }));
  const scene = new ConformanceScene(venueId, { times: 3, venue: { stepsPerSecond: 0, markets } });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  const rest = (side: 'buy' | 'sell', price: number, quantity: number): string => {
    const { clientOrderId } = scene.order();
    const answer = scene.venue.core.place({
      ...{ account, symbol, clientOrderId: scene.idAtVenue(clientOrderId), side, type: 'limit' },
      ...{ timeInForce: 'GTC', price, quantity, stp: 'NONE' },
    });
    expect(answer.ok).toBe(true);
    return clientOrderId;
  };
  const idsOf = (rows: readonly FillReport[]): readonly string[] => rows.map(({ tradeId }) => tradeId);
  /** So many trades of one order of ours with the rest of the market. */
  const trade = (count: number): void => {
    const price = scene.touch('buy') + 1;
    rest('buy', price, count * 100);
    for (let i = 0; i < count; i += 1) scene.venue.take(symbol, 'sell', 100, price);
  };

  it(`case 73: all of ${openOrders} open orders are listed, each once`, async () => {
    const price = scene.touch('buy') - 100_000;
    const ids = Array.from({ length: openOrders }, (_, i) => rest('buy', price - i, 100));
    for (const rows of [
      (await scene.connector.openOrders(id)).rows,
      (await scene.connector.openOrders()).rows,
    ])
      expect(rows.map(({ clientOrderId }) => clientOrderId).sort()).toEqual([...ids].sort());
  });

  it(`case 73: all of ${trades} trades are read, each once, and the read is resumed from any of them`, async () => {
    const since = scene.runtime.now() - 60_000;
    trade(trades);
    const { rows } = await scene.connector.fillsSince({ instrument: id, since });
    const ids = idsOf(rows);
    expect(new Set(ids).size).toBe(trades);
    expect(scene.venue.core.trades(account, symbol)).toHaveLength(trades);
    const sorted = [...new Set(ids)].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const from = sorted[trades - 321]!;
    const resumed = await scene.connector.fillsSince({ instrument: id, fromId: from });
    expect([...new Set(idsOf(resumed.rows))].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))).toEqual(
      sorted.slice(trades - 321),
    );
  });

  it.each([-1, 0, 1])(
    'case 74: a page that is full but for %i trades loses none at its edge',
    async (more) => {
      const count = perPage[venueId] + more;
      const before = new Set(scene.venue.core.trades(account, symbol).map(({ tradeId }) => tradeId));
      trade(count);
      const fresh = scene.venue.core.trades(account, symbol).filter(({ tradeId }) => !before.has(tradeId));
      expect(fresh).toHaveLength(count);
      expect(new Set(fresh.map(({ at }) => at)).size).toBeLessThan(count);
      const { rows } = await scene.connector.fillsSince({
        instrument: id,
        venueOrderId: await venueIdOf(scene, fresh[0]!.clientOrderId),
      });
      expect(new Set(idsOf(rows)).size).toBe(count);
    },
  );
});

/** The venue's own name of an order, as the connector reads it. */
async function venueIdOf(scene: ConformanceScene, atVenue: string): Promise<string> {
  const found = await scene.connector.queryOrder(scene.refOf({ clientOrderId: atVenue.replace(/^t-/, '') }));
  return found.kind === 'found' ? found.report.venueOrderId : '';
}
