import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import type { SetAnswer } from '../../src/venue-simulator/wire-faults';
import { fastRuntime } from '../support/fast-runtime';
import { account, ConformanceScene, dialects, keys } from './conformance-scene';
import { doubtfulCodes, outcomeRows, refusalBody } from './conformance-outcome-rows';
import type { Asked } from './conformance-outcome-rows';

jest.setTimeout(60_000);

/** What each answer of a venue means, four times as fast; no request but the one judged is on the wire. */
describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, {
    ...{ times: 4, venue: { stepsPerSecond: 0 } },
    isTapped: true,
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(async () => {
    await scene.calm();
    scene.tap.requests.length = 0;
  });

  const path = venueId === 'okx' ? '/trade/' : '/order';
  const answerNext = (set: Partial<SetAnswer>): void =>
    scene.venue.wire.answerNext(1, {
      ...{ method: '', path, isExecuted: false, status: 400, headers: {}, body: 'given', text: '' },
      ...set,
    });
  /** How many creates with this id have passed the door, whole or not. */
  const posts = ({ clientOrderId }: NewOrder): number =>
    scene.tap.requests.filter(({ text }) => text.includes(clientOrderId) && !/^(GET|DELETE)/.test(text))
      .length;
  const ask: Readonly<Record<Asked, (connector: ExchangeConnector, order: NewOrder) => Promise<unknown>>> = {
    create: (connector, order) => connector.place(order, scene.call()),
    cancel: (connector, order) => connector.cancel(scene.refOf(order)),
    query: (connector, order) => connector.queryOrder(scene.refOf(order)),
    amend: (connector, order) => connector.amend(scene.refOf(order), { quantity: '0.005' }, scene.call()),
  };
  /** The answer in short: what it is, and as what. */
  const inShort = (answer: unknown): string => {
    const { kind, code, reason } = answer as Readonly<Record<'kind' | 'code' | 'reason', string | undefined>>;
    return [kind, code ?? reason].filter((word) => word !== undefined).join(' ');
  };
  /** Until the venue listens again and its clock is measured: what one answer has said must not hold the next. */
  const untilFree = (): Promise<void> =>
    scene.until(
      'it may send again',
      () => {
        const { createWaitMs, isClockDoubted } = scene.connector.health();
        return createWaitMs === 0 && !isClockDoubted;
      },
      20_000,
    );

  it.each(outcomeRows[venueId])(
    'case 27: a %s is %s for each of its answers',
    async (asked, expected, answers) => {
      for (const [status, code, message = 'no'] of answers) {
        const order = scene.order();
        for (const body of refusalBody[venueId](code, message, order.clientOrderId)) {
          await untilFree();
          answerNext({ status, text: JSON.stringify(body) });
          const answer = await ask[asked](scene.connector, order);
          expect([status, code, message, inShort(answer)]).toEqual([status, code, message, expected]);
          if (expected.startsWith('rejected'))
            expect(answer).toMatchObject({ venueCode: code || String(status) });
          scene.venue.wire.clear();
        }
      }
      expect(scene.venue.core.openOrders(account)).toEqual([]);
    },
  );

  it('case 28: a code that nobody knows leaves the order unknown, and a person is told its name', async () => {
    const made = { binance: '-4242', okx: '54242', gate: 'MADE_UP' }[venueId];
    const order = scene.order();
    const [body] = refusalBody[venueId](made, 'a new reason', order.clientOrderId);
    answerNext({ status: 400, text: JSON.stringify(body) });
    expect(await ask.create(scene.connector, order)).toMatchObject({
      ...{ kind: 'unknown', reason: 'unmapped', venueCode: made },
    });
    expect(scene.events).toContainEqual(
      expect.objectContaining({
        ...{ type: 'quarantine', error: `a create was answered ${made}`, raw: 'a new reason' },
      }),
    );
    expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject({ kind: 'not_found' });
    expect(posts(order)).toBe(1);
  });

  it('case 41: a request that is lost leaves the order unknown, and the query finds nothing', async () => {
    answerNext({ status: undefined });
    const order = scene.order();
    expect(await ask.create(scene.connector, order)).toMatchObject({ kind: 'unknown', reason: 'transport' });
    expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject({ kind: 'not_found' });
    expect([posts(order), scene.openIds()]).toEqual([1, []]);
  });

  it('case 43: an answer after eight seconds is unknown after three, and its order is found by asking', async () => {
    scene.venue.faults.holdNext('create-executed', 1);
    const order = scene.order();
    const began = scene.runtime.monotonic();
    expect(await ask.create(scene.connector, order)).toEqual({ kind: 'unknown', reason: 'deadline' });
    expect(scene.runtime.monotonic() - began).toBeLessThan(6_000);
    await scene.runtime.sleep(5_000);
    const found = { kind: 'found', report: { status: 'open', clientOrderId: order.clientOrderId } };
    expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject(found);
    expect(scene.venue.faults.release('all', 'continue')).toBe(1);
    await scene.runtime.sleep(2_000);
    expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject(found);
    expect([posts(order), scene.openIds()]).toEqual([1, [order.clientOrderId]]);
  });

  const truths = doubtfulCodes[venueId].flatMap(([status, code]) =>
    [true, false].map((isExecuted) => ({ status, code, isExecuted })),
  );
  it.each(truths)(
    'case 49: $code leaves the order unknown, carried out: $isExecuted',
    async ({ isExecuted, ...said }) => {
      const order = scene.order();
      const [body] = refusalBody[venueId](said.code, 'busy', order.clientOrderId);
      answerNext({ isExecuted, status: said.status, text: JSON.stringify(body) });
      const answer = await ask.create(scene.connector, order);
      expect(answer).toMatchObject({ kind: 'unknown', reason: 'server_error', venueCode: said.code });
      const kind = isExecuted ? 'found' : 'not_found';
      expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject({ kind });
      expect([posts(order), scene.openIds()]).toEqual([1, isExecuted ? [order.clientOrderId] : []]);
    },
  );

  const notSent = { kind: 'rejected', code: 'NOT_SENT' };

  it('case 50: a connection that is refused has sent nothing', async () => {
    const factory = scene.factoryOf(keys, {
      knowledge: (options) =>
        knowledgeOf(options.credentials ? { ...options, simOrigin: 'http://127.0.0.1:1' } : options),
    });
    const other = await factory.create({ id: 'a2', venue: venueId, environment: 'sim' });
    await other.feed.connect();
    const order = scene.order();
    expect(await ask.create(other, order)).toMatchObject(notSent);
    expect(await ask.cancel(other, order)).toMatchObject(notSent);
    expect(posts(order)).toBe(0);
    await factory.closeAll();
  });

  it('case 50: a write that is refused leaves no byte by a cold pool, a warm one and a busy one', async () => {
    const runtime = fastRuntime(createRealRuntime(), 4);
    const [limiter, breaker] = [new RateLimiter(runtime), new CircuitBreaker(runtime)];
    const factory = scene.factoryOf(keys, { runtime, limiter, breaker });
    const other = await factory.create({ id: 'a2', venue: venueId, environment: 'sim' });
    await other.connect();
    const refused = async (): Promise<void> => {
      const order = scene.order();
      let asked = 0;
      const canSend = (): boolean => ((asked += 1), false);
      const sendBy = runtime.monotonic() + 3_000;
      expect(await other.place(order, { sendBy, canSend })).toMatchObject(notSent);
      expect([asked, posts(order)]).toEqual([1, 0]);
    };
    await refused();
    const before = scene.order();
    expect(
      (await other.place(before, { sendBy: runtime.monotonic() + 3_000, canSend: () => true })).kind,
    ).toBe('accepted');
    await refused();
    scene.venue.faults.holdNext('create-received', 5);
    const held = Array.from({ length: 5 }, () => scene.order());
    const placing = held.map((order) =>
      other.place(order, { sendBy: runtime.monotonic() + 3_000, canSend: () => true }),
    );
    await scene.until('all are held', () => scene.venue.faults.held().length === 5);
    await refused();
    scene.venue.faults.release('all', 'continue');
    await Promise.all(placing);
    await factory.closeAll();
    await runtime.close();
  });

  it('case 52: that the venue finds no order proves nothing while its request may be on its way', async () => {
    scene.venue.faults.holdNext('create-received', 1);
    const order = scene.order();
    const placing = ask.create(scene.connector, order);
    await scene.until('it is held', () => scene.venue.faults.held().length === 1);
    const asked = scene.runtime.monotonic();
    const answer = await scene.connector.queryOrder(scene.refOf(order));
    expect(answer).toMatchObject({ kind: 'not_found' });
    // What the tracker judges by: an answer counts only when it was asked for after the order could live no more.
    const { requestedAt } = answer as Extract<typeof answer, { kind: 'not_found' }>;
    expect(requestedAt).toBeGreaterThanOrEqual(asked);
    expect(requestedAt).toBeLessThanOrEqual(scene.runtime.monotonic());
    scene.venue.faults.release('all', 'continue');
    expect(await placing).toMatchObject({ kind: 'accepted' });
    expect(await scene.connector.queryOrder(scene.refOf(order))).toMatchObject({ kind: 'found' });
  });
});
