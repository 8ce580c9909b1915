import { encodeClientOrderId } from '../../src/domain/ids';
import { deniedOwnerMs } from '../../src/modules/execution/common/constants';
import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, openBooks, reportOf } from '../support/account-bench';

let bench: AccountBench;
let id: string;

beforeEach(async () => {
  bench = await accountBench();
  await openBooks(bench);
  bench.store.assignStrategy('s1', 'a1', { number: 7 });
  // Of an engine that has died since; its record was lost with the history it was in.
  const installation = bench.orders.nextClientOrderId(7).slice(1, 4);
  id = encodeClientOrderId({ installation, strategyNumber: 7, nonce: 'zzzzzz', counter: 1 });
  const { clientOrderId: _unnamed, ...row } = fillOf(id, { quantity: '1', source: 'rest-trades' });
  bench.venue.trades.push({ ...row, fee: '0', feeAsset: 'USDT' });
});

afterEach(() => bench.reconciler.stop());

const start = (): void => bench.reconciler.start(bench.runtime.now(), []);
const booked = (): readonly string[] =>
  bench.store
    .postings()
    .filter(({ kind, holder }) => kind === 'fill' && holder === 'strategy:s1')
    .map(({ quantity }) => quantity);
const answerWith = (clientOrderId: string): void =>
  void bench.venue.orders.set(`v-${id}`, {
    ...reportOf(clientOrderId, { status: 'filled', cumFilled: '1' }),
    venueOrderId: `v-${id}`,
  });

/**
 * Found by the simulation: a restored database knew neither an order nor its fill, and a row of the trade list names the
 * venue's order alone. Our trade was posted as a movement of somebody else.
 */
it('asks whose order it was before it calls a trade of an unknown order foreign', async () => {
  answerWith(id);
  start();
  await bench.runtime.advance(5_000);
  expect([booked(), bench.count('EXTERNAL_OURS'), bench.count('EXTERNAL_MOVEMENT')]).toEqual([
    ['1', '-99.9'],
    1,
    0,
  ]);
});

it('calls it foreign when the venue names another owner', async () => {
  answerWith('web_7fk2');
  start();
  await bench.runtime.advance(5_000);
  expect([booked(), bench.count('EXTERNAL_OURS'), bench.count('EXTERNAL_MOVEMENT')]).toEqual([[], 0, 1]);
});

it('calls it foreign when the venue has answered for minutes that it has no such order', async () => {
  start();
  await bench.runtime.advance(deniedOwnerMs);
  expect(bench.count('EXTERNAL_MOVEMENT')).toBe(0);
  await bench.runtime.advance(45_000);
  expect([booked(), bench.count('EXTERNAL_MOVEMENT')]).toEqual([[], 1]);
});

/**
 * Found by the simulation: the lease on record was that of the engine that had died, so the trade was left to it for
 * good.
 */
it('keeps a trade whose strategy is leased elsewhere until the lease has run out', async () => {
  answerWith(id);
  await bench.store.takeLease('s1', 'another', 15_000);
  start();
  await bench.runtime.advance(12_000);
  expect(booked()).toEqual([]);
  await bench.runtime.advance(30_000);
  expect(booked()).toEqual(['1', '-99.9']);
});
