import { createVirtualRuntime } from '../../runtime/virtual-runtime';
import { AccountHistory } from '../account-history';
import { CreateLog } from '../binance/create-log';
import { formatsOf } from '../binance/market-format';
import { createVenueCore } from '../core';
import { defaultMarkets } from '../default-markets';
import { Faults } from '../faults';
import type { PlaceRequest } from '../venue-types';
import { Countdowns } from './okx-countdown';
import { OkxLedger } from './okx-ledger';
import { okxPartsOf } from './okx-parts';
import { queryRoutes } from './okx-query-routes';
import type { Envelope, SignedCall } from './okx-routes';

const account = 'ann';
const symbol = 'BTCUSDT';
const instId = 'BTC-USDT';
const startMs = 1_780_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

/** A venue whose clock only moves when it is told to. */
function open() {
  const runtime = createVirtualRuntime({ seed: 1, startMs });
  const now = (): number => runtime.now();
  const core = createVenueCore({ now, markets: defaultMarkets, makerFeeBps: 10, takerFeeBps: 10 });
  core.addAccount(account, { USDT: '100000', BTC: '5' });
  core.addAccount('bob', { USDT: '100000', BTC: '5' });
  const shared = {
    ...{ core, history: new AccountHistory(core), faults: new Faults(), creates: new CreateLog(), now },
    ...{ timers: runtime.timers, rng: runtime.rng, formats: formatsOf(core.markets) },
  };
  const parts = okxPartsOf(shared, [{ apiKey: account, secret: 's', balances: {} }]);
  const countdowns = new Countdowns(parts);
  const routes = new Map(queryRoutes(parts, new OkxLedger(parts), countdowns));
  const ask = (path: string, query: Readonly<Record<string, string>> = {}): Envelope['data'] => {
    const call: SignedCall = { account, query, body: undefined, drafts: [], validUntil: undefined };
    const reply = routes.get(`GET /api/v5/trade/${path}`)!.handle(call);
    return (reply as { readonly body: Envelope }).body.data;
  };
  const place = (change: Partial<PlaceRequest>): void => {
    core.place({
      ...{ account, symbol, clientOrderId: 'm1', side: 'buy', type: 'limit', timeInForce: 'GTC' },
      ...{ price: 6_000_000, quantity: 100, stp: 'EXPIRE_MAKER', ...change },
    });
  };
  const names = (rows: Envelope['data']): readonly unknown[] =>
    rows.map((row) => (row as { readonly clOrdId: string }).clOrdId);
  return { runtime, core, countdowns, ask, place, names };
}

const spot = { instType: 'SPOT' };

test('a canceled order that never traded is forgotten after two hours', async () => {
  const { runtime, core, ask, place, names } = open();
  place({});
  core.cancel({ account, symbol, clientOrderId: 'm1' });
  await runtime.advance(2 * hour);
  expect(names(ask('order', { instId, clOrdId: 'm1' }))).toEqual(['m1']);
  expect(names(ask('orders-history', spot))).toEqual(['m1']);
  await runtime.advance(1);
  expect(() => ask('order', { instId, clOrdId: 'm1' })).toThrow(
    expect.objectContaining({ code: '51603' }) as Error,
  );
  expect(ask('orders-history', spot)).toEqual([]);
});

test('an order that traded moves from the recent list to the archive, its fills from one list to the other', async () => {
  const { runtime, ask, place, names } = open();
  place({ account: 'bob', clientOrderId: 'maker', side: 'sell' });
  place({});
  const counts = () => ({
    recent: ask('orders-history', spot).length,
    archive: ask('orders-history-archive', spot).length,
    fills: ask('fills', spot).length,
    older: ask('fills-history', spot).length,
  });
  expect(counts()).toEqual({ recent: 1, archive: 1, fills: 1, older: 1 });
  await runtime.advance(3 * day + 1);
  expect(counts()).toEqual({ recent: 1, archive: 1, fills: 0, older: 1 });
  await runtime.advance(4 * day);
  expect(counts()).toEqual({ recent: 0, archive: 1, fills: 0, older: 1 });
  await runtime.advance(83 * day);
  expect(counts()).toEqual({ recent: 0, archive: 0, fills: 0, older: 0 });
  expect(names(ask('order', { instId, clOrdId: 'm1' }))).toEqual(['m1']);
});

test('a switch with a tag cancels the orders of that tag alone, and 0 seconds end it', async () => {
  const { runtime, core, countdowns, place } = open();
  for (const tag of ['a', 'b']) place({ clientOrderId: tag, memo: { tag } });
  place({ clientOrderId: 'plain' });
  const openNames = (): readonly string[] =>
    core.openOrders(account).map(({ clientOrderId }) => clientOrderId);
  countdowns.set(account, 'a', 10);
  countdowns.set(account, 'b', 10);
  expect(countdowns.set(account, 'b', 0)).toBeUndefined();
  await runtime.advance(9_999);
  expect(openNames()).toEqual(['a', 'b', 'plain']);
  await runtime.advance(1);
  expect(openNames()).toEqual(['b', 'plain']);
  countdowns.set(account, '', 10);
  await runtime.advance(10_000);
  expect(openNames()).toEqual([]);
  expect(core.order({ account, symbol, clientOrderId: 'plain' })?.memo).toEqual({ cancelSource: '20' });
});

test('an order is found by its id also when it was placed before the venue was looked at', () => {
  const { core, ask, place } = open();
  place({});
  const [row] = ask('orders-pending') as [{ ordId: string }];
  expect(ask('order', { instId, ordId: row.ordId })).toEqual([row]);
  expect(() => ask('order', { instId: 'ETH-USDT', ordId: row.ordId })).toThrow();
  const { rng, timers } = createVirtualRuntime({ seed: 2, startMs });
  const rest = { history: new AccountHistory(core), faults: new Faults(), creates: new CreateLog() };
  const formats = formatsOf(core.markets);
  const parts = okxPartsOf({ core, ...rest, now: () => startMs, formats, rng, timers }, []);
  const late = new OkxLedger(parts);
  expect(late.find(account, { ordId: row.ordId }, parts.instruments.named(instId)!)?.clientOrderId).toBe(
    'm1',
  );
});
