import { tradeOverlapMs } from '../../src/modules/execution/common/constants';
import { simulatedProfiles } from '../support/ccxt-profiles';
import { ConformanceScene, dialects, id, symbol } from './conformance-scene';

jest.setTimeout(30_000);
const fastByMs = 2 * tradeOverlapMs;

/**
 * The moment from which trades are asked for is of our clock, less ten minutes. With a clock that was further ahead the
 * trades of just now were before it: the read held none of them, and at Binance and Gate it was not even sent. Gate finds
 * an order that has filled by no text of ours, so there such a read is what proves an order absent.
 */
describe.each([...dialects.map((venueId) => [venueId, 'its own'] as const), ['binance', 'ccxt'] as const])(
  '%s by %s',
  (venueId, how) => {
    const scene = new ConformanceScene(venueId, {
      venue: { stepsPerSecond: 0 },
      ...(how === 'ccxt' ? { profiles: simulatedProfiles } : {}),
      door: (venue) => {
        venue.wire.aheadMs = -fastByMs;
        return Promise.resolve(venue.origin);
      },
    });
    beforeAll(() => scene.open(), 60_000);
    afterAll(() => scene.close());

    it('lists a trade of just now to a clock that is ahead of the venue', async () => {
      const { runtime, connector, venue } = scene;
      const committedAt = runtime.now();
      const sent = scene.order({ price: scene.touch('buy') + 1 });
      expect(await connector.place(sent, scene.call())).toMatchObject({ kind: 'accepted' });
      venue.take(symbol, 'sell', sent.quantity, sent.price);
      const since = committedAt - tradeOverlapMs;
      const { rows } = await connector.fillsSince({ instrument: id, since });
      expect(rows.map(({ quantity }) => Number(quantity))).toEqual([0.01]);
    });
  },
);
