import type { FillReport } from '../../../domain/venue-event';
import type { AccountBench } from '../../../../test/support/account-bench';
import { accountBench, fillOf, loadOrder, reportOf } from '../../../../test/support/account-bench';

let bench: AccountBench;

beforeEach(async () => {
  bench = await accountBench();
});

afterEach(() => bench.reconciler.stop());

const start = (): void => bench.reconciler.start(bench.runtime.now(), []);
const endOf = (id: string): string | undefined => bench.orders.get(id)?.ended?.why;

describe('proof of absence', () => {
  const load = (count: number, agoMs: number): readonly string[] =>
    Array.from({ length: count }, () => loadOrder(bench, agoMs));
  /** Reads of one instrument since `start`, apart from those of the whole account. */
  const watchLists = (): { rounds: number } => {
    const seen = { rounds: 0 };
    const open = bench.connector.openOrders.bind(bench.connector);
    const trades = bench.connector.fillsSince.bind(bench.connector);
    let last = '';
    Object.assign(bench.connector, {
      openOrders: (instrument?: string) => {
        last = instrument ?? '';
        return open(instrument);
      },
      fillsSince: (cursor: Parameters<typeof trades>[0]) => {
        if (last !== '' && cursor.since !== undefined) seen.rounds += 1;
        last = '';
        return trades(cursor);
      },
    });
    return seen;
  };

  it.each([1, 20])('reads the lists of an instrument twice for %d absent orders', async (count) => {
    const ids = load(count, 60_000);
    const lists = watchLists();
    bench.venue.isLive = false; // Only the questions about orders run.
    start();
    await bench.runtime.advance(30_000);
    expect(ids.map(endOf)).toEqual(ids.map(() => 'absent'));
    expect(lists.rounds).toBe(2);
    expect(bench.venue.calls.query).toBe(2 * count);
  });

  it('needs two rounds, the second asked for 2 s after the first was answered', async () => {
    const [id] = load(1, 60_000);
    bench.venue.isLive = false;
    start();
    await bench.runtime.advance(3_900);
    expect([endOf(id!), bench.venue.calls.openOrders]).toEqual([undefined, 1]);
    await bench.runtime.advance(3_000);
    expect([endOf(id!), bench.venue.calls.openOrders]).toEqual(['absent', 2]);
  });

  it('proves nothing before the deadline', async () => {
    const [id] = load(1, 0);
    bench.venue.isLive = false;
    start();
    await bench.runtime.advance(14_400);
    expect([endOf(id!), bench.venue.calls.openOrders]).toEqual([undefined, 0]);
    await bench.runtime.advance(20_000);
    expect(endOf(id!)).toBe('absent');
  });

  it('does not hold one order up for longer than 5 s because another has no answer', async () => {
    const [absent, mute] = load(2, 60_000);
    const query = bench.connector.queryOrder.bind(bench.connector);
    Object.assign(bench.connector, {
      queryOrder: (ref: Parameters<typeof query>[0]) =>
        ref.clientOrderId === mute ? Promise.resolve({ kind: 'failed', reason: 'x' }) : query(ref),
    });
    bench.venue.isLive = false;
    start();
    await bench.runtime.advance(20_000);
    expect([absent, mute].map((id) => endOf(id!))).toEqual(['absent', undefined]);
  });

  describe('with a trade that names no client id', () => {
    const nameless = (change: Partial<FillReport> = {}): FillReport => {
      const { clientOrderId: _none, ...trade } = fillOf('x', { venueOrderId: 'v9', source: 'rest-trades' });
      return { ...trade, venueTime: bench.runtime.now(), ...change };
    };
    const runWith = async (trade: FillReport, owner: string | undefined): Promise<void> => {
      bench.venue.trades = [trade];
      const report = reportOf(owner ?? '', { venueOrderId: 'v9', cumFilled: '0.5', status: 'canceled' });
      if (owner !== undefined) bench.venue.orders.set('v9', report);
      bench.venue.isLive = false;
      start();
      await bench.runtime.advance(20_000);
    };

    it('keeps the order whose trade it is, and books it', async () => {
      const [id] = load(1, 60_000);
      await runWith(nameless(), id);
      expect(bench.orders.get(id!)).toMatchObject({ acknowledged: true, ended: { why: 'canceled' } });
      expect(bench.orders.get(id!)!.bookedFilled).toBeGreaterThan(0);
    });

    it('proves nothing while the venue does not say whose it is', async () => {
      const [id] = load(1, 60_000);
      await runWith(nameless(), undefined);
      expect(endOf(id!)).toBeUndefined();
    });

    it.each<[string, Partial<FillReport>]>([
      ['placed by a person', {}],
      ['of the other side', { side: 'sell' }],
      ['from before the commit', { venueTime: 1 }],
      ['at a price it would not pay', { price: '100.1' }],
    ])('proves absence beside a trade %s', async (_what, change) => {
      const [id] = load(1, 60_000);
      const isPerson = Object.keys(change).length === 0;
      await runWith(nameless(change), isPerson ? 'by-a-person' : undefined);
      expect(endOf(id!)).toBe('absent');
    });
  });

  it('keeps an order that a list shows', async () => {
    const [shown, absent] = load(2, 60_000);
    bench.venue.listed = [reportOf(shown!, { source: 'rest-list' })];
    bench.venue.isLive = false;
    start();
    await bench.runtime.advance(15_000);
    expect([endOf(shown!), bench.orders.get(shown!)?.acknowledged, endOf(absent!)]).toEqual([
      undefined,
      true,
      'absent',
    ]);
  });
});

describe('a fee that did not come with its fill', () => {
  const rules = { venueOrderId: 'v1' };

  it('is asked for, posted once, and no longer asked for', async () => {
    const id = loadOrder(bench, 60_000, rules);
    bench.venue.orders.set(id, reportOf(id, { ...rules, cumFilled: '0.5', status: 'partiallyFilled' }));
    start();
    bench.reconciler.fill(fillOf(id, rules));
    await bench.runtime.advance(1_000);
    bench.venue.trades = [fillOf(id, { ...rules, fee: '0.05', feeAsset: 'USDT', source: 'rest-trades' })];
    await bench.runtime.advance(10_000);
    const fees = bench.store.postings().filter((posting) => posting.key.startsWith('fee:'));
    expect(fees.map(({ holder, quantity }) => [holder, quantity])).toEqual([
      ['strategy:s1', '-0.05'],
      ['venue-fees:binance', '0.05'],
    ]);
    expect(await bench.store.load('a1')).toMatchObject({ pendingFees: [] });
  });

  it('that an earlier process left open is asked for', async () => {
    start();
    const [pending] = [fillOf('m-x', rules)];
    bench.reconciler.feePending({
      ...{ ...pending, venue: 'binance', accountId: 'a1', strategyId: 's1', clientOrderId: 'm-x' },
      ...{ base: 'BTC', quote: 'USDT' },
    });
    bench.venue.isLive = false;
    await bench.runtime.advance(5_500);
    expect(bench.venue.calls.trades).toBe(2);
  });
});

describe('a private stream that says nothing', () => {
  const reply = (id: string): void => bench.reconciler.report(reportOf(id, { source: 'reply' }));

  it('is suspect, is read around twice as often, and recovers by an echo', async () => {
    const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
    const report = reportOf(id, { venueOrderId: 'v1' });
    bench.venue.orders.set(id, report);
    bench.venue.listed = [report];
    bench.venue.balances = [{ asset: 'USDT', free: '1', locked: '0' }];
    start();
    bench.reconciler.streamChanged(true);
    await bench.runtime.advance(20_000);
    const countLists = async (): Promise<number> => {
      const before = bench.venue.calls.openOrders;
      await bench.runtime.advance(20_000);
      return bench.venue.calls.openOrders - before;
    };
    expect(await countLists()).toBe(2);
    Object.assign(bench.books, { compare: () => Promise.resolve('incomplete') });
    reply(id);
    await bench.runtime.advance(6_000);
    expect([bench.reconciler.isStreamSilent, bench.count('USER_STREAM_SILENT')]).toEqual([true, 1]);
    expect(await countLists()).toBe(4);
    bench.reconciler.report({ ...report, source: 'ws-order' });
    expect(bench.reconciler.isStreamSilent).toBe(false);
  });

  it('is dialled anew once', async () => {
    const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
    start();
    reply(id);
    await bench.runtime.advance(34_000);
    expect(bench.venue.restarts).toBe(0);
    await bench.runtime.advance(60_000);
    expect(bench.venue.restarts).toBe(1);
  });
});

it('a fill that stays out of the books is paged once, after 30 s', async () => {
  const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
  bench.venue.orders.set(id, reportOf(id, { venueOrderId: 'v1', cumFilled: '0.5', status: 'canceled' }));
  start();
  bench.reconciler.hurry(id);
  await bench.runtime.advance(29_000);
  expect(bench.count('FILL_UNBOOKED')).toBe(0);
  await bench.runtime.advance(60_000);
  expect(bench.count('FILL_UNBOOKED')).toBe(1);
});

it('asks about an order the venue said more of than fits, though it is not in doubt', async () => {
  const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
  bench.venue.isLive = false;
  start();
  await bench.runtime.advance(3_000);
  expect(bench.venue.calls.query).toBe(0);
  bench.reconciler.report(reportOf(id, { venueOrderId: 'v1', status: 'unrecognised', source: 'ws-order' }));
  await bench.runtime.advance(1_000);
  expect(bench.venue.calls.query).toBe(1);
});

describe('an order of ours that the record does not know', () => {
  const lost = (): string => {
    bench.store.assignStrategy('s1', 'a1');
    return bench.orders.nextClientOrderId(1);
  };

  it('in a list: gets a record, is cancelled until it has ended, and pages once', async () => {
    const id = lost();
    bench.venue.listed = [reportOf(id, { source: 'rest-list' })];
    start();
    bench.reconciler.report(reportOf(id, { source: 'rest-list' }));
    await bench.runtime.advance(100);
    expect(bench.orders.unended('s1').map((order) => order.clientOrderId)).toEqual([id]);
    expect(await bench.store.load('a1')).toMatchObject({ orders: [{ clientOrderId: id }] });
    bench.venue.orders.set(id, reportOf(id));
    await bench.runtime.advance(10_000);
    expect(bench.venue.cancelled.filter((each) => each === id).length).toBeGreaterThan(1);
    bench.reconciler.report(reportOf(id, { status: 'canceled', source: 'ws-order' }));
    await bench.runtime.advance(1_000);
    expect([endOf(id), bench.count('EXTERNAL_OURS')]).toEqual(['canceled', 1]);
    expect(await bench.store.load('a1')).toMatchObject({ orders: [] });
  });

  it('in a trade: its fill goes to the strategy its id names', async () => {
    const id = lost();
    start();
    bench.venue.orders.set(id, reportOf(id, { cumFilled: '0.5', status: 'canceled' }));
    bench.reconciler.fill(fillOf(id, { fee: '0.1', feeAsset: 'USDT' }));
    await bench.runtime.advance(3_000);
    expect(bench.orders.get(id)).toMatchObject({ strategyId: 's1', bookedFilled: 500, maxFilled: 500 });
    expect([bench.count('EXTERNAL_OURS'), bench.count('EXTERNAL_MOVEMENT')]).toEqual([1, 0]);
  });

  it('in a trade, and the venue does not answer: it is asked again, and nothing is called foreign', async () => {
    const id = lost();
    start();
    bench.reconciler.fill(fillOf(id));
    await bench.runtime.advance(25_000);
    expect(bench.venue.calls.query).toBe(3);
    expect(bench.count('EXTERNAL_MOVEMENT')).toBe(0);
  });
});

describe('balances that differ from the books', () => {
  const usdt = (free: string): void => {
    bench.venue.balances = [{ asset: 'USDT', free, locked: '0' }];
  };
  const opened = async (): Promise<void> => {
    usdt('100');
    start();
    await bench.reconciler.askAccount();
    bench.reconciler.streamChanged(true);
  };

  it('hold creates for 20 s after a new stream, and are posted when they have stood for 30 s', async () => {
    await opened();
    usdt('90');
    await bench.runtime.advance(19_000);
    expect([bench.reconciler.isReady, bench.count('MISSING')]).toEqual([false, 0]);
    await bench.runtime.advance(7_000);
    expect([bench.reconciler.isReady, bench.count('MISSING')]).toEqual([true, 0]);
    await bench.runtime.advance(35_000);
    expect([bench.reconciler.isReady, bench.count('MISSING')]).toEqual([true, 1]);
  });

  it('do not hold them while they move: another engine trades on the account', async () => {
    await opened();
    let money = 90;
    const timer = bench.runtime.timers.every(100, () => usdt(String((money -= 1))));
    await bench.runtime.advance(3_000);
    expect([bench.reconciler.isReady, bench.count('MISSING')]).toEqual([true, 0]);
    bench.runtime.timers.clear(timer);
  });
});

describe('an account whose order was refused for want of money', () => {
  it('is read within a second, once', async () => {
    start();
    await bench.runtime.advance(40_500);
    const { calls } = bench.venue;
    const before = calls.balances;
    for (let i = 0; i < 5; i += 1) bench.reconciler.hurryBalances();
    await bench.runtime.advance(5_000);
    expect(calls.balances - before).toBe(1);
  });
});

describe('a cancel that the venue refuses', () => {
  const refusal = (code: 'RATE' | 'CLOCK' | 'AUTH' | 'not_found') =>
    ({ kind: 'rejected', code, venueCode: '', text: '' }) as const;
  const cancelsAtOnce = async (...codes: Parameters<typeof refusal>[0][]): Promise<number> => {
    start();
    const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
    bench.venue.cancelAnswers = codes.map(refusal);
    await bench.reconciler.cancel(bench.orders.get(id)!);
    return bench.venue.cancelled.length;
  };

  it.each([
    [['RATE'], 2],
    [['CLOCK'], 2],
    [['RATE', 'RATE', 'RATE'], 2],
    [['AUTH'], 1],
    [['not_found'], 1],
  ] as const)('for %j leaves at once %d times', async (codes, count) => {
    expect(await cancelsAtOnce(...codes)).toBe(count);
  });

  it('again and again leaves every second, like any other', async () => {
    await cancelsAtOnce('RATE', 'RATE', 'RATE', 'RATE');
    await bench.runtime.advance(1_500);
    expect(bench.venue.cancelled.length).toBe(4);
  });

  it('leaves no second time when the order ended meanwhile', async () => {
    start();
    const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
    bench.venue.cancelAnswers = [refusal('RATE')];
    const cancelling = bench.reconciler.cancel(bench.orders.get(id)!);
    bench.reconciler.report(reportOf(id, { venueOrderId: 'v1', status: 'canceled', source: 'ws-order' }));
    await cancelling;
    expect(bench.venue.cancelled.length).toBe(1);
  });
});

describe('a pair the venue lists no more', () => {
  it('is not asked about once nothing of ours is left in it, so the account answers', async () => {
    bench.venue.isDelisted = true;
    start();
    await bench.runtime.advance(2_000);
    expect(bench.reconciler.isReady).toBe(true);
    expect(bench.venue.calls.trades).toBe(0);
  });

  it('holds the account while an order of ours may still have traded in it', async () => {
    loadOrder(bench, 60_000);
    bench.venue.isDelisted = true;
    start();
    await bench.runtime.advance(2_000);
    expect(bench.reconciler.isReady).toBe(false);
    expect(bench.venue.calls.trades).toBeGreaterThan(0);
  });
});
