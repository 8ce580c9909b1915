import type { FillReport } from '../../src/domain/venue-event';
import { openAccount } from '../../src/modules/execution/accounts';
import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Engine } from '../../src/modules/execution/engine';
import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, openBooks } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

const rules = instrumentOf();
const eur = { asset: 'EUR', free: '1', locked: '0' };
let bench: AccountBench;

beforeEach(async () => {
  bench = await accountBench();
  bench.holdings.belongs('unexplained:a1', 'a1');
});

/** A person buys 0.5 for 49.95 now; the list of trades shows it at once, or when somebody adds it. */
const bought = (): FillReport =>
  fillOf('web_1', { venueTime: bench.runtime.now(), fee: '0', feeAsset: 'USDT', source: 'rest-trades' });
/** The account with that trade, which had 100 USDT before. */
const after = [
  { asset: 'BTC', free: '0.5', locked: '0' },
  { asset: 'USDT', free: '50.05', locked: '0' },
];
const moved = (kind: 'unexplained' | 'binance'): readonly string[] =>
  bench.store
    .postings()
    .filter(({ key, holder }) => key.startsWith(`external:${kind}:`) && !holder.startsWith('external:'))
    .map(({ asset, quantity }) => `${asset} ${quantity}`);

/** An engine that opens the account at the scripted venue. */
async function openByEngine(): Promise<() => Promise<void>> {
  const engine = await createEngine(
    bench.runtime,
    bench.store,
    { tickMs: 1_000, engineId: 'one', build: { id: '1.0.0', schemaVersion: 1 } },
    {
      credentials: { credentials: () => Promise.reject(new Error('no keys')) },
      ...{ fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    },
  );
  const connector = {
    ...bench.connector,
    feed: { ...bench.connector.feed, loadInstruments: () => Promise.resolve([rules]) },
    connect: () => Promise.resolve(),
    onEvent: () => () => undefined,
  } as unknown as ExchangeConnector;
  const connectors = { create: () => Promise.resolve(connector) };
  const opened = openAccount({ ...engine, connectors } as unknown as Engine, {
    ...{ id: 'a1', venue: 'binance', environment: 'sim' },
  });
  await bench.runtime.advance(200_000);
  const { reconciler } = await opened;
  return async () => {
    reconciler.stop();
    await engine.shutdown();
  };
}

/**
 * Found by the simulation (`big-66`): an account that was opened with no order and no cursor of a pair read none of its
 * trades, and called what a person had moved unexplained.
 */
it('reads the trades of what the strategies of an account trade before it calls a movement unexplained', async () => {
  bench.store.assignStrategy('s1', 'a1', { instrument: rules.id });
  await openBooks(bench);
  await bench.runtime.advance(60_000);
  bench.venue.trades = [bought()];
  bench.venue.balances = [eur, { asset: 'BTC', free: '0.5', locked: '0' }];
  const stop = await openByEngine();
  expect(moved('binance')).toEqual(['BTC 0.5', 'USDT -49.95']);
  await stop();
});

it('reads none of those whose strategy is at rest', async () => {
  bench.store.assignStrategy('s1', 'a1', { instrument: rules.id, isAtRest: true });
  await openBooks(bench);
  const stop = await openByEngine();
  expect(bench.venue.calls.trades).toBe(0);
  await stop();
});

/** What was found once a session read the pair was booked beside what had been posted for it: the account halted. */
it('posts no trade that was posted as unexplained before', async () => {
  bench.venue.balances = [{ asset: 'USDT', free: '100', locked: '0' }];
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(60_000);
  const trade = bought();
  bench.venue.balances = after;
  await bench.runtime.advance(120_000);
  expect(moved('unexplained').toSorted()).toEqual(['BTC 0.5', 'USDT -49.95']);
  bench.venue.trades = [trade];
  await bench.runtime.advance(120_000);
  expect([moved('binance'), moved('unexplained').length]).toEqual([[], 2]);
  bench.reconciler.stop();
});

/** The first reading of a pair goes back ten minutes; the balance an account is opened with shows what moved in them. */
it('posts no trade that the opening balance shows', async () => {
  bench.venue.trades = [bought()];
  await bench.runtime.advance(60_000);
  bench.venue.balances = after;
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(120_000);
  expect([moved('binance'), moved('unexplained')]).toEqual([[], []]);
  const opening = bench.store.postings().filter(({ key }) => key === 'external:opening:a1');
  expect(opening.map(({ asset, quantity }) => `${asset} ${quantity}`)).toContain('USDT 50.05');
  bench.reconciler.stop();
});

it('posts a trade made after a difference was posted, and what of an older one that difference left out', async () => {
  bench.venue.balances = [{ asset: 'USDT', free: '100', locked: '0' }];
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(60_000);
  const older = bought();
  bench.venue.balances = [{ asset: 'USDT', free: '50.05', locked: '0' }]; // Of BTC nothing is seen yet.
  await bench.runtime.advance(120_000);
  expect(moved('unexplained')).toEqual(['USDT -49.95']);
  const newer = { ...bought(), tradeId: '2', venueOrderId: 'v-2' };
  bench.venue.balances = [
    { asset: 'BTC', free: '1', locked: '0' },
    { asset: 'USDT', free: '0.1', locked: '0' },
  ];
  bench.venue.trades = [older, newer];
  await bench.runtime.advance(120_000);
  expect(moved('binance')).toEqual(['BTC 0.5', 'BTC 0.5', 'USDT -49.95']);
  expect(moved('unexplained')).toEqual(['USDT -49.95']);
  bench.reconciler.stop();
});
