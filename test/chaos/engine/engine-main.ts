import BigNumber from 'bignumber.js';
import { createEngine } from '../../../src/modules/execution/create-engine';
import type { Engine } from '../../../src/modules/execution/engine';
import { ExecutionService } from '../../../src/modules/execution/execution.service';
import { PostgresStore } from '../../../src/modules/execution/store/postgres-store.repository';
import { createRealRuntime } from '../../../src/runtime/real-runtime';
import type { Runtime } from '../../../src/runtime/runtime';
import { demoAccount } from '../../../src/venue-simulator/venue-accounts';
import type { EngineOrders, KnownOrder, Question, Told } from './messages';

const retryMs = 250;
const stopMs = 25_000;
/** Forced trades come often and from one side for a while; what they do to a strategy is not the question here. */
const limits = { fillsPerMinute: 100_000, oneSidedOrders: 100_000, dailyLossRatio: 1, drawdownRatio: 1 };

/** One engine as the service builds it, without its pages: it keeps its sessions open until it is told to stop. */
class EngineHost {
  private isStopping = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly engine: Engine,
    private readonly execution: ExecutionService,
    private readonly orders: EngineOrders,
  ) {}

  async trade(): Promise<void> {
    await this.persist('account', () => this.execution.addAccount(this.orders.account));
    await this.persist('allocation', () => this.allocate());
    while (!this.isStopping) {
      for (const session of this.orders.sessions) {
        if (this.execution.session(session.strategyId) || this.isStopping) continue;
        await this.execution.open(session).catch((error: unknown) => say('not opened', error));
      }
      await this.runtime.sleep(retryMs);
    }
  }

  async stop(): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    const { confirmed, remaining } = await this.execution.stop(stopMs, [this.orders.account]);
    say('stopped', { confirmed, remaining: remaining.map(({ clientOrderId }) => clientOrderId) });
    await this.engine.shutdown();
    process.exit(confirmed ? 0 : 1);
  }

  async answer(question: Question): Promise<unknown> {
    if (question.ask === 'orders') return this.knownOrders();
    if (question.ask === 'sessions') return this.execution.sessions();
    const { scopeKey } = question;
    return this.execution.kill({ scopeKey, reason: 'drill', actor: 'chaos' });
  }

  private knownOrders(): readonly KnownOrder[] {
    return this.engine.orders.allUnended().map((order) => {
      const view = this.execution
        .orders(order.strategyId)
        .find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
      const left = view ? new BigNumber(view.quantity).minus(view.maxFilled).toFixed() : 'unknown';
      return { clientOrderId: order.clientOrderId, status: view?.status ?? 'UNKNOWN', left };
    });
  }

  private async allocate(): Promise<void> {
    const { account, allocations } = this.orders;
    const from = `unallocated:${account.id}`;
    for (const { strategyId, asset, quantity } of allocations) {
      const lines = [
        { holder: from, asset, quantity: `-${quantity}` },
        { holder: `strategy:${strategyId}`, asset, quantity },
      ];
      const key = `allocate:${strategyId}:${asset}`;
      const result = await this.execution.transfer({ key, kind: 'allocation', lines, guarded: [from] });
      if (result.kind !== 'done') throw new Error(result.detail);
    }
  }

  private async persist(what: string, act: () => Promise<unknown>): Promise<void> {
    while (!this.isStopping) {
      try {
        await act();
        return;
      } catch (error) {
        say(`${what} failed`, error);
        await this.runtime.sleep(retryMs);
      }
    }
  }
}

function say(what: string, detail: unknown): void {
  const text = detail instanceof Error ? detail.message : JSON.stringify(detail);
  process.stdout.write(`${new Date().toISOString()} ${what}: ${text}\n`);
}

const tell = (told: Told): void => void process.send?.(told);

async function main(): Promise<void> {
  process.once('disconnect', () => process.exit(1)); // Nobody is left to end it.
  const orders = JSON.parse(process.env['CHAOS_ENGINE'] ?? '{}') as EngineOrders;
  const { tickMs, engineId, simOrigin } = orders;
  const runtime = createRealRuntime();
  const engine = await createEngine(
    runtime,
    new PostgresStore(orders.databaseUrl, runtime),
    { tickMs, engineId, build: { id: '1.0.0', schemaVersion: 1 }, simOrigin, limits },
    {
      credentials: { credentials: () => Promise.resolve(demoAccount) },
      fillSink: { fillBooked: () => undefined },
      notify: (notice) => say(notice.code, notice),
    },
  );
  const host = new EngineHost(runtime, engine, new ExecutionService(engine), orders);
  process.on('message', (question: Question) => {
    void host.answer(question).then((value) => tell({ kind: 'answer', id: question.id, value }));
  });
  process.once('SIGTERM', () => void host.stop());
  tell({ kind: 'registered', ownerId: engine.boot.ownerId });
  await host.trade();
}

main().catch((error: unknown) => {
  say('ended', error);
  process.exit(1);
});
