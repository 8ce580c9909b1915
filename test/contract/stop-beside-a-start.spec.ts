import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Settings } from '../../src/config/load-config';
import { AccountRepository } from '../../src/modules/accounts/account.repository';
import { AccountsService } from '../../src/modules/accounts/accounts.service';
import type { ExecutionService } from '../../src/modules/execution/execution.service';
import { StrategyRepository } from '../../src/modules/market-making/strategy/strategy.repository';
import { StrategyService } from '../../src/modules/market-making/strategy/strategy.service';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { testDatabase } from '../support/test-database';

let database: DataSource;
let service: StrategyService;
let strategies: StrategyRepository;
let accounts: AccountsService;
const [id, accountId] = [randomUUID(), randomUUID()];
/** What happens between the reading of a strategy and the writing of what is wanted of it. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();

const put = (desired: string, state: string): Promise<unknown> =>
  database.query('update strategies set desired_state = $2, state = $3 where id = $1', [id, desired, state]);

beforeAll(async () => {
  database = await testDatabase();
  await database.query(
    `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
     values ($1, 'a', 'binance', 'sim', 'k', 's')`,
    [accountId],
  );
  await database.query(
    `insert into strategies (id, name, account_id, venue, symbol, desired_state, state, user_order_id)
     values ($1, 's', $2, 'binance', 'BTC/USDT', 'stopped', 'stopped', $3)`,
    [id, accountId, id],
  );
  strategies = new StrategyRepository(database);
  const execution = { haltOver: () => undefined, orders: () => [] } as unknown as ExecutionService;
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const settings = { liveTrading: false } as Settings;
  accounts = new AccountsService(new AccountRepository(database), settings, runtime);
  service = new StrategyService(strategies, accounts, execution, runtime, settings);
  service.guardFunding({ admit: () => meanwhile().then(() => undefined) });
}, 60_000);
afterAll(() => database?.destroy());

/**
 * Found by reading: a start asks whether its money is there between reading the strategy and writing what is wanted. A
 * stop that came in between was answered with 202, and then written over: the strategy ran.
 */
describe('a request that was overtaken by another', () => {
  it('does not start what was stopped meanwhile', async () => {
    await put('paused', 'paused');
    meanwhile = () => service.request(id, 'stop', 'bob');
    await expect(service.request(id, 'resume', 'anna')).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    expect(await strategies.find(id)).toMatchObject({ state: 'paused', desiredState: 'stopped' });
    expect(await service.operation(id)).toMatchObject({ kind: 'strategy.stop', requestedBy: 'user:bob' });
  });

  it('joins what asked for the same', async () => {
    await put('stopped', 'stopped');
    meanwhile = () => {
      meanwhile = () => Promise.resolve();
      return service.request(id, 'start', 'bob');
    };
    const joined = await service.request(id, 'start', 'anna');
    expect(joined).toMatchObject({ kind: 'strategy.start', requestedBy: 'user:bob', state: 'running' });
    expect(await strategies.find(id)).toMatchObject({ state: 'starting', desiredState: 'running' });
  });

  /** Found by reading: another engine quoted on with a key that nobody could read again after a restart. */
  it('is not started on an account that is removed, nor is the account of one that starts', async () => {
    await put('stopped', 'stopped');
    meanwhile = () => Promise.resolve();
    await accounts.mustBeIdle(accountId);
    await service.request(id, 'start', 'bob');
    await expect(accounts.remove(accountId)).rejects.toMatchObject({ code: 'ACCOUNT_IN_USE' });
    expect(await accounts.get(accountId)).toMatchObject({ name: 'a' });

    await put('stopped', 'stopped');
    meanwhile = () => accounts.remove(accountId);
    await expect(service.request(id, 'start', 'anna')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await strategies.find(id)).toMatchObject({ state: 'stopped', desiredState: 'stopped' });
  });
});
