import { inspect } from 'node:util';
import type { Instrument } from '../../src/domain/instrument';
import type { FillReport, OrderReport, VenueEvent } from '../../src/domain/venue-event';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { CallOptions, ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { simulatedProfiles } from '../support/ccxt-profiles';
import { marks } from './conformance-frames';
import { ConformanceScene, dialects, id, keys, nextId, symbol } from './conformance-scene';

jest.setTimeout(30_000);
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeAll(() => void process.on('unhandledRejection', note));

/** ccxt's genuine classes inside the generic connector, over real sockets; the local exchange's own books decide. */
describe.each(dialects)('%s through ccxt', (venueId) => {
  const scene = new ConformanceScene(venueId, { profiles: simulatedProfiles });
  const { runtime, events } = scene;
  let venue: VenueSimulator;
  let connector: ExchangeConnector;
  let rules: Instrument;

  beforeAll(async () => {
    await scene.open();
    ({ venue, connector, rules } = scene);
  }, 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  const until = (holds: () => boolean, ms?: number): Promise<void> => scene.until('the condition', holds, ms);
  const call = (canSend = (): boolean => true): CallOptions => scene.call({ canSend });
  const touch = (side: 'buy' | 'sell'): number => scene.touch(side);
  const order = (change?: Partial<NewOrder>): NewOrder => scene.order(change);
  const refOf = (sent: NewOrder) => scene.refOf(sent);
  const reports = (clientOrderId: string): readonly OrderReport[] => scene.reports(clientOrderId);
  const fills = (): readonly FillReport[] => scene.fills();
  const openIds = (): readonly string[] => scene.openIds();
  const traded = async (since = 60_000): Promise<readonly FillReport[]> =>
    (await connector.fillsSince({ instrument: id, since: runtime.now() - since })).rows;

  it('case 1: reads exact rules, and declares that an order which cannot be found is never called absent', () => {
    expect(rules.rules).toMatchObject({ venue: venueId, id, tickSize: '0.01', lotSize: '0.00001' });
    expect(connector.capabilities).toMatchObject({
      requestExpiry: false,
      amend: 'none',
      bookIntegrity: 'none',
    });
    expect(connector.isConnected()).toBe(true);
  });

  it('case 22: places an order that rests under our id with exact decimals, and cancels it by our id', async () => {
    const sent = order({ quantity: 1_234 });
    expect(await connector.place(sent, call())).toMatchObject({ kind: 'accepted' });
    expect(openIds()).toEqual([sent.clientOrderId]);
    const [open] = venue.core.openOrders(demoAccount.apiKey, symbol);
    expect(open).toMatchObject({ price: sent.price, quantity: sent.quantity });
    await until(() => reports(sent.clientOrderId).some(({ status }) => status === 'open'));
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({
      report: { status: 'open', price: rules.price(sent.price), quantity: rules.quantity(sent.quantity) },
    });
    expect(await connector.cancel(refOf(sent))).toEqual({ kind: 'accepted', final: false });
    await until(() => reports(sent.clientOrderId).some(({ status }) => status === 'canceled'));
    expect(openIds()).toEqual([]);
  });

  it('case 29: cancels by our id an order whose venue id it never learned', async () => {
    venue.faults.dropReply('create', 1);
    const sent = order();
    expect(await connector.place(sent, call())).toMatchObject({ kind: 'unknown' });
    expect(await connector.cancel(refOf(sent))).toMatchObject({ kind: 'accepted' });
    expect(openIds()).toEqual([]);
  });

  it('case 26: never rests or trades a post-only order that would take', async () => {
    const sent = order({ price: touch('sell') + 100 });
    const answer = await connector.place(sent, call());
    if (answer.kind === 'accepted')
      await until(() =>
        reports(sent.clientOrderId).some(({ status }) =>
          /canceled|expired|rejected|unrecognised/.test(status),
        ),
      );
    expect(openIds()).toEqual([]);
    expect(fills()).toEqual([]);
    if (answer.kind !== 'accepted') expect(answer).not.toMatchObject({ code: 'NOT_SENT' });
  });

  it('case 23: ends orders that may not rest, and lets one rest that may', async () => {
    for (const timeInForce of ['ioc', 'fok'] as const) {
      const sent = order({ timeInForce });
      await connector.place(sent, call());
      await until(() => venue.core.openOrders(demoAccount.apiKey, symbol).length === 0);
    }
    const rests = order({ timeInForce: 'gtc' });
    await connector.place(rests, call());
    expect(openIds()).toEqual([rests.clientOrderId]);
  });

  it('case 53: hears each of three fills that come in one segment, and the order after each', async () => {
    const sent = order({ price: touch('buy') + 1 });
    await connector.place(sent, call());
    for (const lots of [200, 300, 500]) venue.take(symbol, 'sell', lots, sent.price);
    await until(
      () => fills().length === 3 && reports(sent.clientOrderId).some((one) => one.status === 'filled'),
    );
    expect(fills().map(({ quantity }) => quantity)).toEqual(['0.002', '0.003', '0.005']);
    const steps = reports(sent.clientOrderId).map(({ status, cumFilled }) => `${status} ${cumFilled}`);
    expect(steps).toEqual(['open 0', 'partiallyFilled 0.002', 'partiallyFilled 0.005', 'filled 0.01']);
    expect(new Set(fills().map(({ tradeId }) => tradeId)).size).toBe(3);
  });

  it('case 55: loses no trade when frames come twice or overtaken, and gives each its own number', async () => {
    const late: string[] = [];
    let count = 0;
    venue.wire.changeFrames({
      ...{ path: marks[venueId].privatePath, holds: '' },
      change: (frame) => {
        count += 1;
        if (count % 3 !== 1) return [frame, ...late.splice(0), ...(count % 2 === 0 ? [frame] : [])];
        late.push(frame);
        return [];
      },
    });
    const sent = order({ price: touch('buy') + 1 });
    const placed = await connector.place(sent, call());
    for (const lots of [100, 200, 300, 400]) venue.take(symbol, 'sell', lots, sent.price);
    const heard = (): readonly string[] => [...new Set(fills().map(({ tradeId }) => tradeId))];
    await until(() => heard().length >= 3);
    const venueOrderId = placed.kind === 'accepted' ? placed.venueOrderId : '';
    const { rows } = await connector.fillsSince({ instrument: id, venueOrderId });
    expect(rows).toHaveLength(4);
    expect(rows.map(({ tradeId }) => tradeId)).toEqual(expect.arrayContaining([...heard()]));
  });

  it('reads the same trades by REST, with their fees, once each', async () => {
    const sent = order({ price: touch('buy') + 1 });
    const placed = await connector.place(sent, call());
    venue.take(symbol, 'sell', 400, sent.price);
    venue.take(symbol, 'sell', 600, sent.price);
    await until(() => fills().length === 2);
    const venueOrderId = placed.kind === 'accepted' ? placed.venueOrderId : '';
    const { rows } = await connector.fillsSince({ instrument: id, venueOrderId });
    expect(rows.map(({ tradeId }) => tradeId).sort()).toEqual(
      fills()
        .map(({ tradeId }) => tradeId)
        .sort(),
    );
    for (const row of rows) expect(row).toMatchObject({ feeAsset: 'BTC', side: 'buy', liquidity: 'maker' });
    expect(rows.map(({ fee }) => Number(fee)).sort()).toEqual([0.000004, 0.000006]);
    for (const { fee, tradeId } of fills())
      if (fee !== undefined) expect(fee).toBe(rows.find((row) => row.tradeId === tradeId)?.fee);
    expect(await connector.queryByVenueId(id, venueOrderId)).toMatchObject({
      report: { clientOrderId: sent.clientOrderId, status: 'filled' },
    });
  });

  it('case 24: hears a fill that comes before the answer to its create', async () => {
    venue.faults.holdNext('create-executed', 1);
    const sent = order({ price: touch('sell'), timeInForce: 'ioc', quantity: 10 });
    const answer = connector.place(sent, call());
    await until(() => fills().length > 0);
    expect(venue.faults.release('all', 'continue')).toBe(1);
    expect(await answer).toMatchObject({ kind: 'accepted' });
    expect(fills()[0]?.quantity).toBe('0.0001');
  });

  it('buys at a worst price and not without one, and sells at the market', async () => {
    const buy = { clientOrderId: nextId(), rules, quantity: 10 };
    expect(await connector.marketBuy(buy, call())).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    const priced = order({ type: 'market', price: touch('sell'), quantity: 10, timeInForce: 'ioc' });
    expect(await connector.place(priced, call())).toMatchObject({ kind: 'accepted' });
    await until(() => fills().length === 1);
    const sell = { clientOrderId: nextId(), rules, quantity: 10 };
    expect(await connector.marketSell(sell, call())).toMatchObject({ kind: 'accepted' });
    await until(() => fills().length === 2);
    expect(fills().map(({ side }) => side)).toEqual(['buy', 'sell']);
  });

  it('case 31: books the fill when a cancel meets it', async () => {
    const sent = order({ price: touch('buy') + 1 });
    await connector.place(sent, call());
    venue.faults.holdNext('cancel-received', 1);
    const cancelled = connector.cancel(refOf(sent));
    await until(() => venue.faults.held().length === 1);
    venue.take(symbol, 'sell', 1_000, sent.price);
    venue.faults.release('all', 'continue');
    expect(await cancelled).not.toMatchObject({ kind: 'accepted', final: true });
    await until(() => fills().length === 1);
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { status: 'filled' } });
  });

  it.each([0, 1, 45])(
    'case 32: cancels %i orders of its own and spares three of others',
    async (count) => {
      const own = Array.from({ length: count }, () => nextId());
      const foreign = ['foreign1', 'foreign2', 'foreign3'];
      for (const clientOrderId of [...own, ...foreign])
        venue.core.place({
          ...{
            account: demoAccount.apiKey,
            symbol,
            side: 'buy',
            type: 'limit',
            price: touch('buy') - 200_000,
          },
          ...{
            quantity: 100,
            timeInForce: 'GTC',
            stp: 'NONE',
            clientOrderId: scene.idAtVenue(clientOrderId),
          },
        });
      const answers = await connector.cancelAll(id, 'm0');
      expect(answers).toHaveLength(count);
      await until(() => openIds().length === 3);
      expect([...openIds()].sort()).toEqual(foreign);
    },
    90_000,
  );

  it('leaves no byte of an order that the write check refuses, and asks once', async () => {
    const before = venue.creates().length;
    let asked = 0;
    const refused = call(() => {
      asked += 1;
      return false;
    });
    expect(await connector.place(order(), refused)).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    expect([asked, venue.creates().length]).toEqual([1, before]);
    const late = { sendBy: runtime.monotonic() - 1, canSend: () => true };
    expect(await connector.place(order(), late)).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    expect(venue.creates()).toHaveLength(before);
  });

  it('case 41, 42: does not know what became of a create that was lost or whose answer was, and sends it once', async () => {
    const lost = order();
    venue.faults.holdNext('create-received', 1);
    const answer = connector.place(lost, call());
    await until(() => venue.faults.held().length === 1);
    venue.faults.release('all', 'drop');
    expect(await answer).toMatchObject({ kind: 'unknown' });
    expect(await connector.queryOrder(refOf(lost))).toMatchObject({ kind: 'not_found' });
    const done = order();
    venue.faults.dropReply('create', 1);
    expect(await connector.place(done, call())).toMatchObject({ kind: 'unknown' });
    expect(await connector.queryOrder(refOf(done))).toMatchObject({
      kind: 'found',
      report: { status: 'open' },
    });
    const failing = order();
    venue.faults.failNext('create', 1, 502);
    expect(await connector.place(failing, call())).toMatchObject({ kind: 'unknown' });
    for (const sent of [lost, done, failing])
      expect(
        venue.creates().filter((one) => one.clientOrderId.endsWith(sent.clientOrderId)).length,
      ).toBeLessThan(2);
    venue.faults.failNext('query', 1, 503);
    expect(await connector.queryOrder(refOf(done))).toMatchObject({ kind: 'failed' });
  });

  it('gives up an answer that stays away, and holds neither a cancel nor a read for it', async () => {
    const sent = order();
    venue.faults.holdNext('create-executed', 1);
    const answer = connector.place(sent, { ...call(), sendBy: runtime.monotonic() + 100 });
    await until(() => venue.faults.held().length === 1);
    const others = [connector.cancel(refOf(sent)), connector.getBalances().then(() => ({ kind: 'read' }))];
    for (const other of others) expect((await Promise.race([answer, other])).kind).not.toBe('unknown');
    expect(await others[0]).toMatchObject({ kind: 'accepted' });
    expect(await answer).toEqual({ kind: 'unknown', reason: 'deadline' });
    venue.faults.release('all', 'continue');
    expect(openIds()).toEqual([]);
  });

  it('does not take a lost answer to a cancel for an end, and may cancel again', async () => {
    const sent = order();
    await connector.place(sent, call());
    venue.faults.dropReply('cancel', 1);
    expect(await connector.cancel(refOf(sent))).toMatchObject({ kind: 'unknown' });
    expect(await connector.cancel(refOf(sent))).toMatchObject({ kind: 'rejected', code: 'not_found' });
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { status: 'canceled' } });
  });

  it('finds no order that was never sent, is told what it lacks, and refuses to amend', async () => {
    const never = refOf(order());
    expect(await connector.queryOrder(never)).toMatchObject({ kind: 'not_found' });
    expect(await connector.cancel(never)).toMatchObject({ kind: 'rejected', code: 'not_found' });
    const dear = order({ quantity: 500_000_000, timeInForce: 'gtc' });
    expect(await connector.place(dear, call())).toMatchObject({ kind: 'rejected', code: 'BALANCE' });
    expect(await connector.amend(never, { quantity: '1' }, call())).toMatchObject({ kind: 'rejected' });
    expect(await connector.armDeadManSwitch(30, [id])).toBe(false);
  });

  it('waits when the venue says that it is asked too often', async () => {
    const limiter = new RateLimiter(runtime);
    const apart = scene.factoryOf(keys, { limiter });
    const other = await apart.create({ id: 'a3', venue: venueId, environment: 'sim' });
    await other.connect();
    venue.faults.rateLimitNext(1);
    expect(await other.place(order(), call())).toMatchObject({ kind: 'rejected', code: 'RATE' });
    expect(limiter.blockedForMs(`${venueId}:sim`)).toBeGreaterThan(0);
    await apart.closeAll();
  });

  it('reads the balances the venue holds', async () => {
    const { rows } = await connector.getBalances();
    const read = new Map(rows.map(({ asset, free, locked }) => [asset, [Number(free), Number(locked)]]));
    for (const { asset, free, locked } of venue.core.balances(demoAccount.apiKey))
      expect([asset, read.get(asset)]).toEqual([asset, [Number(free), Number(locked)]]);
  });

  it('case 21: keeps a book that is never torn, and ends as the venue has it', async () => {
    const books = new OrderBookTracker(runtime);
    let torn = 0;
    const leave = connector.feed.onEvent((event) => {
      if (event.type !== 'depth') return;
      const best = (side: typeof event.bids, pick: typeof Math.max): number =>
        pick(...side.ticks.slice(0, side.length).filter((_, at) => side.lots[at]! > 0));
      if (event.snapshot && best(event.bids, Math.max) >= best(event.asks, Math.min)) torn += 1;
    });
    venue.setFlow(true);
    books.follow(connector.feed, rules);
    await until(() => books.isSynced(venueId, id));
    await runtime.sleep(1_500);
    expect(books.counters()).toMatchObject({ gaps: 0, crossed: 0, offGrid: 0 });
    venue.setFlow(false);
    await scene.untilAgrees(books);
    expect(torn).toBe(0);
    books.unfollow({ venue: venueId }, id);
    leave();
  });

  it('case 54: comes back with a new generation after a cut, asks nothing itself, and the account shows the fill', async () => {
    const sent = order({ price: touch('buy') + 1 });
    await connector.place(sent, call());
    venue.faults.cutSockets('private');
    venue.take(symbol, 'sell', 1_000, sent.price);
    await until(() => events.some((event) => event.type === 'connection' && event.state === 'live'), 15_000);
    const [down] = events.filter((event) => event.type === 'connection');
    const live = events.findLast((event) => event.type === 'connection');
    expect(live!.generation).toBeGreaterThan(down!.generation);
    expect((await traded()).filter(({ quantity }) => quantity === '0.01').length).toBeGreaterThan(0);
    expect(await connector.queryOrder(refOf(sent))).toMatchObject({ report: { status: 'filled' } });
  });

  it('stops at a key that the venue refuses, and shows no key', async () => {
    const secret = 'canary-secret-zq';
    const other = scene.factoryOf({ apiKey: 'canary-key-zq', secret, passphrase: 'canary-phrase-zq' });
    const refused = await other.create({ id: 'a2', venue: venueId, environment: 'sim' });
    const said: VenueEvent[] = [];
    refused.onEvent((event) => said.push(event));
    await refused.connect();
    expect(refused.health().blockedReason).toMatch(/^KEY_REJECTED/);
    const answer = await refused.place(order(), call());
    expect(answer).toMatchObject({ kind: 'rejected', code: 'AUTH' });
    const shown = `${inspect(refused, { depth: 12, showHidden: true })}${JSON.stringify([refused, said, answer])}`;
    expect(shown).not.toMatch(/canary-\w+-zq/);
    await other.closeAll();
  });

  it('case 4: leaves nothing behind', async () => {
    const timers = runtime.timers.active();
    const other = scene.factoryOf(keys);
    const apart = await other.create({ id: 'a9', venue: venueId, environment: 'sim' });
    await apart.connect();
    apart.feed.subscribeOrderBook(id);
    await runtime.sleep(300);
    venue.faults.holdNext('create-executed', 1);
    const placing = apart.place(order(), call());
    await until(() => venue.faults.held().length === 1);
    const reads = [apart.getBalances(), apart.openOrders()].map((read) => read.catch(() => undefined));
    await other.closeAll();
    await Promise.all(reads);
    expect(await placing).toMatchObject({ kind: 'unknown' });
    venue.faults.release('all', 'continue');
    await until(() => runtime.timers.active() <= timers);
    expect(unhandled).toEqual([]);
  });
});

afterAll(() => void process.off('unhandledRejection', note));
