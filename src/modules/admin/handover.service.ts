import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../../config/load-config';
import { RUNTIME, SETTINGS } from '../../config/tokens';
import { DomainError } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import { ExecutionService } from '../execution/execution.service';
import type { StopResult } from '../execution/types';
import { StrategyService } from '../market-making/strategy/strategy.service';
import { SupervisorService } from '../market-making/strategy/supervisor.service';
import type { Handover } from './handover-operation';
import { handoverOperationOf } from './handover-operation';

/**
 * Leaves what runs here to another engine and ends this one. It happens once in a life: asked for again it is joined,
 * whether a person asked or a signal.
 */
@Injectable()
export class HandoverService {
  private handover: Handover | undefined;
  private running: Promise<StopResult> | undefined;
  private end: (() => boolean) | undefined;

  constructor(
    private readonly execution: ExecutionService,
    private readonly strategies: StrategyService,
    private readonly supervisor: SupervisorService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The process that `end` ends hands over first: it calls `run`. False when it is being stopped already. Without a process
   * to end, the engine stays up and holds nothing.
   */
  endBy(end: () => boolean): void {
    this.end = end;
  }

  /** Throws NOT_READY while the process is being stopped. */
  request(by: string): object {
    if (this.handover) return this.operation();
    const { stopGraceMs } = this.settings;
    this.begin(`user:${by}`, stopGraceMs);
    const isEnding = this.end?.();
    if (isEnding === undefined) void this.run(stopGraceMs);
    if (isEnding !== false) return this.operation();
    this.handover = undefined;
    throw new DomainError(
      'NOT_READY',
      'The engine is being stopped.',
      'Its orders are cancelled; start it again.',
    );
  }

  /** Throws NOT_FOUND. */
  operation(): object {
    if (!this.handover) {
      const hint = 'POST /api/v1/admin/engine/handover asks for one.';
      throw new DomainError('NOT_FOUND', 'This engine was not asked to hand over.', hint);
    }
    return handoverOperationOf(this.handover, {
      leasesHeldCount: this.execution.handover.leasesHeldCount,
      strategies: this.execution.handover.view,
      remaining: this.handover.isConfirmed ? [] : this.execution.unended(),
      nowMs: this.runtime.now(),
    });
  }

  /** No further step of the supervisor begins; what runs is left to whoever takes it, or stopped. */
  run(timeoutMs: number): Promise<StopResult> {
    if (!this.handover) this.begin('signal', timeoutMs);
    this.running ??= this.handOver(this.runtime.monotonic() + timeoutMs, timeoutMs);
    return this.running;
  }

  private begin(requestedBy: string, timeoutMs: number): void {
    const now = this.runtime.now();
    this.handover = {
      ...{ id: this.runtime.uuid(), engine: this.settings.engineId, requestedBy, createdAtMs: now },
      ...{ deadlineAtMs: now + timeoutMs, finishedAtMs: undefined, isConfirmed: undefined },
    };
  }

  private async handOver(until: number, timeoutMs: number): Promise<StopResult> {
    const left = (): number => Math.max(0, until - this.runtime.monotonic());
    await Promise.race([this.supervisor.halt(), this.runtime.sleep(timeoutMs / 10)]);
    const late = this.runtime.sleep(timeoutMs / 10).then(() => undefined);
    const accounts = await Promise.race([this.strategies.accountsTraded(), late]);
    const result = await this.execution.handover.run(left(), accounts);
    this.handover = {
      ...this.handover!,
      ...{ finishedAtMs: this.runtime.now(), isConfirmed: result.confirmed },
    };
    return result;
  }
}
