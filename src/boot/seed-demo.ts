import type { INestApplicationContext } from '@nestjs/common';
import type { DialectVenueId } from '../domain/instrument';
import type { NewAccount } from '../modules/accounts/accounts.service';
import { AccountsService } from '../modules/accounts/accounts.service';
import type { CreateStrategy } from '../modules/market-making/strategy/strategy.service';
import { StrategyService } from '../modules/market-making/strategy/strategy.service';

/** The demo's key at each dialect of the simulator. */
export type DemoKeys = Readonly<Record<DialectVenueId, Omit<NewAccount, 'name' | 'venue' | 'environment'>>>;
type Terms = Omit<CreateStrategy, 'accountId'>;

const thin = {
  bidSpreadBps: 12,
  askSpreadBps: 12,
  orderNotionalQuote: '4.20', // Below the minimum of the venue: it says so and how to mend it.
};

/** What is shown at each venue: a market of its own everywhere, so that no demo trades with another. */
const wanted: Readonly<Record<DialectVenueId, readonly Terms[]>> = {
  binance: [
    { name: 'demo-btc', symbol: 'BTC/USDT', preset: 'balanced', allocation: { base: '0.5', quote: '30000' } },
    { name: 'demo-thin', symbol: 'BTC/USDT', config: thin, allocation: { base: '0.01', quote: '600' } },
  ],
  okx: [
    { name: 'demo-eth', symbol: 'ETH/USDT', preset: 'balanced', allocation: { base: '10', quote: '30000' } },
  ],
  gate: [
    { name: 'demo-sol', symbol: 'SOL/USDT', preset: 'balanced', allocation: { base: '200', quote: '30000' } },
  ],
};

const names = new Set(Object.values(wanted).flatMap((terms) => terms.map(({ name }) => name)));

export const isDemoName = (name: string): boolean => names.has(name);

/** Adds what is missing of the demo: an account at each dialect of the simulator and what it trades. */
export async function seedDemo(app: INestApplicationContext, keys: DemoKeys): Promise<void> {
  const venues = Object.keys(wanted) as readonly DialectVenueId[];
  await Promise.all(venues.map((venue) => seedVenue(app, venue, keys)));
}

async function seedVenue(app: INestApplicationContext, venue: DialectVenueId, keys: DemoKeys): Promise<void> {
  const accountId = await accountAt(app.get(AccountsService, { strict: false }), venue, keys);
  const strategies = app.get(StrategyService, { strict: false });
  const known = new Set((await strategies.list()).map((strategy) => strategy.name));
  for (const terms of wanted[venue]) {
    if (known.has(terms.name)) continue;
    const { strategy } = await strategies.create({ ...terms, accountId });
    await strategies.request(strategy.id, 'start', 'demo');
  }
}

async function accountAt(accounts: AccountsService, venue: DialectVenueId, keys: DemoKeys): Promise<string> {
  const name = `demo-${venue}`;
  const known = (await accounts.list()).find((account) => account.name === name);
  if (known) return known.id;
  return (await accounts.add({ name, venue, environment: 'sim', ...keys[venue] })).id;
}
