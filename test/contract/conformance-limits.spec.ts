import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { NewOrder } from '../../src/modules/execution/connectors/types';
import type { SetAnswer } from '../../src/venue-simulator/wire-faults';
import { account, ConformanceScene, dialects, keys } from './conformance-scene';

jest.setTimeout(60_000);

const quotes = 20;
/** How many creates of one pair a venue takes at once, of which nine tenths are used; Binance is told a small figure. */
const atOnce = { binance: 40, okx: 60, gate: 10 } as const;

/** What leaves when more is wanted than a venue takes; its local exchange enforces the same limits. */
describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, {
    venue: { stepsPerSecond: 0, ordersPer10s: atOnce.binance },
    isTapped: true,
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(async () => {
    await scene.calm();
    scene.tap.requests.length = 0;
    scene.tap.answers.length = 0;
  });

  /** Until every window that the tests before have filled is empty, at the venue too. */
  const untilFresh = (): Promise<void> => scene.runtime.sleep(venueId === 'binance' ? 11_000 : 2_500);
  const several = (count: number): readonly NewOrder[] => Array.from({ length: count }, () => scene.order());
  const place = (order: NewOrder, forMs = 30_000) =>
    scene.connector.place(order, scene.call({ sendBy: scene.runtime.monotonic() + forMs }));
  const arrivalOf = (order: NewOrder, what: 'create' | 'cancel') =>
    scene.tap.requests.find(({ text }) => {
      const isCancel = /^DELETE|cancel-order|cancel_batch/.test(text);
      return (
        isCancel === (what === 'cancel') && !text.startsWith('GET') && text.includes(order.clientOrderId)
      );
    });
  /** Refusals for asking too often, however the venue says it. */
  const tooOften = () =>
    scene.tap.answers.filter(
      ({ status, text }) =>
        status === 429 || status === 418 || /"code":-10(03|15)\b|"(50011|50061)"|TOO_MANY_REQ/.test(text),
    );
  const answerNext = (set: Partial<SetAnswer>): void =>
    scene.venue.wire.answerNext(1, {
      ...{ method: '', path: '/', isExecuted: false, status: 200, headers: {}, body: 'given', text: '{}' },
      ...set,
    });

  it('case 69: a count of the venue that is higher than ours is believed', async () => {
    const limiter = new RateLimiter(scene.runtime);
    const factory = scene.factoryOf(keys, { limiter });
    const other = await factory.create({ id: 'a2', venue: venueId, environment: 'sim' });
    await other.connect();
    const before = other.health().rateBudgetRatio;
    const said = {
      binance: { 'X-MBX-USED-WEIGHT-1M': '5999' },
      gate: { 'X-Gate-RateLimit-Requests-Remain': '0', 'X-Gate-RateLimit-Limit': '10' },
      okx: {},
    }[venueId];
    answerNext({ path: venueId === 'okx' ? '/trade/' : '/order', status: 404, headers: said });
    const one = scene.order();
    const doubtful = await other.place(one, scene.call());
    expect(doubtful.kind).toBe('unknown');
    const next = scene.order();
    const late = await other.place(next, scene.call({ sendBy: scene.runtime.monotonic() + 300 }));
    // OKX tells nothing of what is left, so nothing corrects our own count of it.
    if (venueId === 'okx') expect(late.kind).toBe('accepted');
    else {
      expect(late).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
      expect(other.health().rateBudgetRatio).toBeLessThan(before);
      expect(arrivalOf(next, 'create')).toBeUndefined();
    }
    await factory.closeAll();
  });

  it('case 66: reads beyond what the venue takes are never refused by it, and hold no cancel', async () => {
    const [resting] = several(1);
    await place(resting!);
    const reads = Array.from({ length: venueId === 'okx' ? 25 : 30 }, () => scene.connector.getBalances());
    const began = scene.runtime.monotonic();
    expect(await scene.connector.cancel(scene.refOf(resting!))).toMatchObject({ kind: 'accepted' });
    expect(scene.runtime.monotonic() - began).toBeLessThan(1_000);
    const settled = await Promise.allSettled(reads);
    expect(tooOften()).toEqual([]);
    // A read that would have waited too long was given up by us, not refused by the venue.
    expect(settled.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('case 66: a burst beyond what the venue takes is never refused by it', async () => {
    const orders = several(atOnce[venueId] + 15);
    const sent = await Promise.all(orders.map((order) => place(order)));
    expect(sent.map(({ kind }) => kind)).toEqual(orders.map(() => 'accepted'));
    expect(tooOften()).toEqual([]);
    expect(scene.openIds()).toHaveLength(orders.length);
  });

  it('case 68: a refresh of twenty quotes under half of what it needs: cancels leave first, at once', async () => {
    await untilFresh();
    const resting = several(Math.min(quotes, Math.floor(atOnce[venueId] * 0.9)));
    await Promise.all(resting.map((order) => place(order)));
    const fresh = several(2 * resting.length + 10);
    const began = scene.runtime.monotonic();
    const placing = fresh.map((order, i) => place(order, i % 2 === 0 ? 500 : 30_000));
    const cancelled = await Promise.all(resting.map((order) => scene.connector.cancel(scene.refOf(order))));
    expect(cancelled.map(({ kind }) => kind)).toEqual(resting.map(() => 'accepted'));
    const sent = await Promise.all(placing);
    const left = resting.map((order) => arrivalOf(order, 'cancel')!.at - began).sort((a, b) => a - b);
    // The last of them may have waited for this machine, which is the venue as well.
    expect(left[Math.floor(left.length / 2)]).toBeLessThanOrEqual(250);
    expect(left.at(-1)).toBeLessThan(1_000);
    const held = fresh.filter((_, i) => sent[i]!.kind !== 'accepted');
    expect(held.length).toBeGreaterThan(0);
    for (const [i, order] of fresh.entries()) {
      const arrival = arrivalOf(order, 'create');
      if (sent[i]!.kind === 'accepted') {
        expect(arrival!.at - began).toBeLessThanOrEqual(i % 2 === 0 ? 500 : 30_000);
        continue;
      }
      expect([sent[i], arrival]).toEqual([
        expect.objectContaining({ kind: 'rejected', code: 'NOT_SENT' }),
        undefined,
      ]);
    }
    // Those that waited for the limits left after every cancel.
    const free = Math.floor(atOnce[venueId] * 0.9) - resting.length;
    const arrivals = fresh.flatMap((order) => arrivalOf(order, 'create')?.at ?? []);
    const waited = arrivals.sort((a, b) => a - b).slice(free);
    expect(waited.length).toBeGreaterThan(0);
    expect(Math.min(...waited) - began).toBeGreaterThan(left.at(-1)!);
    expect(tooOften()).toEqual([]);
    expect(scene.openIds()).toHaveLength(fresh.length - held.length);
  });

  it('case 70: a create that is queued behind busy connections never leaves after its deadline', async () => {
    await untilFresh();
    const connections = 32;
    const perSecond = venueId === 'gate' ? 9 : 32;
    scene.venue.faults.holdNext('create-received', connections);
    const hanging: Promise<unknown>[] = [];
    for (let i = 0; i < connections; i += perSecond) {
      for (const order of several(Math.min(perSecond, connections - i))) hanging.push(place(order));
      if (venueId === 'gate') await scene.runtime.sleep(1_200);
    }
    await scene.until('all hang', () => scene.venue.faults.held().length === connections, 20_000);
    const [queued] = several(1);
    const began = scene.runtime.monotonic();
    const answer = await place(queued!, 400);
    expect(answer).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    expect(scene.runtime.monotonic() - began).toBeLessThan(1_500);
    const cancelBegan = scene.runtime.monotonic();
    await scene.connector.cancel(scene.refOf(queued!));
    expect(scene.runtime.monotonic() - cancelBegan).toBeLessThan(500);
    scene.venue.faults.release('all', 'drop');
    await Promise.all(hanging);
    await scene.runtime.sleep(500);
    expect(arrivalOf(queued!, 'create')).toBeUndefined();
    expect(scene.venue.core.openOrders(account)).toEqual([]);
  });
});
