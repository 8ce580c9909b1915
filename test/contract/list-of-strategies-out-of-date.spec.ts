import { randomUUID } from 'node:crypto';
import { DomainError } from '../../src/domain/errors';
import type { ExecutionService } from '../../src/modules/execution/execution.service';
import { StrategyRepository } from '../../src/modules/market-making/strategy/strategy.repository';
import type { StrategyService } from '../../src/modules/market-making/strategy/strategy.service';
import { SupervisorService } from '../../src/modules/market-making/strategy/supervisor.service';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { testDatabase } from '../support/test-database';

/** A supervisor over one strategy in a real database, and what it asks of the engine. */
async function scene(state: string, closed: () => Promise<object>) {
  const database = await testDatabase();
  const [id, accountId] = [randomUUID(), randomUUID()];
  await database.query(
    `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
     values ($1, 'a', 'binance', 'sim', 'k', 's')`,
    [accountId],
  );
  await database.query(
    `insert into strategies (id, name, account_id, venue, symbol, desired_state, state)
     values ($1, 's', $2, 'binance', 'BTC/USDT', 'running', $3)`,
    [id, accountId, state],
  );
  const asked: string[] = [];
  const execution = {
    assign: () => Promise.resolve(),
    isElsewhere: () => false,
    session: () => undefined,
    haltOver: () => undefined,
    orders: () => [],
    abandonStart: () => undefined,
    open: () => Promise.resolve(void asked.push('open')),
    closeLeftovers: () => (asked.push('close'), closed()),
    handover: { onOffer: () => undefined },
  } as unknown as ExecutionService;
  const strategies = new StrategyRepository(database);
  const service = { onChange: () => () => undefined } as unknown as StrategyService;
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const supervisor = new SupervisorService(strategies, service, execution, runtime);
  await supervisor.onApplicationBootstrap();
  const stateOf = async () => strategies.find(id);
  const until = async (wanted: string): Promise<void> => {
    for (let i = 0; i < 100 && (await stateOf())?.state !== wanted; i += 1) {
      await runtime.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { database, strategies, supervisor, runtime, id, asked, stateOf, until };
}

/**
 * Found by reading: of two looks at the strategies the older was answered last, after a stop had been proved, and the
 * strategy was started once more by what it had said.
 */
it('a list that was asked for before another one decides nothing after it', async () => {
  const { strategies, supervisor, runtime, id, asked, stateOf, until, database } = await scene(
    'starting',
    () => Promise.resolve({ confirmed: true, remaining: [] }),
  );
  try {
    const list = strategies.list.bind(strategies);
    let answer = (): void => undefined;
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    strategies.list = async () => {
      strategies.list = list;
      const old = await list();
      await isAnswered;
      return old;
    };
    await runtime.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 50)); // Read, and on its way.
    await strategies.setDesired(id, 'stopped');
    await until('stopped');
    answer();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await supervisor.halt();
    expect(await stateOf()).toMatchObject({ state: 'stopped' });
    expect(asked).toEqual(['close']);
  } finally {
    await database.destroy();
  }
}, 60_000);

it('a stop that cannot be proved says what was in the way', async () => {
  const refusal = new DomainError(
    'ENVIRONMENT_MIXED',
    'this engine serves another one',
    'Run a second engine.',
  );
  const { strategies, supervisor, id, stateOf, until, database } = await scene('running', () =>
    Promise.reject(refusal),
  );
  try {
    await strategies.setDesired(id, 'stopped');
    await until('stop_failed');
    await supervisor.halt();
    const { stateReason } = (await stateOf())!;
    expect(stateReason).toEqual({ code: 'STOP_NOT_CONFIRMED', detail: 'this engine serves another one' });
  } finally {
    await database.destroy();
  }
}, 60_000);
