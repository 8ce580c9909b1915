import type { DialectVenueId } from '../../src/domain/instrument';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { demoAccounts, keyOf } from '../../src/venue-simulator/venue-accounts';
import { accountAtVenue, orderLine, sorted, tradeLine } from '../support/ccxt-account';
import { DemoApp } from '../support/demo-app';
import type { Json } from '../support/demo-app';

/**
 * What a newcomer sees: one command, three venues that quote and trade. Nothing but the service's own API and the
 * venues' own books is looked at: genuine ccxt asks each account, the admin port says what the matching core holds.
 */
const runtime = createRealRuntime();
const app = new DemoApp(runtime);
const fillsWanted = 4;

const demos: readonly { venue: DialectVenueId; name: string; symbol: string; lot: string }[] = [
  { venue: 'binance', name: 'demo-btc', symbol: 'BTC/USDT', lot: '0.05' },
  { venue: 'okx', name: 'demo-eth', symbol: 'ETH/USDT', lot: '1' },
  { venue: 'gate', name: 'demo-sol', symbol: 'SOL/USDT', lot: '20' },
];
const plainSymbol = (symbol: string): string => symbol.replace('/', '');

async function strategyOf(name: string): Promise<Json> {
  return (await app.get('strategies')).data.find((one: Json) => one.name === name);
}

/** Another participant crosses the spread on both sides, until the strategy has traded. */
/** Others come back to an emptied side of the market. */
const refilledMs = 8_000;

function quotesBothSides({ name }: (typeof demos)[number]): Promise<unknown> {
  const hasBoth = async (): Promise<boolean> => {
    const { id } = await strategyOf(name);
    const sides = (await app.get(`strategies/${id}/orders`)).data.map((row: Json) => row.side);
    return sides.includes('buy') && sides.includes('sell');
  };
  return app.eventually(`${name} quotes`, hasBoth, 30_000);
}

async function forceFills({ name, symbol, lot }: (typeof demos)[number]): Promise<void> {
  const { id } = await strategyOf(name);
  const fills = async (): Promise<number> => (await app.get(`strategies/${id}/fills`)).data.length;
  await app.eventually(
    `${name} has traded`,
    async () => {
      for (const side of ['buy', 'sell'])
        await app.admin('POST', '/take', { symbol: plainSymbol(symbol), side, quantity: lot });
      return (await fills()) >= fillsWanted;
    },
    40_000,
  );
}

const lines = (rows: readonly Json[], line: (row: Json) => string): readonly string[] =>
  rows.map(line).sort();

/** What the engine says about a strategy and its account, in the words of `AccountAtVenue`. */
async function engineSays(name: string): Promise<Json> {
  const { id, accountId } = await strategyOf(name);
  const [orders, fills, balances] = await Promise.all(
    [`strategies/${id}/orders`, `strategies/${id}/fills?limit=500`, `accounts/${accountId}/balances`].map(
      (path) => app.get(path),
    ),
  );
  return {
    orders: lines(orders.data, (row) => orderLine(row.clientOrderId, row.side, row.price, row.quantity)),
    trades: lines(fills.data, (row) => tradeLine({ ...row, id: row.tradeId })),
    totals: sorted(balances.data.map((row: Json) => [row.asset, row.ledgerTotal] as const)),
  };
}

async function venueSays(venue: DialectVenueId, symbol: string): Promise<Json> {
  return accountAtVenue(venue, app.simOrigin, keyOf(demoAccounts[venue]), symbol);
}

/** The market stands still, so that both sides can be read one after the other. */
async function agree(venue: DialectVenueId, name: string, symbol: string): Promise<readonly [Json, Json]> {
  const until = runtime.monotonic() + 30_000;
  for (;;) {
    const pair = [await engineSays(name), await venueSays(venue, symbol)] as const;
    const isSame = JSON.stringify(pair[0]) === JSON.stringify(pair[1]);
    if ((isSame && pair[0].orders.length >= 2) || runtime.monotonic() > until) return pair;
    await runtime.sleep(500);
  }
}

beforeAll(() => app.start(), 200_000);
afterAll(async () => {
  await app.engine.dispose();
  await runtime.close();
}, 30_000);

describe('npm start', () => {
  it('is ready within two minutes', () => expect(app.readyMs).toBeLessThan(120_000));

  it('quotes both sides at all three venues, and says why the fourth strategy does not', async () => {
    for (const demo of demos) await quotesBothSides(demo);
    const codes = async (): Promise<readonly string[]> =>
      (await strategyOf('demo-thin')).quoting.reasons.map((reason: Json) => reason.code);
    const saysWhy = async (): Promise<boolean> => (await codes()).includes('BELOW_MIN_NOTIONAL');
    await app.eventually('demo-thin says why', saysWhy, 30_000);
  }, 130_000);

  it('trades at all three', async () => {
    await Promise.all(demos.map(forceFills));
    // The trades may have emptied a side, and quotes of ours without a market are pulled a tick later.
    await runtime.sleep(refilledMs);
    for (const demo of demos) await quotesBothSides(demo);
    await app.admin('POST', '/flow', { running: false });
  }, 120_000);

  it.each(demos)(
    'agrees with the books of $venue, order by order, trade by trade',
    async (demo) => {
      const { venue, name, symbol } = demo;
      const [engine, atVenue] = await agree(venue, name, symbol);
      expect(engine.orders).toEqual(atVenue.orders);
      expect(engine.orders.length).toBeGreaterThanOrEqual(2);
      expect(engine.trades).toEqual(atVenue.trades);
      expect(engine.trades.length).toBeGreaterThanOrEqual(fillsWanted);
      expect(engine.totals).toEqual(atVenue.totals);
      const { apiKey } = demoAccounts[venue];
      const held = await app.admin('GET', `/trades?account=${apiKey}&symbol=${plainSymbol(symbol)}`);
      expect(held).toHaveLength(engine.trades.length); // No dialect hides or invents one.
    },
    60_000,
  );

  it('cancels everything at Ctrl-C, and the venue says so', async () => {
    expect(await app.engine.terminate(40_000, 'SIGINT')).toBe(0);
    expect(app.engine.output()).toMatch(/cancelled \d+\/\d+ own orders \(venue confirmed/);
  }, 60_000);
});
