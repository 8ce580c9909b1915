import { randomUUID } from 'node:crypto';
import type { ExecutionService } from '../../src/modules/execution/execution.service';
import { StrategyRepository } from '../../src/modules/market-making/strategy/strategy.repository';
import type { StrategyService } from '../../src/modules/market-making/strategy/strategy.service';
import { SupervisorService } from '../../src/modules/market-making/strategy/supervisor.service';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { testDatabase } from '../support/test-database';

/**
 * A person stops a strategy in the moment between its reading and the pause that a halt asks for: the pause wrote over the
 * stop, and after the halt was lifted the strategy waited to be resumed.
 */
it('a halt does not turn the stop of a person into a pause', async () => {
  const database = await testDatabase();
  try {
    const [id, accountId] = [randomUUID(), randomUUID()];
    await database.query(
      `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
       values ($1, 'a', 'binance', 'sim', 'k', 's')`,
      [accountId],
    );
    await database.query(
      `insert into strategies (id, name, account_id, venue, symbol, desired_state, state)
       values ($1, 's', $2, 'binance', 'BTC/USDT', 'running', 'running')`,
      [id, accountId],
    );
    const strategies = new StrategyRepository(database);
    const halt = { scopeKey: 'global', level: 'HALTED', actor: 'anna', reason: 'r', at: 0, leases: 0 };
    const execution = {
      assign: () => strategies.setDesired(id, 'stopped'), // The person, after the list was read.
      isElsewhere: () => false,
      session: () => ({ state: 'running' }),
      haltOver: () => halt,
      handover: { onOffer: () => undefined },
    } as unknown as ExecutionService;
    const service = { onChange: () => () => undefined } as unknown as StrategyService;
    const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
    const supervisor = new SupervisorService(strategies, service, execution, runtime);
    await supervisor.onApplicationBootstrap();
    await runtime.advance(1_000);
    const isPausing = async (): Promise<boolean> => (await strategies.find(id))?.state === 'pausing';
    for (let i = 0; i < 100 && !(await isPausing()); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await strategies.find(id)).toMatchObject({ state: 'pausing', desiredState: 'stopped' });
    await supervisor.halt();
  } finally {
    await database.destroy();
  }
}, 60_000);
