import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import type { Mono } from '../../src/domain/units';
import { marks } from './conformance-frames';
import { account, ConformanceScene, dialects, symbol } from './conformance-scene';

jest.setTimeout(30_000);

/** How private sessions end and begin, ten times as fast. */
describe.each(['binance', 'okx'] as const)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, { times: 10, venue: { stepsPerSecond: 0 } });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());

  const opened = (): number =>
    Object.entries(scene.venue.wire.counts())
      .filter(([path]) => path.startsWith(marks[venueId].privatePath))
      .reduce((sum, [, one]) => sum + one.opened, 0);
  const live = (): readonly number[] =>
    scene
      .connections()
      .filter(({ state }) => state === 'live')
      .map(({ generation }) => generation);
  const hearsOn = async (): Promise<void> => {
    const sent = scene.order({ price: scene.touch('buy') + 1 });
    await scene.connector.place(sent, scene.call());
    scene.venue.take(symbol, 'sell', 100, sent.price);
    await scene.until('a trade is heard', () => scene.fills(sent.clientOrderId).length === 1);
  };

  if (venueId === 'binance')
    it('case 56: subscribes a stream that the venue has ended anew, on the same connection', async () => {
      await scene.runtime.sleep(6_000);
      const [before] = [opened()];
      scene.events.length = 0;
      await scene.admin('/binance/terminateStreams', { account });
      await scene.until('it is live again', () => live().length === 1);
      expect([live(), opened()]).toEqual([[2], before]);
      await hearsOn();
      expect(new Set(scene.fills().map(({ tradeId }) => tradeId)).size).toBe(1);
    });
  else
    it('case 56: logs in again when a login was refused, and is not blocked by it', async () => {
      scene.events.length = 0;
      await scene.admin('/okx/refuseLogins', { count: 2 });
      scene.venue.faults.cutSockets('private');
      await scene.until('it is live again', () => live().length === 1, 60_000);
      const { state, reason } = scene.connections().findLast((one) => one.state === 'down')!;
      expect([state, reason]).toEqual(['down', expect.stringMatching(/^refused: 60009/)]);
      expect(scene.connector.health().blockedReason).toBeUndefined();
      await hearsOn();
    });
});

/** Thirty times as fast: what the venue lets in takes minutes. */
describe.each(dialects)('%s', (venueId) => {
  const accounts = ['a2', 'a3', 'a4', 'a5'];
  const scene = new ConformanceScene(venueId, {
    ...{ times: 30, venue: { stepsPerSecond: 0 } },
    isTapped: true,
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());

  it('case 65: dials a venue that refuses fifty times at uneven moments, and never faster than it may', async () => {
    const all: ExchangeConnector[] = [scene.connector];
    for (const id of accounts) {
      const other = await scene.factory.create({ id, venue: venueId, environment: 'sim' });
      await scene.connect(other);
      all.push(other);
    }
    const isLive = (): boolean => all.every((one) => one.isConnected());
    await scene.until('all are live', isLive, 120_000);
    const { privatePath } = marks[venueId];
    scene.venue.wire.spoilDials(privatePath, 'refused', 50);
    const from = scene.tap.requests.length;
    scene.venue.faults.cutSockets('private');
    await scene.until('all are live again', () => isLive() && dials().length >= 55, 900_000);
    function dials(): readonly Mono[] {
      const upgrades = scene.tap.requests.slice(from).filter(({ text }) => /upgrade: websocket/i.test(text));
      return upgrades.filter(({ route }) => route.includes(privatePath)).map(({ at }) => at);
    }
    const times = dials();
    const pauses = times.slice(1).map((at, n) => Math.round(at - times[n]!));
    expect(new Set(pauses).size).toBeGreaterThan(20);
    // Ten at once, and one every two seconds; half a second for the unevenness of thirty times as fast a clock.
    for (let last = 10; last < times.length; last += 1)
      for (let first = 0; first + 10 <= last; first += 1) {
        const allowed = 10 + (times[last]! - times[first]! + 1_500) / 2_000;
        expect(last - first + 1).toBeLessThanOrEqual(Math.ceil(allowed));
      }
    expect(scene.connector.health().blockedReason).toBeUndefined();
  });
});
