import type { VenueId } from '../../src/domain/instrument';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Engine } from '../../src/modules/execution/engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { AccountConfig } from '../../src/modules/execution/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueAccountKey } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { Market } from '../../src/venue-simulator/venue-types';
import { session, testBuild } from '../support/engine-bench';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

/** What is opened does not grow with the number of strategies: counted by the venue, not by the engine. */
const strategies = 200;
const bases = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH', 'JJJ', 'KKK'];
const passphrase = 'phrase';
const keys: readonly VenueAccountKey[] = [1, 2, 3].map((n) => ({
  ...{ apiKey: `key-${n}`, secret: `secret-${n}`, passphrase },
  balances: { USDT: '1000' },
}));
const markets: readonly Market[] = bases.map((base) => ({
  ...{ symbol: `${base}USDT`, base, quote: 'USDT', tickSize: '0.01', lotSize: '0.001', startPrice: '100' },
  ...{ minQuantity: '0.001', maxQuantity: '9000', minNotional: '5', maxOpenOrders: 200 },
}));
const sockets: Readonly<Record<string, { readonly public: string; readonly private: string }>> = {
  binance: { public: '/binance/stream/ws/0', private: '/binance/ws-api/v3' },
  okx: { public: '/okx/ws/v5/public', private: '/okx/ws/v5/private' },
  gate: { public: '/gate/ws/v4/', private: '/gate/ws/v4/' },
};

const idOf = (kind: string, n: number): string =>
  `0199000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** The pairs whose book is subscribed, each as often as it is: one begun anew was ended before. */
function booksAsked(frames: readonly string[]): readonly string[] {
  const open: string[] = [];
  for (const frame of frames)
    for (const base of [...frame.matchAll(bookNames)].map((found) => baseOf(found[0])))
      if (!/"unsubscribe"/i.test(frame)) open.push(base);
      else open.splice(open.indexOf(base), 1);
  return open.sort();
}

/** `aaausdt@depth`, `"channel":"books","instId":"AAA-USDT"`, `"AAA_USDT"`. */
const bookNames = /[a-z]{3}usdt@depth|"books","instId":"[A-Z]{3}-|"[A-Z]{3}_USDT"/g;
const baseOf = (name: string): string =>
  name
    .replace(/^.*"(?=[A-Z]{3}-)|^"/, '')
    .slice(0, 3)
    .toUpperCase();

describe.each<VenueId>(['binance', 'okx', 'gate'])('200 strategies on 10 pairs at %s', (venueId) => {
  const runtime = createRealRuntime();
  const accounts: readonly AccountConfig[] = keys.map((_, n) => ({
    ...{ id: idOf('a', n + 1), venue: venueId, environment: 'sim' },
  }));
  let venue: VenueSimulator;
  let engine: Engine;
  let endDatabase: () => Promise<void>;

  beforeAll(async () => {
    const database = await testDatabase();
    endDatabase = () => database.destroy();
    venue = await startVenueSimulator({
      ...{ runtime, port: 0, seed: 7, stepsPerSecond: 2, accounts: keys, markets, weightPerMinute: 600_000 },
    });
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const config = { tickMs: 1_000, engineId: 'test', build: testBuild, simOrigin: venue.origin };
    const credentials = (id: string) =>
      Promise.resolve({ passphrase, ...keys[accounts.findIndex((account) => account.id === id)]! });
    engine = await createEngine(runtime, store, config, {
      ...{ credentials: { credentials }, fillSink: { fillBooked: () => undefined }, notify: () => undefined },
    });
    const execution = new ExecutionService(engine);
    for (const { id } of accounts)
      await database.query(
        `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
         values ($1, $2, $3, 'sim', 'k', 's')`,
        [id, `account ${id}`, venueId],
      );
    for (let n = 1; n <= strategies; n += 1) {
      const account = accounts[n % accounts.length]!;
      const instrument = `${bases[n % bases.length]}/USDT`;
      await database.query(
        `insert into strategies (id, number, name, account_id, venue, symbol, desired_state, state)
         values ($1, $2, $3, $4, $5, $6, 'running', 'created')`,
        [idOf('b', n), n, `s${n}`, account.id, venueId, instrument],
      );
      await execution.open({ ...session, strategyId: idOf('b', n), number: n, account, instrument });
    }
  }, 120_000);

  afterAll(async () => {
    await engine?.shutdown();
    await venue?.stop();
    await endDatabase?.();
    await runtime.close();
  }, 30_000);

  it('runs them all', () => expect(engine.sessions.size).toBe(strategies));

  it('case 7: asked for each of the ten books once', () => {
    expect(booksAsked(venue.wire.subscriptions())).toEqual(bases);
  });

  it('has one public socket, and one private one for each account', () => {
    const counts = venue.wire.counts();
    const at = sockets[venueId]!;
    const isOneAddress = at.public === at.private;
    const both = { open: 1 + keys.length, opened: 1 + keys.length };
    expect(counts).toEqual(
      isOneAddress
        ? { [at.public]: both }
        : {
            [at.public]: { open: 1, opened: 1 },
            [at.private]: { open: keys.length, opened: keys.length },
          },
    );
  });
});
