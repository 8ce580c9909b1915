import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { RUNTIME } from '../../../config/tokens';
import { DomainError } from '../../../domain/errors';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { ExecutionService } from '../../execution/execution.service';
import type { OrderView, StandingHalt } from '../../execution/types';
import type { StateReason, Strategy } from './strategy';
import { accountOf, placeOf } from './strategy';
import type { StrategyState } from './strategy-states';
import { nextStep } from './strategy-states';
import { StrategyRepository } from './strategy.repository';
import { StrategyService } from './strategy.service';

const everyMs = 1_000;
const closeMs = 10_000;
const retryMs = 5_000;
const startTimeoutMs = 60_000;

interface Proof {
  readonly confirmed: boolean;
  readonly remaining: readonly OrderView[];
  /** What kept it from being sought. */
  readonly problem?: string;
}

/** The one loop that makes desired state true: start, resume after a restart, pause, stop and prove. */
@Injectable()
export class SupervisorService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('supervisor');
  private readonly busy = new Map<string, Promise<void>>();
  private readonly notBefore = new Map<string, number>();
  private readonly assigned = new Set<string>();
  private readonly standingBy = new Set<string>();
  private timer: Timer | undefined;
  private halted = false;
  private looks = 0;
  private lastSeen = 0;

  constructor(
    private readonly strategies: StrategyRepository,
    private readonly service: StrategyService,
    private readonly execution: ExecutionService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.strategies.renewStarting();
    this.timer = this.runtime.timers.every(everyMs, () => void this.look());
    this.service.onChange(() => {
      this.notBefore.clear();
      void this.look();
    });
    this.execution.handover.onOffer(() => void this.look());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.halt();
  }

  /** No further step begins; resolves when those under way have ended. Desired state stays as it is. */
  async halt(): Promise<void> {
    this.halted = true;
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
    await Promise.all(this.busy.values());
  }

  /** It begins nothing any more: the engine is being stopped or hands over. */
  get isHalted(): boolean {
    return this.halted;
  }

  private async look(): Promise<void> {
    const look = (this.looks += 1);
    const strategies = await this.strategies.list().catch((error: unknown) => {
      this.logger.warn(`the strategies cannot be read: ${String(error)}`);
      return undefined;
    });
    if (!strategies || look < this.lastSeen) return; // What was asked for later has been seen already.
    this.lastSeen = look;
    for (const strategy of strategies) this.advance(strategy);
  }

  private advance(strategy: Strategy): void {
    const { id } = strategy;
    const isDue = (this.notBefore.get(id) ?? 0) <= this.runtime.monotonic();
    if (strategy.desiredState !== 'running') this.execution.abandonStart(id);
    if (!this.timer || this.busy.has(id) || !isDue) return;
    if (this.execution.isElsewhere(id)) return this.standBy(strategy);
    const step = this.step(strategy)
      .catch((error: unknown) => this.logger.error(`${strategy.name}: ${String(error)}`))
      .finally(() => this.busy.delete(id));
    this.busy.set(id, step);
  }

  /** What another engine runs may become ours at any moment: its account is open by then. */
  private standBy(strategy: Strategy): void {
    const { accountId, desiredState } = strategy;
    if (desiredState !== 'running' || this.standingBy.has(accountId)) return;
    this.standingBy.add(accountId);
    void this.execution.addAccount(accountOf(strategy)).catch((error: unknown) => {
      this.logger.warn(`the account of ${strategy.name} is not open to stand by: ${reasonOf(error).detail}`);
      this.runtime.timers.set(retryMs, () => void this.standingBy.delete(accountId));
    });
  }

  private async step(strategy: Strategy): Promise<void> {
    await this.assign(strategy);
    const session = this.execution.session(strategy.id)?.state;
    const halt = this.haltOf(strategy);
    const { state, desiredState: desired } = strategy;
    switch (nextStep({ state, desired, session, isHalted: halt !== undefined })) {
      case 'none':
        return;
      case 'open':
        return this.open(strategy);
      case 'close':
        return this.close(strategy);
      case 'halt':
        return this.pauseBy(strategy, halt!);
      case 'settle':
        return this.move(strategy, strategy.desiredState, null);
      case 'quarantine':
        return this.move(strategy, 'quarantined', {
          code: 'QUARANTINED',
          detail: this.execution.session(strategy.id)?.detail ?? '',
        });
    }
  }

  /** A halt that forbids creates. The one on this engine alone leaves the strategy to another engine. */
  private haltOf(strategy: Strategy): StandingHalt | undefined {
    const halt = this.execution.haltOver(placeOf(strategy));
    return halt && halt.level !== 'REDUCE_ONLY' && !halt.scopeKey.startsWith('engine:') ? halt : undefined;
  }

  /** It stays paused after the halt is lifted, until a person resumes it by name. */
  private async pauseBy(strategy: Strategy, halt: StandingHalt): Promise<void> {
    const code = halt.level === 'HALTED' && halt.actor !== 'engine' ? 'KILL_SWITCH' : 'PAUSED_BY_RISK';
    await this.strategies.pauseIfWanted(strategy.id);
    await this.move(strategy, 'pausing', {
      code,
      detail: `${halt.scopeKey} by ${halt.actor}: ${halt.reason}`,
    });
  }

  /** The money of a strategy that does not run is on the account too. */
  private async assign({ id, accountId }: Strategy): Promise<void> {
    if (this.assigned.has(id)) return;
    await this.execution.assign(id, accountId);
    this.assigned.add(id);
  }

  private async open(strategy: Strategy): Promise<void> {
    if (strategy.state !== 'starting') {
      await this.move(strategy, 'starting', null);
      return this.lookNext();
    }
    try {
      await this.execution.open({
        ...{ strategyId: strategy.id, number: strategy.number, account: accountOf(strategy) },
        ...{ instrument: strategy.symbol, strategyType: strategy.strategyType, config: strategy.config },
        ...(strategy.ownerId === null ? {} : { ownerId: strategy.ownerId }),
      });
    } catch (error) {
      await this.notOpened(strategy, reasonOf(error));
    }
  }

  /** Once this step is over. */
  private lookNext(): void {
    this.runtime.timers.set(0, () => void this.look());
  }

  private async notOpened(strategy: Strategy, reason: StateReason): Promise<void> {
    // Whoever holds the lease may let go of it at any moment.
    const waitMs = reason.code === 'LEASE_NOT_HELD' ? everyMs : retryMs;
    this.notBefore.set(strategy.id, this.runtime.monotonic() + waitMs);
    const isWaiting = reason.code === 'LEASE_NOT_HELD';
    if (isWaiting && this.execution.isElsewhere(strategy.id)) return; // Its state is told by the engine that has it.
    const isLate =
      !isWaiting &&
      reason.code !== 'BOOT_BREAKER' &&
      this.runtime.now() - Date.parse(strategy.stateSince) > startTimeoutMs;
    this.logger.warn(`${strategy.name} does not start: ${reason.detail}`);
    const detail = `not started within 60 s: ${reason.detail}`;
    return isLate
      ? this.move(strategy, 'failed', { code: 'START_TIMEOUT', detail })
      : this.move(strategy, 'starting', reason);
  }

  private async close(strategy: Strategy): Promise<void> {
    if (strategy.desiredState !== 'running') {
      const under = strategy.desiredState === 'paused' ? 'pausing' : 'stopping';
      const isUnder = strategy.state === under || strategy.state === 'stop_failed';
      if (!isUnder) return this.move(strategy, under, strategy.stateReason);
    }
    const { confirmed, remaining, problem } = await this.prove(strategy);
    if (strategy.desiredState === 'running') return; // Closed to be opened again, or quarantined.
    if (confirmed) return this.move(strategy, strategy.desiredState, this.reasonAtRest(strategy));
    this.notBefore.set(strategy.id, this.runtime.monotonic() + retryMs);
    const ids = remaining.map((order) => order.clientOrderId).join(', ');
    const detail = ids
      ? `the venue has not shown these ended: ${ids}`
      : (problem ?? 'the venue has not confirmed 0 open orders');
    await this.move(strategy, 'stop_failed', { code: 'STOP_NOT_CONFIRMED', detail });
  }

  /** Paused by a halt says so for as long as it stays paused. */
  private reasonAtRest({ stateReason, desiredState }: Strategy): StateReason | null {
    const isHalt = stateReason?.code === 'KILL_SWITCH' || stateReason?.code === 'PAUSED_BY_RISK';
    return isHalt && desiredState === 'paused' ? stateReason : null;
  }

  /** Both ways end with a read of the venue; without a session, what an earlier process left is cancelled first. */
  private async prove(strategy: Strategy): Promise<Proof> {
    if (this.execution.session(strategy.id)) return this.execution.close(strategy.id, closeMs);
    const { id: strategyId, number } = strategy;
    const leftovers = { strategyId, number, account: accountOf(strategy) };
    return this.execution.closeLeftovers(leftovers, closeMs).catch((error: unknown) => {
      const problem = reasonOf(error).detail;
      return { confirmed: false, remaining: this.execution.orders(strategyId), problem };
    });
  }

  private async move(strategy: Strategy, to: StrategyState, reason: StateReason | null): Promise<void> {
    const isSame = strategy.state === to && JSON.stringify(strategy.stateReason) === JSON.stringify(reason);
    if (isSame) return;
    const moved = await this.strategies.move({
      id: strategy.id,
      from: strategy.state,
      to,
      reason,
      actor: 'engine',
    });
    if (moved)
      this.logger.debug(`${strategy.name} ${strategy.state} → ${to}${reason ? ` ${reason.code}` : ''}`);
  }
}

const reasonOf = (error: unknown): StateReason =>
  error instanceof DomainError
    ? { code: error.code, detail: error.detail }
    : { code: 'INTERNAL', detail: error instanceof Error ? error.message : String(error) };
