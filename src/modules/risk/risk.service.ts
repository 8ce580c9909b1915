import { Inject, Injectable, Logger } from '@nestjs/common';
import { RUNTIME } from '../../config/tokens';
import { DomainError } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import { AccountsService } from '../accounts/accounts.service';
import { ExecutionService } from '../execution/execution.service';
import { StrategyService } from '../market-making/strategy/strategy.service';
import { haltOf, killOperationOf } from './kill-operation';
import type { KillDto, RiskStateDto } from './risk.dto';

/** Who stops what and why. Tightening acts at once and needs nothing but a reason; loosening needs a person. */
@Injectable()
export class RiskService {
  private readonly logger = new Logger('risk');

  constructor(
    private readonly execution: ExecutionService,
    private readonly accounts: AccountsService,
    private readonly strategies: StrategyService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async kill({ scope, scopeId, reason }: KillDto, actor: string): Promise<object> {
    const scopeKey = scopeKeyOf(scope, scopeId, '/scopeId');
    const view = await this.execution.kill({ scopeKey, reason, actor });
    this.strategies.changed(); // Paused now, and not only if the halt still stands in a second.
    for (const id of view.silentAccounts) void this.openAccount(id);
    return killOperationOf(view, this.runtime.now());
  }

  /** Throws NOT_FOUND. */
  async operation(scopeKey: string): Promise<object> {
    const view = await this.execution.resumeKill(scopeKey);
    for (const id of view?.silentAccounts ?? []) void this.openAccount(id);
    if (view) return killOperationOf(view, this.runtime.now());
    const detail = `Nobody has used the kill switch of ${scopeKey}.`;
    throw new DomainError('NOT_FOUND', detail, 'See GET /api/v1/kill-switch for what stands.');
  }

  halts(): readonly object[] {
    return this.execution.halts().map(haltOf);
  }

  /** Throws NOT_FOUND when nothing stands, DATABASE_UNAVAILABLE when it cannot be ended now. */
  async lift(scopeKey: string, reason: string, actor: string): Promise<object> {
    const lifted = await this.execution.liftHalt({ scopeKey, reason, actor }).catch((error: unknown) => {
      const detail = `The halt stands: ${error instanceof Error ? error.message : String(error)}`;
      throw new DomainError('DATABASE_UNAVAILABLE', detail, 'Try again when the database answers.');
    });
    if (lifted.length > 0) return { data: lifted.map((halt) => haltOf({ ...halt, isSaved: true })) };
    const hint = 'See GET /api/v1/kill-switch for what stands.';
    throw new DomainError('NOT_FOUND', `No halt stands over ${scopeKey}.`, hint);
  }

  async setState(body: RiskStateDto, actor: string): Promise<object> {
    const { scope, id, state, reason } = body;
    const scopeKey = scopeKeyOf(scope, id, '/id');
    if (state === 'ACTIVE') return this.lift(scopeKey, reason, actor);
    const halt = await this.execution.tighten({ scopeKey, level: state, reason, actor });
    this.strategies.changed();
    return { data: [haltOf(halt)] };
  }

  /** An account nobody has opened yet may still have orders of an earlier process at its venue. */
  private async openAccount(id: string): Promise<void> {
    try {
      await this.execution.addAccount(await this.accounts.get(id));
    } catch (error) {
      this.logger.error(`account ${id} cannot be swept: ${String(error)}`);
    }
  }
}

function scopeKeyOf(scope: string, id: string | undefined, pointer: string): string {
  if (scope === 'global' && id === undefined) return 'global';
  if (scope !== 'global' && id !== undefined) return `${scope}:${id}`;
  const detail = scope === 'global' ? 'everything has no id' : `say which ${scope}`;
  const code = scope === 'global' ? 'UNKNOWN_FIELD' : 'REQUIRED';
  throw new DomainError('REQUIRED', `The scope is not clear: ${detail}.`, 'Correct the field.', [
    { pointer, code, detail },
  ]);
}
