import type { Instrument } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { CallOptions, ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { ConformanceScene, dialects, id, keys, symbol } from './conformance-scene';

jest.setTimeout(20_000);
const nameOf = ({ clientOrderId }: { readonly clientOrderId: string }): string => clientOrderId;

/** Each connector against its dialect of the local exchange, over real sockets; the exchange's own books decide. */
describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId);
  const { runtime, events } = scene;
  let venue: VenueSimulator;
  let connector: ExchangeConnector;
  let rules: Instrument;
  /** Sent twice on purpose. */
  const repeated: string[] = [];

  beforeAll(async () => {
    await scene.open();
    ({ venue, connector, rules } = scene);
  }, 60_000);
  afterAll(() => scene.close(repeated));
  beforeEach(() => scene.calm());

  const until = (holds: () => boolean, ms?: number): Promise<void> => scene.until('the condition', holds, ms);
  const call = (canSend = (): boolean => true): CallOptions => scene.call({ canSend });
  const touch = (side: 'buy' | 'sell'): number => scene.touch(side);
  const order = (change?: Partial<NewOrder>): NewOrder => scene.order(change);
  const refOf = (sent: NewOrder) => scene.refOf(sent);
  const reports = (clientOrderId: string) => scene.reports(clientOrderId);
  const openIds = (): readonly string[] => scene.openIds();

  it('case 1: reads exact rules, and is live on both streams', () => {
    expect(rules.rules).toMatchObject({ venue: venueId, id, tickSize: '0.01', lotSize: '0.00001' });
    expect(connector.isConnected()).toBe(true);
  });

  it('places an order that rests, and cancels it by our id', async () => {
    const sent = order();
    expect(await connector.place(sent, call())).toMatchObject({ kind: 'accepted' });
    expect(openIds()).toContain(sent.clientOrderId);
    await until(() => reports(sent.clientOrderId).some(({ status }) => status === 'open'));
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({
      kind: 'found',
      report: {
        status: 'open',
        clientOrderId: sent.clientOrderId,
        cumFilled: expect.stringMatching(/^0/) as string,
      },
    });
    expect(await connector.cancel(refOf(sent))).toMatchObject({ kind: 'accepted' });
    await until(() => reports(sent.clientOrderId).some(({ status }) => status === 'canceled'));
    expect(openIds()).not.toContain(sent.clientOrderId);
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { status: 'canceled' } });
  });

  it('reports a trade once on the stream and once in the list, with its fee', async () => {
    const sent = order({ price: touch('buy') + 1 });
    await connector.place(sent, call());
    venue.take(symbol, 'sell', 400, sent.price);
    const filled = (): readonly VenueEvent[] => events.filter((event) => event.type === 'fill');
    await until(() => filled().length === 1);
    const [event] = filled();
    expect(event).toMatchObject({
      fill: {
        clientOrderId: sent.clientOrderId,
        side: 'buy',
        quantity: expect.stringMatching(/^0\.0040*$/) as string,
        liquidity: 'maker',
        feeAsset: 'BTC',
      },
    });
    expect(event?.type === 'fill' && Number(event.fill.fee)).toBeGreaterThan(0);
    const tradeId = event?.type === 'fill' ? event.fill.tradeId : '';
    const byTime = await connector.fillsSince({ instrument: id, since: runtime.now() - 60_000 });
    expect(byTime.rows.filter((fill) => fill.tradeId === tradeId)).toHaveLength(1);
    const byId = await connector.fillsSince({ instrument: id, fromId: tradeId });
    expect(byId.rows.map((fill) => fill.tradeId)).toEqual([tradeId]);
    const own = event?.type === 'fill' ? event.fill.venueOrderId : '';
    const byOrder = await connector.fillsSince({ instrument: id, venueOrderId: own });
    expect(byOrder.rows.map((fill) => [fill.tradeId, fill.fee])).toEqual([
      [tradeId, event?.type === 'fill' ? event.fill.fee : ''],
    ]);
    expect(await connector.queryByVenueId(id, own)).toMatchObject({
      kind: 'found',
      report: { clientOrderId: sent.clientOrderId, status: 'partiallyFilled' },
    });
    await connector.cancel(refOf(sent));
    await until(() => reports(sent.clientOrderId).some(({ status }) => status === 'canceled'));
    const history = { ...refOf(sent), venueOrderId: own };
    expect(await connector.orderInHistory(history)).toMatchObject({
      kind: 'found',
      report: { status: 'canceled' },
    });
  });

  it('case 26: never rests or trades a post-only order that would take', async () => {
    const sent = order({ price: touch('sell') + 100 });
    const answer = await connector.place(sent, call());
    if (answer.kind === 'accepted') {
      await until(() => reports(sent.clientOrderId).some(({ endReason }) => endReason === 'POST_ONLY'));
      expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { endReason: 'POST_ONLY' } });
    } else expect(answer).toMatchObject({ kind: 'rejected', code: 'POST_ONLY' });
    expect(openIds()).not.toContain(sent.clientOrderId);
  });

  it('ends an order that may not rest', async () => {
    const sent = order({ timeInForce: 'ioc' });
    await connector.place(sent, call());
    await until(() =>
      reports(sent.clientOrderId).some(({ status }) => status === 'canceled' || status === 'expired'),
    );
  });

  it('case 51: takes an id that is in use for no refusal', async () => {
    const sent = order();
    await connector.place(sent, call());
    const before = venue.duplicateCreates().length;
    const again = await connector.place(sent, call());
    expect(again).toMatchObject({ kind: 'unknown', reason: 'duplicate_id' });
    expect(venue.duplicateCreates()).toHaveLength(before + 1);
    repeated.push(nameOf(venue.duplicateCreates().at(-1)!));
    await connector.cancel(refOf(sent));
  });

  it('finds no order that was never sent, and cancels none', async () => {
    const never = refOf(order());
    expect(await connector.queryOrder(never)).toMatchObject({ kind: 'not_found' });
    expect(await connector.cancel(never)).toMatchObject({ kind: 'rejected', code: 'not_found' });
  });

  it('leaves no byte of an order that the write check refuses', async () => {
    const before = venue.creates().length;
    const answer = await connector.place(
      order(),
      call(() => false),
    );
    expect(answer).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    expect(venue.creates()).toHaveLength(before);
  });

  it('case 42: does not know what became of a create whose answer is lost, and finds it', async () => {
    venue.faults.dropReply('create', 1);
    const sent = order();
    expect(await connector.place(sent, call())).toMatchObject({ kind: 'unknown' });
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({
      kind: 'found',
      report: { status: 'open' },
    });
    await connector.cancel(refOf(sent));
  }, 20_000);

  it('case 37: lets no create come to life that reaches the venue after its expiry', async () => {
    venue.faults.holdNext('create-received', 1);
    const sent = order();
    expect(await connector.place(sent, call())).toEqual({ kind: 'unknown', reason: 'deadline' });
    await runtime.sleep(400);
    expect(venue.faults.release('all', 'continue')).toBe(1);
    await runtime.sleep(200);
    expect(openIds()).not.toContain(sent.clientOrderId);
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ kind: 'not_found' });
  });

  it('does not know what became of a create that the venue fails, or of an order that it fails to find', async () => {
    venue.faults.failNext('create', 1, 502);
    expect(await connector.place(order(), call())).toMatchObject({ kind: 'unknown' });
    venue.faults.failNext('query', 1, 503);
    expect(await connector.queryOrder(refOf(order()))).toMatchObject({ kind: 'failed' });
    venue.faults.failNext('cancel', 1, 500);
    expect(await connector.cancel(refOf(order()))).toMatchObject({ kind: 'unknown' });
  });

  it('does not take a lost answer to a cancel for an end, and may cancel again', async () => {
    const sent = order();
    await connector.place(sent, call());
    venue.faults.dropReply('cancel', 1);
    expect(await connector.cancel(refOf(sent))).toMatchObject({ kind: 'unknown' });
    const again = await connector.cancel(refOf(sent));
    expect(again.kind === 'rejected' && again.code).toMatch(/^(not_found|already_done)$/);
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { status: 'canceled' } });
  });

  it('waits as long as the venue asks for when it asks too often', async () => {
    const limiter = new RateLimiter(runtime);
    const apart = scene.factoryOf(keys, { limiter });
    const other = await apart.create({ id: 'a3', venue: venueId, environment: 'sim' });
    await other.connect();
    venue.faults.rateLimitNext(1);
    expect(await other.place(order(), call())).toMatchObject({ kind: 'rejected', code: 'RATE' });
    expect(other.health().createWaitMs).toBeGreaterThan(0);
    await apart.closeAll();
  });

  it('is told what it lacks', async () => {
    const dear = order({ quantity: 500_000_000, timeInForce: 'gtc' });
    expect(await connector.place(dear, call())).toMatchObject({ kind: 'rejected', code: 'BALANCE' });
  });

  /** The local exchange does not serve Binance's amend. */
  if (venueId !== 'binance')
    it('amends what the venue lets be amended', async () => {
      const sent = order();
      await connector.place(sent, call());
      expect(await connector.amend(refOf(sent), { quantity: rules.quantity(600) }, call())).toMatchObject({
        kind: 'accepted',
      });
      expect(await connector.queryOrder(refOf(sent))).toMatchObject({
        report: {
          quantity: expect.stringMatching(/^0\.0060*$/) as string,
          clientOrderId: sent.clientOrderId,
        },
      });
      await connector.cancel(refOf(sent));
      expect(await connector.amend(refOf(sent), { quantity: rules.quantity(500) }, call())).toMatchObject({
        kind: 'rejected',
        code: 'AMEND_REFUSED',
      });
    });

  it('lists what is open, and cancels its own alone', async () => {
    const own = [order(), order(), order()];
    const foreign = order({ clientOrderId: 'foreign1' });
    for (const one of [...own, foreign])
      expect(await connector.place(one, call())).toMatchObject({ kind: 'accepted' });
    const { rows } = await connector.openOrders();
    expect(rows.map((row) => row.clientOrderId).sort()).toEqual(
      [...own, foreign].map(({ clientOrderId }) => clientOrderId).sort(),
    );
    const answers = await connector.cancelAll(id, 'm0');
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
    await until(() => openIds().length === 1);
    expect(openIds()).toEqual(['foreign1']);
    await connector.cancel(refOf(foreign));
  });

  it('reads the balances the venue holds', async () => {
    const { rows } = await connector.getBalances();
    const read = new Map(rows.map(({ asset, free, locked }) => [asset, [Number(free), Number(locked)]]));
    for (const { asset, free, locked } of venue.core.balances(demoAccount.apiKey))
      expect([asset, read.get(asset)]).toEqual([asset, [Number(free), Number(locked)]]);
  });

  it('keeps a book equal to the venue, finds lost frames and heals', async () => {
    const books = new OrderBookTracker(runtime);
    venue.setFlow(true);
    books.follow(connector.feed, rules);
    await until(() => books.isSynced(venueId, id));
    await runtime.sleep(1_500);
    expect(books.counters()).toMatchObject({ gaps: 0, crossed: 0, offGrid: 0, resyncs: 1 });
    venue.faults.skipDepthFrames(symbol, 2);
    await until(() => books.counters().gaps > 0);
    await until(() => books.isSynced(venueId, id));
    venue.setFlow(false);
    await scene.untilAgrees(books);
    books.unfollow({ venue: venueId }, id);
  }, 30_000);

  it('comes back with a new generation after a cut', async () => {
    venue.faults.cutSockets('private');
    await until(() =>
      events.some((event) => event.type === 'connection' && event.state === 'live' && event.generation === 2),
    );
  }, 20_000);

  if (venueId === 'okx') {
    it('leaves a connection before the venue closes it', async () => {
      await scene.admin('/okx/notice', { closeAfterSeconds: 30 });
      const live = (): boolean =>
        events.some((event) => event.type === 'connection' && event.state === 'live');
      await until(live);
      await until(() => connector.isConnected());
      expect(await connector.place(order(), call())).toMatchObject({ kind: 'accepted' });
    });
  }

  it("case 36: arms the venue's own switch where there is one", async () => {
    if (connector.capabilities.cancelAllAfter === 'none')
      return expect(await connector.armDeadManSwitch(30, [id])).toBe(false);
    expect(await connector.armDeadManSwitch(1, [id])).toBe(false);
    const sent = order();
    await connector.place(sent, call());
    const seconds = venueId === 'okx' ? 10 : 5;
    expect(await connector.armDeadManSwitch(seconds, [id])).toBe(true);
    await until(() => !openIds().includes(sent.clientOrderId), (seconds + 5) * 1_000);
    expect(await connector.armDeadManSwitch(0, [id])).toBe(true);
  }, 30_000);

  it('stops at a key that the venue refuses', async () => {
    const other = scene.factoryOf({ ...keys, apiKey: 'nobody' });
    const refused = await other.create({ id: 'a2', venue: venueId, environment: 'sim' });
    await refused.connect();
    expect(refused.health().blockedReason).toMatch(/^KEY_REJECTED/);
    expect(await refused.place(order(), call())).toMatchObject({ kind: 'rejected', code: 'AUTH' });
    await other.closeAll();
  }, 20_000);
});
