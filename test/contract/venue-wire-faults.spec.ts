import type { Instrument, VenueId } from '../../src/domain/instrument';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { SetAnswer } from '../../src/venue-simulator/wire-faults';
import { until } from '../support/until';

/**
 * What goes wrong between a connector and its venue, by the numbers of `docs/venues.md`. After each the venue's own
 * books say what is true, and the connector must come to say the same, with one POST for each id.
 */
const id = 'BTC/USDT';
const runtime = createRealRuntime();
const html = '<html><head><title>error</title></head><body>cloud</body></html>';
const given = { isExecuted: false, headers: {}, body: 'given', text: html } as const;
/** Beyond what any venue takes; Gate takes a minute. */
const skewMs = 90_000;
jest.setTimeout(30_000);
let made = 0;

type Fault = Omit<SetAnswer, 'method' | 'path'>;
const ambiguous: readonly (readonly [string, Fault])[] = [
  ['case 44: HTML 502, not carried out', { ...given, status: 502 }],
  ['case 44: HTML 502, carried out', { ...given, status: 502, isExecuted: true }],
  ['case 44: HTML 504, carried out', { ...given, status: 504, isExecuted: true }],
  ['case 44: HTML 403', { ...given, status: 403 }],
  ['case 45: half of a 200', { ...given, status: 200, isExecuted: true, body: 'half' }],
  ['case 45: an empty 200', { ...given, status: 200, isExecuted: true, text: '' }],
  ['case 45: a garbled 200', { ...given, status: 200, isExecuted: true, text: '{"orderId":12\u0000,,' }],
  ['case 46: a body cut in the middle', { ...given, status: 200, isExecuted: true, body: 'cut' }],
  ['case 46: a body that stalls', { ...given, status: 200, isExecuted: true, body: 'stalled' }],
  ['case 47: a redirect', { ...given, status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ['case 48: a reset after the order was taken', { ...given, status: undefined, isExecuted: true }],
];

describe.each<VenueId>(['binance', 'okx', 'gate'])('%s', (venueId) => {
  let venue: VenueSimulator;
  let factory: ConnectorFactory;
  let connector: ExchangeConnector;
  let rules: Instrument;

  beforeEach(async () => {
    venue = await startVenueSimulator({ runtime, port: 0, seed: 7, stepsPerSecond: 0 });
    factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
      credentials: () => Promise.resolve({ ...demoAccount, passphrase: usualPassphrase }),
      simOrigin: venue.origin,
    });
    connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    await connector.connect();
    rules = connector.feed.rulesOf(id)!;
  });

  afterEach(async () => {
    expect(venue.duplicateCreates()).toEqual([]);
    venue.wire.clear();
    await factory.closeAll();
    await venue.stop();
  });

  const order = (): NewOrder => ({
    ...{ clientOrderId: `m${(made += 1).toString().padStart(20, '0')}z`, rules, side: 'buy', type: 'limit' },
    ...{ price: 6_000_000, quantity: 1_000, timeInForce: 'postOnly' },
  });
  const call = () => ({ sendBy: runtime.monotonic() + 2_000, canSend: (): boolean => true });
  const openIds = (): readonly string[] =>
    venue.core.openOrders(demoAccount.apiKey).map(({ clientOrderId }) => clientOrderId.replace(/^t-/, ''));
  const setNext = (fault: Fault): void =>
    venue.wire.answerNext(1, { method: 'POST', path: '/order', ...fault });

  it.each(ambiguous)('%s leaves the order unknown, and the query finds the truth', async (_, fault) => {
    setNext(fault);
    const sent = order();
    expect((await connector.place(sent, call())).kind).toBe('unknown');
    const { clientOrderId } = sent;
    expect(openIds()).toEqual(fault.isExecuted ? [clientOrderId] : []);
    const found = await connector.queryOrder({ instrument: id, clientOrderId });
    expect(found.kind).toBe(fault.isExecuted ? 'found' : 'not_found');
  });

  // Binance counts all requests of an address together; the others count each endpoint for itself.
  it('case 66: after 429 nothing it speaks of leaves before the time it names, and a cancel as soon as it may', async () => {
    const isShared = connector.venue === 'binance';
    const resting = order();
    expect((await connector.place(resting, call())).kind).toBe('accepted');
    setNext({ ...given, status: 429, headers: { 'retry-after': '2' } });
    const began = runtime.monotonic();
    expect(await connector.place(order(), call())).toMatchObject({ kind: 'rejected', code: 'RATE' });
    expect(connector.health().createWaitMs).toBeGreaterThan(500);
    const { clientOrderId } = resting;
    await connector.cancel({ instrument: id, clientOrderId });
    expect(runtime.monotonic() - began >= 1_800).toBe(isShared);
    const next = connector.place(order(), { ...call(), sendBy: runtime.monotonic() + 4_000 });
    expect(openIds()).toEqual([]);
    expect((await next).kind).toBe('accepted');
    expect(runtime.monotonic() - began).toBeGreaterThanOrEqual(1_800);
  });

  it('case 67: after 418 no request reaches the venue, and no connection', async () => {
    setNext({ ...given, status: 418, headers: { 'retry-after': '60' } });
    expect(await connector.place(order(), call())).toMatchObject({ kind: 'rejected', code: 'RATE' });
    const late = await connector.place(order(), { ...call(), sendBy: runtime.monotonic() + 300 });
    expect(late).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
    expect(venue.creates()).toHaveLength(0);
    const opened = (): readonly number[] => Object.values(venue.wire.counts()).map((one) => one.opened);
    const before = opened();
    venue.faults.cutSockets('private');
    await until(runtime, 'it is cut off', () => !connector.isConnected(), 5_000);
    await runtime.sleep(1_500);
    expect(opened()).toEqual(before);
  });

  it.each([skewMs, -skewMs])('case 6: a clock %p ms off is refused once, then corrected', async (aheadMs) => {
    venue.wire.aheadMs = aheadMs;
    const first = await connector.place(order(), call());
    expect(first).toMatchObject({ kind: 'rejected', code: 'CLOCK' });
    const isMeasured = (): boolean => Math.abs(connector.health().clockOffsetMs - aheadMs) < 1_000;
    await until(runtime, 'the clock is measured', isMeasured, 5_000);
    expect((await connector.place(order(), call())).kind).toBe('accepted');
    expect(connector.health().blockedReason).toBeUndefined();
  });

  it('case 5: a key that is revoked blocks the private stream, and nothing dials on', async () => {
    venue.keys.revoke(demoAccount.apiKey);
    venue.faults.cutSockets('private');
    await until(runtime, 'blocked', () => connector.health().blockedReason !== undefined, 8_000);
    const opened = (): readonly number[] => Object.values(venue.wire.counts()).map((one) => one.opened);
    const before = opened();
    await runtime.sleep(1_500);
    expect(opened()).toEqual(before);
  });
});
