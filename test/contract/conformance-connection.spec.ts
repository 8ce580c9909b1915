import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import type { VenueEvent } from '../../src/domain/venue-event';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { marks } from './conformance-frames';
import { ConformanceScene, dialects, id, keys } from './conformance-scene';

jest.setTimeout(20_000);

/** Everything a connector asks for before it is ready, each once but the time. */
const asked: Readonly<Record<string, readonly string[]>> = {
  binance: [
    'GET /binance/api/v3/exchangeInfo',
    'GET /binance/api/v3/time',
    'GET /binance/stream/ws/0',
    'GET /binance/ws-api/v3',
  ],
  okx: [
    'GET /okx/api/v5/public/instruments',
    'GET /okx/api/v5/public/time',
    'GET /okx/ws/v5/private',
    'GET /okx/ws/v5/public',
  ],
  gate: ['GET /gate/api/v4/spot/currency_pairs', 'GET /gate/api/v4/spot/time', 'GET /gate/ws/v4/'],
};
const keyHeader = /^(X-MBX-APIKEY|OK-ACCESS-KEY|KEY):/im;

/** What leaves a connector while it connects and goes, by what arrives at the door of the venue. */
describe.each(dialects)('%s', (venueId) => {
  const dialled: { readonly socket: Socket; host: string }[] = [];
  const noteSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    const one = { socket, host: 'nowhere' };
    dialled.push(one);
    socket.once('connect', () => (one.host = socket.remoteAddress ?? 'gone'));
    socket.once('lookup', (_error, address) => (one.host = address));
  };
  const sockets = channel('net.client.socket');
  const scene = new ConformanceScene(venueId, {
    venue: { stepsPerSecond: 0 },
    isTapped: true,
  });
  beforeAll(async () => {
    sockets.subscribe(noteSocket);
    await scene.open();
  }, 60_000);
  afterAll(async () => {
    sockets.unsubscribe(noteSocket);
    await scene.close();
  });

  it('case 2: asks for what it needs to connect and for nothing else, and never by a key', () => {
    const requests = scene.tap.requests.filter(({ route }) => route !== '');
    const routes = requests.map(({ route }) => route);
    expect([...new Set(routes)].sort()).toEqual(asked[venueId]);
    // The rules once, and one socket of each kind.
    expect(routes.filter((route) => route === asked[venueId]![0])).toHaveLength(1);
    expect(requests.filter(({ text }) => /upgrade: websocket/i.test(text))).toHaveLength(2);
    expect(requests.filter(({ text }) => keyHeader.test(text))).toEqual([]);
  });

  it('case 71: offers no compression of frames', () => {
    const upgrades = scene.tap.requests.filter(({ text }) => /upgrade: websocket/i.test(text));
    expect(upgrades.length).toBeGreaterThan(1);
    for (const { text } of upgrades) expect(text).not.toMatch(/sec-websocket-extensions|permessage-deflate/i);
  });

  it('case 3: opens no connection that leaves the machine', async () => {
    await scene.connector.place(scene.order(), scene.call());
    await scene.connector.getBalances();
    await scene.calm();
    expect(dialled.length).toBeGreaterThan(3);
    await scene.until('each has come somewhere', () => dialled.every(({ host }) => host !== 'nowhere'));
    expect([...new Set(dialled.map(({ host }) => host))]).toEqual(['127.0.0.1']);
  });

  it('case 4: leaves no socket and no timer behind, and calls a create that was under way unknown', async () => {
    const runtime = createRealRuntime();
    const open = (): number =>
      Object.values(scene.venue.wire.counts()).reduce((sum, one) => sum + one.open, 0);
    const before = open();
    const other = scene.factoryOf(keys, { runtime });
    const apart = await other.create({ id: 'a4', venue: venueId, environment: 'sim' });
    await apart.connect();
    apart.feed.subscribeOrderBook(id);
    await scene.until('its sockets are open', () => open() === before + 2);
    scene.venue.faults.holdNext('create-executed', 1);
    const sent = { ...scene.order(), rules: apart.feed.rulesOf(id)! };
    const placing = apart.place(sent, { sendBy: runtime.monotonic() + 2_000, canSend: () => true });
    await scene.until('the create is under way', () => scene.venue.faults.held().length === 1);
    await other.closeAll();
    expect(await placing).toMatchObject({ kind: 'unknown' });
    scene.venue.faults.release('all', 'continue');
    await scene.until('its sockets are closed', () => open() === before);
    await scene.until('its timers are done', () => runtime.timers.active() === 0, 15_000);
    await runtime.close();
    expect(scene.openIds()).toEqual([sent.clientOrderId]);
    await scene.calm();
  });

  it('case 8: shows no key, secret or passphrase, whatever is printed or fails', async () => {
    const canary = { apiKey: 'canary-key-zq', secret: 'canary-secret-zq', passphrase: 'canary-phrase-zq' };
    const other = scene.factoryOf(canary);
    const refused = await other.create({ id: 'a8', venue: venueId, environment: 'sim' });
    const said: VenueEvent[] = [];
    refused.onEvent((event) => said.push(event));
    await refused.connect();
    await scene.until('it is refused', () => refused.health().blockedReason !== undefined);
    const answers: unknown[] = [await refused.place(scene.order(), scene.call()), refused.health()];
    const failed = async (read: () => Promise<unknown>): Promise<void> => {
      answers.push(await read().catch((error: unknown) => error));
    };
    await failed(() => refused.getBalances());
    await failed(() => refused.openOrders());
    scene.venue.wire.answerNext(3, {
      ...{ method: 'GET', path: '/', isExecuted: false, headers: {}, body: 'given', text: '' },
      status: undefined,
    });
    await failed(() => refused.getBalances());
    await failed(() => refused.fillsSince({ instrument: id, since: 0 }));
    scene.venue.wire.clear();
    const shown = [refused, refused.feed, other, said, answers].flatMap((one) => [
      inspect(one, { depth: 12, showHidden: true }),
      JSON.stringify(one, (_, value: unknown) =>
        value instanceof Error ? { ...value, stack: value.stack } : value,
      ),
    ]);
    expect(said.length).toBeGreaterThan(0);
    expect(shown.filter((text) => /canary-\w+-zq/.test(text))).toEqual([]);
    await other.closeAll();
  });
});

/** Ten times as fast, so that the deadlines of a socket pass. */
describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, { times: 10, venue: { stepsPerSecond: 10 } });
  const { publicPath, privatePath } = marks[venueId];
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  const since = (which: string): number => {
    const { publicSince, privateSince } = scene.connector.health();
    return which === 'public' ? publicSince : privateSince;
  };
  const faults = (['public', 'private'] as const).flatMap((which) =>
    (['refused', 'hang', 'mute', 'cut'] as const).map((fate) => [which, fate] as const),
  );

  it.each(faults)(
    'case 62: the %s stream comes back when the next dial is met with: %s',
    async (which, fate) => {
      const books = await scene.follow();
      const began = scene.runtime.monotonic();
      const path = which === 'public' ? publicPath : privatePath;
      scene.venue.wire.spoilDials(path, fate, 1);
      scene.venue.faults.cutSockets(which);
      const isBack = (): boolean =>
        since(which) > began && scene.connector.isConnected() && books.isSynced(venueId, id);
      await scene.until('it is back', isBack, 100_000);
      expect(scene.venue.wire.takeDial(path)).toBeUndefined();
      await scene.untilAgrees(books);
      books.unfollow({ venue: venueId }, id);
    },
  );

  it.each(['public', 'private'] as const)(
    'case 62: a %s stream whose other end is gone without a word is found out and dialled anew',
    async (which) => {
      const books = await scene.follow();
      const began = scene.runtime.monotonic();
      scene.venue.wire.silence(which === 'public' ? publicPath : privatePath, 'hang');
      const isBack = (): boolean =>
        since(which) > began && scene.connector.isConnected() && books.isSynced(venueId, id);
      await scene.until('it is back', isBack, 100_000);
      books.unfollow({ venue: venueId }, id);
    },
  );

  it('case 64: comes back as a new generation when connections are cut for their age', async () => {
    const books = await scene.follow();
    const began = scene.runtime.monotonic();
    if (venueId === 'binance') await scene.admin('/binance/terms', { connectionAgeSeconds: 1 });
    else for (const which of ['public', 'private'] as const) scene.venue.faults.cutSockets(which);
    await scene.until('both have ended', () => since('public') > began && since('private') > began, 60_000);
    if (venueId === 'binance') await scene.admin('/binance/terms', { connectionAgeSeconds: 86_400 });
    await scene.until('both are live', () => scene.connector.isConnected(), 60_000);
    await scene.until('the book is in step', () => books.isSynced(venueId, id), 60_000);
    await scene.untilAgrees(books);
    books.unfollow({ venue: venueId }, id);
  });
});
