import type { Instrument, VenueId } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { CallOptions, ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { until as untilIt } from '../support/until';

const id = 'BTC/USDT';
const symbol = 'BTCUSDT';
const account = demoAccount.apiKey;
const runtime = createRealRuntime();
jest.setTimeout(30_000);
let made = 0;
const nextId = (): string => `m${(made += 1).toString().padStart(20, '0')}b`;

afterAll(() => runtime.close());

/** Several orders at once, amends and the switch, over real sockets; the exchange's own books decide. */
describe.each<VenueId>(['binance', 'okx', 'gate'])('%s', (venueId) => {
  let venue: VenueSimulator;
  let factory: ConnectorFactory;
  let connector: ExchangeConnector;
  let rules: Instrument;
  let events: VenueEvent[] = [];
  const isBatched = venueId !== 'binance';

  beforeAll(async () => {
    venue = await startVenueSimulator({ runtime, port: 0, seed: 7, stepsPerSecond: 0 });
    factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
      credentials: () =>
        Promise.resolve({
          ...{ apiKey: account, secret: demoAccount.secret, passphrase: usualPassphrase },
        }),
      simOrigin: venue.origin,
    });
    connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    connector.onEvent((event) => events.push(event));
    await connector.connect();
    rules = connector.feed.rulesOf(id)!;
  });

  afterAll(async () => {
    expect(venue.duplicateCreates()).toEqual([]);
    await factory.closeAll();
    await venue.stop();
  });

  beforeEach(async () => {
    events = [];
    venue.faults.clearAll();
    for (const { orderId } of venue.core.openOrders(account, symbol))
      venue.core.cancel({ account, symbol, orderId });
    // Gate takes ten orders a second of a pair.
    await runtime.sleep(venueId === 'gate' ? 1_050 : 0);
  });

  const until = (holds: () => boolean, ms = 8_000): Promise<void> => untilIt(runtime, 'it', holds, ms);
  const call = (canSend = (): boolean => true): CallOptions => ({
    sendBy: runtime.monotonic() + 2_000,
    canSend,
  });
  const bid = (): number => venue.core.depth(symbol, 1).bids[0]![0];
  const order = (change: Partial<NewOrder> = {}): NewOrder => ({
    ...{ clientOrderId: nextId(), rules, side: 'buy', type: 'limit', price: bid() - 100_000 },
    ...{ quantity: 1_000, timeInForce: 'postOnly' },
    ...change,
  });
  const several = (count: number): readonly NewOrder[] => Array.from({ length: count }, () => order());
  const refOf = ({ clientOrderId }: NewOrder) => ({ instrument: id, clientOrderId });
  const idsOf = (orders: readonly NewOrder[]): readonly string[] =>
    orders.map(({ clientOrderId }) => clientOrderId).sort();
  const openIds = (): readonly string[] =>
    venue.core
      .openOrders(account, symbol)
      .map((open) => open.clientOrderId.replace(/^t-/, ''))
      .sort();
  const asked = async (orders: readonly NewOrder[]) =>
    Promise.all(
      orders.map(async (one) => {
        const found = await connector.queryOrder(refOf(one));
        return {
          ...refOf(one),
          venueOrderId: found.kind === 'found' ? found.report.venueOrderId : undefined,
        };
      }),
    );

  describe('several orders', () => {
    it('case 34: are all taken, each with its own answer', async () => {
      const orders = several(7);
      const sent = await connector.placeMany(orders, call());
      expect(sent.map(({ kind }) => kind)).toEqual(orders.map(() => 'accepted'));
      expect(openIds()).toEqual(idsOf(orders));
      const byId = new Map(
        venue.core.openOrders(account, symbol).map((open) => [open.clientOrderId.replace(/^t-/, ''), open]),
      );
      for (const [i, one] of sent.entries()) {
        const own = byId.get(orders[i]!.clientOrderId)!;
        expect(one.kind === 'accepted' && one.venueOrderId).toContain(
          venueId === 'okx' ? String(own.stamp) : String(own.orderId),
        );
      }
    });

    it('case 34: are taken or refused one by one', async () => {
      const [good, other] = several(2);
      const dear = order({ quantity: 500_000_000, timeInForce: 'gtc' });
      const sent = await connector.placeMany([good!, dear, other!], call());
      expect(sent).toMatchObject([
        { kind: 'accepted' },
        { kind: 'rejected', code: 'BALANCE' },
        { kind: 'accepted' },
      ]);
      expect(openIds()).toEqual(idsOf([good!, other!]));
    });

    it('case 34: are all refused, each with its own word', async () => {
      const dear = order({ quantity: 500_000_000, timeInForce: 'gtc' });
      const small = order({ quantity: 1, timeInForce: 'gtc', price: bid() - 3_000_000 });
      const sent = await connector.placeMany([dear, small], call());
      expect(sent[0]).toMatchObject({ kind: 'rejected', code: 'BALANCE' });
      // OKX asks for no minimum value.
      if (venueId !== 'okx') expect(sent[1]).toMatchObject({ kind: 'rejected', code: 'FILTER' });
      expect(openIds()).toEqual(venueId === 'okx' ? idsOf([small]) : []);
    });

    it('are nothing when there are none, and one is one', async () => {
      expect(await connector.placeMany([], call())).toEqual([]);
      expect(await connector.cancelMany([])).toEqual([]);
      expect(await connector.placeMany([order()], call())).toMatchObject([{ kind: 'accepted' }]);
    });

    it('leave no byte when the write check refuses, which is asked once a request', async () => {
      let checks = 0;
      const before = venue.creates().length;
      const refuse = (): boolean => {
        checks += 1;
        return false;
      };
      const sent = await connector.placeMany(several(5), call(refuse));
      expect(sent.map((one) => one.kind === 'rejected' && one.code)).toEqual(Array(5).fill('NOT_SENT'));
      expect([checks, venue.creates().length]).toEqual([isBatched ? 1 : 5, before]);
    });

    it('are unknown when the answer is lost, and there', async () => {
      venue.faults.dropReply('create', isBatched ? 1 : 4);
      const orders = several(4);
      const sent = await connector.placeMany(orders, call());
      expect(sent.map(({ kind }) => kind)).toEqual(orders.map(() => 'unknown'));
      expect(openIds()).toEqual(idsOf(orders));
      expect((await asked(orders)).every(({ venueOrderId }) => venueOrderId !== undefined)).toBe(true);
    });

    it('are unknown when the venue fails', async () => {
      venue.faults.failNext('create', isBatched ? 1 : 3, 502);
      const sent = await connector.placeMany(several(3), call());
      expect(sent.map(({ kind }) => kind)).toEqual(Array(3).fill('unknown'));
    });

    it('are canceled together, one that is over by its own word', async () => {
      const orders = several(4);
      await connector.placeMany(orders, call());
      const refs = await asked(orders);
      await connector.cancel(refs[1]!);
      const canceled = await connector.cancelMany(refs);
      expect(canceled.map(({ kind }) => kind)).toEqual(['accepted', 'rejected', 'accepted', 'accepted']);
      expect(canceled[1]?.kind === 'rejected' && canceled[1].code).toMatch(/^(not_found|already_done)$/);
      await until(() => openIds().length === 0);
      const ends = () =>
        events.flatMap((event) =>
          event.type === 'order' && event.report.status === 'canceled' ? [event.report.clientOrderId] : [],
        );
      await until(() => orders.every(({ clientOrderId }) => ends().includes(clientOrderId)));
    });

    it('are canceled by our ids alone where the venue ids are not known', async () => {
      const orders = several(3);
      await connector.placeMany(orders, call());
      const canceled = await connector.cancelMany(orders.map(refOf));
      expect(canceled.map(({ kind }) => kind)).toEqual(Array(3).fill('accepted'));
      expect(openIds()).toEqual([]);
    });
  });

  if (isBatched)
    describe('one request for several', () => {
      it('case 34: is told apart by names, whatever the order of the answer', async () => {
        const dear = order({ quantity: 500_000_000, timeInForce: 'gtc' });
        const [first, last] = several(2);
        venue.faults.spoilBatches('reverse', 1);
        const sent = await connector.placeMany([dear, first!, last!], call());
        expect(sent.map(({ kind }) => kind)).toEqual(['rejected', 'accepted', 'accepted']);
        venue.faults.spoilBatches('reverse', 1);
        const refs = await asked([first!, last!]);
        const never = { ...refOf(order()), venueOrderId: '1' };
        const canceled = await connector.cancelMany([never, ...refs]);
        expect(canceled.map(({ kind }) => kind)).toEqual(['rejected', 'accepted', 'accepted']);
      });

      it('case 34: leaves an order that is missing in the answer unknown', async () => {
        venue.faults.spoilBatches('shorten', 1);
        const orders = several(3);
        const sent = await connector.placeMany(orders, call());
        expect(sent.map(({ kind }) => kind)).toEqual(['unknown', 'accepted', 'accepted']);
        expect(openIds()).toEqual(idsOf(orders));
        venue.faults.spoilBatches('shorten', 1);
        const canceled = await connector.cancelMany(await asked(orders));
        expect(canceled.map(({ kind }) => kind)).toEqual(['unknown', 'accepted', 'accepted']);
      });

      it('comes to life for none of its orders when it arrives after its expiry', async () => {
        venue.faults.holdNext('create-received', 1);
        const orders = several(2);
        expect(await connector.placeMany(orders, call())).toMatchObject([
          { kind: 'unknown', reason: 'deadline' },
          { kind: 'unknown', reason: 'deadline' },
        ]);
        await runtime.sleep(400);
        venue.faults.release('all', 'continue');
        await runtime.sleep(200);
        expect(openIds()).toEqual([]);
      });

      it('is as many requests as the venue wants', async () => {
        const most = connector.capabilities.batch.place;
        if (venueId === 'gate') return expect(most).toBe(9);
        const orders = several(most + 3);
        const sent = await connector.placeMany(orders, call());
        expect(sent.every(({ kind }) => kind === 'accepted')).toBe(true);
        expect(openIds()).toEqual(idsOf(orders));
        const answers = await connector.cancelAll(id, 'm0');
        expect(answers.map(({ kind }) => kind)).toEqual(orders.map(() => 'accepted'));
        expect(openIds()).toEqual([]);
      });
    });

  it('cancels its own alone, together where it can', async () => {
    const foreign = order({ clientOrderId: 'foreign1' });
    const own = several(3);
    await connector.placeMany([...own, foreign], call());
    const answers = await connector.cancelAll(id, 'm0');
    expect(answers.map(({ kind }) => kind)).toEqual(Array(3).fill('accepted'));
    expect(openIds()).toEqual(['foreign1']);
  });

  describe('an amend', () => {
    const quantityOf = (one: NewOrder): number | undefined =>
      venue.core
        .openOrders(account, symbol)
        .find(({ clientOrderId }) => clientOrderId.endsWith(one.clientOrderId))?.quantity;

    it('case 33: makes an order smaller, and a smaller one keeps its place', async () => {
      const price = bid() + 1;
      const [first, second] = [order({ price }), order({ price })];
      await connector.place(first, call());
      await connector.place(second, call());
      const change = { quantity: rules.quantity(400) };
      expect(await connector.amend(refOf(first), change, call())).toMatchObject({ kind: 'accepted' });
      expect([quantityOf(first), quantityOf(second)]).toEqual([400, 1_000]);
      venue.take(symbol, 'sell', 400, price);
      // The venue's own words on a smaller order: it keeps its priority.
      expect([quantityOf(first), quantityOf(second)]).toEqual([undefined, 1_000]);
      expect(await connector.queryOrder(refOf(first))).toMatchObject({ report: { status: 'filled' } });
    });

    it('case 33: moves the price where the venue lets it', async () => {
      const sent = order();
      await connector.place(sent, call());
      const change = { price: rules.price(sent.price + 500) };
      if (connector.capabilities.amend === 'quantityDown') return;
      expect(await connector.amend(refOf(sent), change, call())).toMatchObject({ kind: 'accepted' });
      expect(venue.core.openOrders(account, symbol).map(({ price }) => price)).toEqual([sent.price + 500]);
    });

    it('case 33: is refused for an order that is over, and for one that never was', async () => {
      const sent = order();
      await connector.place(sent, call());
      await connector.cancel(refOf(sent));
      const change = { quantity: rules.quantity(400) };
      const refused = { kind: 'rejected', code: 'AMEND_REFUSED' };
      expect(await connector.amend(refOf(sent), change, call())).toMatchObject(refused);
      expect(await connector.amend(refOf(order()), change, call())).toMatchObject(refused);
    });

    it('does not do what the venue does not offer, and leaves no byte when it may not be sent', async () => {
      const sent = order();
      await connector.place(sent, call());
      const more = { quantity: rules.quantity(2_000) };
      const answer = await connector.amend(refOf(sent), more, call());
      if (venueId === 'binance') expect(answer).toMatchObject({ code: 'AMEND_REFUSED' });
      else expect(answer).toMatchObject({ kind: 'accepted' });
      const before = quantityOf(sent);
      const less = { quantity: rules.quantity(300) };
      const stopped = await connector.amend(
        refOf(sent),
        less,
        call(() => false),
      );
      expect(stopped).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
      expect(quantityOf(sent)).toBe(before);
    });
  });

  describe("the venue's own switch", () => {
    const seconds = venueId === 'okx' ? 10 : 5;
    const kind = { okx: 'account', gate: 'instrument' }[venueId as string] ?? 'none';

    it('is there or is not, and takes no time that would disarm it', async () => {
      expect(connector.capabilities.cancelAllAfter).toBe(kind);
      for (const wrong of [0.5, 1, 4, 9, 121, 2.5].filter((s) => venueId === 'okx' || s < 5))
        expect(await connector.armDeadManSwitch(wrong, [id])).toBe(false);
      expect(await connector.armDeadManSwitch(30, ['NO/PAIR'])).toBe(false);
    });

    if (kind !== 'none')
      it('case 36: fires once it is not renewed, and not after it is disarmed', async () => {
        const sent = order();
        await connector.place(sent, call());
        expect(await connector.armDeadManSwitch(seconds, [id])).toBe(true);
        await runtime.sleep((seconds - 2) * 1_000);
        expect(await connector.armDeadManSwitch(seconds, [id])).toBe(true);
        await runtime.sleep(4_000);
        // Beyond the first time, and within that of the renewal.
        expect(openIds()).toEqual(idsOf([sent]));
        await until(() => openIds().length === 0, seconds * 1_000);
        await until(() =>
          events.some(
            (event) =>
              event.type === 'order' &&
              event.report.clientOrderId === sent.clientOrderId &&
              event.report.status === 'canceled',
          ),
        );
        const other = order();
        await connector.place(other, call());
        expect(await connector.armDeadManSwitch(seconds, [id])).toBe(true);
        // OKX takes one such request a second.
        await runtime.sleep(1_100);
        expect(await connector.armDeadManSwitch(0, [id])).toBe(true);
        await runtime.sleep((seconds + 1) * 1_000);
        expect(openIds()).toEqual(idsOf([other]));
      }, 60_000);
  });
});
