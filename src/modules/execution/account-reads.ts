import type { AccountId } from '../../domain/instrument';
import { classOf } from '../../domain/order';
import type { Mono, Ms } from '../../domain/units';
import type { Engine, OpenAccount } from './engine';
import { orderViewOf } from './session-view';
import type { AccountReadsView } from './types';

const deadlineMs = 30_000;
const retryMs = 1_000;

interface Asked {
  readonly id: string;
  readonly account: OpenAccount;
  readonly requestedBy: string;
  readonly createdAtMs: Ms;
  readonly until: Mono;
  finishedAtMs: Ms | undefined;
}

/** Complete questions of single accounts that a person asked for: every read is requested after the request. */
export class AccountReads {
  private readonly asked = new Map<AccountId, Asked>();

  constructor(private readonly engine: Engine) {}

  /** Repeated calls join while it is under way. */
  ask(account: OpenAccount, requestedBy: string): AccountReadsView {
    const { runtime } = this.engine;
    const before = this.asked.get(account.config.id);
    const isRunning = before && before.finishedAtMs === undefined && runtime.monotonic() < before.until;
    if (isRunning) return this.viewOf(before);
    const asked: Asked = {
      ...{ id: runtime.uuid(), account, requestedBy, createdAtMs: runtime.now(), finishedAtMs: undefined },
      until: runtime.monotonic() + deadlineMs,
    };
    this.asked.set(account.config.id, asked);
    void this.run(asked);
    return this.viewOf(asked);
  }

  view(accountId: AccountId): AccountReadsView | undefined {
    const asked = this.asked.get(accountId);
    return asked && this.viewOf(asked);
  }

  private async run(asked: Asked): Promise<void> {
    const { runtime, lifecycle } = this.engine;
    const { reconciler } = asked.account;
    await reconciler.accountIdle(); // What is under way was requested before.
    while (runtime.monotonic() < asked.until && lifecycle.state !== 'stopped') {
      if (await reconciler.askAccount()) {
        asked.finishedAtMs = runtime.now();
        return;
      }
      await runtime.sleep(retryMs);
    }
  }

  private viewOf({ account, until, ...asked }: Asked): AccountReadsView {
    const { orders, runtime } = this.engine;
    const { config, reconciler, books } = account;
    const now = runtime.monotonic();
    const unresolved = orders
      .allUnended()
      .filter((order) => order.accountId === config.id && classOf(order) === 'unproven')
      .map((order) => orderViewOf(order, orders.rulesOf(order.clientOrderId)!, now));
    const isOver = asked.finishedAtMs !== undefined;
    return {
      ...asked,
      ...{
        accountId: config.id,
        isLate: !isOver && now >= until,
        deadlineAtMs: asked.createdAtMs + deadlineMs,
      },
      ...{ readsLeft: isOver ? [] : reconciler.readsLeft, disagreement: books.problem, unresolved },
    };
  }
}
