import type { INestApplicationContext } from '@nestjs/common';
import type { CreateStrategy } from '../modules/market-making/strategy/strategy.service';
import { AccountsService } from '../modules/accounts/accounts.service';
import { StrategyService } from '../modules/market-making/strategy/strategy.service';

const allocation = { base: '0.5', quote: '30000' };

/** Fills an empty database with an account at the simulator, one strategy that quotes and one that cannot. */
export async function seedDemo(
  app: INestApplicationContext,
  keys: { readonly apiKey: string; readonly secret: string },
): Promise<void> {
  const accounts = app.get(AccountsService, { strict: false });
  const strategies = app.get(StrategyService, { strict: false });
  const known = (await accounts.list()).find((account) => account.name === 'demo-binance');
  const account =
    known ?? (await accounts.add({ name: 'demo-binance', venue: 'binance', environment: 'sim', ...keys }));
  const names = new Set((await strategies.list()).map((strategy) => strategy.name));
  const common = { accountId: account.id, symbol: 'BTC/USDT', allocation };
  const thin = {
    bidSpreadBps: 12,
    askSpreadBps: 12,
    orderNotionalQuote: '4.20', // Below the minimum of the venue: it says so and how to mend it.
  };
  const wanted: readonly CreateStrategy[] = [
    { ...common, name: 'demo-btc', preset: 'balanced' },
    { ...common, name: 'demo-thin', config: thin, allocation: { base: '0.01', quote: '600' } },
  ];
  for (const body of wanted) {
    if (names.has(body.name)) continue;
    const { strategy } = await strategies.create(body);
    await strategies.request(strategy.id, 'start', 'demo');
  }
}
