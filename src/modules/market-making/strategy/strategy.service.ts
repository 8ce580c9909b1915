import { Inject, Injectable } from '@nestjs/common';
import { RUNTIME, SETTINGS } from '../../../config/tokens';
import type { Settings } from '../../../config/load-config';
import { DomainError } from '../../../domain/errors';
import { IllegalTransition } from '../../../http/illegal-transition';
import type { Runtime } from '../../../runtime/runtime';
import { AccountsService } from '../../accounts/accounts.service';
import { ExecutionService } from '../../execution/execution.service';
import type { PlanView } from '../../execution/types';
import type { Requested } from './operation';
import { operationOf } from './operation';
import { configOfPreset } from './preset-config';
import type { CreateStrategyDto, PlanDto } from './strategy.dto';
import { accountOf } from './strategy';
import type { Strategy } from './strategy';
import type { Move } from './strategy-states';
import { allowedMoves, desiredOf, joins } from './strategy-states';
import { StrategyRepository } from './strategy.repository';

export type CreateStrategy = CreateStrategyDto & {
  readonly userOrderId?: string;
  readonly isUnfunded?: boolean;
};

const startMs = 60_000;
const stopMs = 10_000;

/** What people want of strategies. Nothing here touches a venue: the supervisor makes it true. */
@Injectable()
export class StrategyService {
  private readonly requests = new Map<string, Requested>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly strategies: StrategyRepository,
    private readonly accounts: AccountsService,
    private readonly execution: ExecutionService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  list(): Promise<readonly Strategy[]> {
    return this.strategies.list();
  }

  /** Throws NOT_FOUND. */
  async get(id: string): Promise<Strategy> {
    const found = await this.strategies.find(id);
    if (!found)
      throw new DomainError('NOT_FOUND', `There is no strategy ${id}.`, 'See GET /api/v1/strategies.');
    return found;
  }

  async plan(body: PlanDto): Promise<PlanView> {
    const account = await this.accounts.get(body.accountId);
    const strategyType = body.strategyType ?? 'pureMarketMaking';
    const config = this.configOf(body);
    const { symbol: instrument, allocation } = body;
    return this.execution.plan({ account, instrument, strategyType, config, allocation });
  }

  /** Stores the strategy and moves its allocation to it; all or nothing. The same id and body again gives the same. */
  async create(body: CreateStrategy): Promise<{ readonly strategy: Strategy; readonly isNew: boolean }> {
    const account = await this.accounts.get(body.accountId);
    const config = this.configOf(body);
    await this.execution.addAccount({
      id: account.id,
      venue: account.venue,
      environment: account.environment,
    });
    const instruments = await this.execution.instruments(account.venue, account.environment);
    const instrument = instruments.find((one) => one.id === body.symbol);
    if (!instrument) {
      const detail = `${account.venue} does not list ${body.symbol}.`;
      const field = { pointer: '/symbol', code: 'INSTRUMENT_UNKNOWN', detail };
      throw new DomainError('INSTRUMENT_UNKNOWN', detail, 'Use a symbol of the venue.', [field]);
    }
    const { name, symbol, allocation } = body;
    const id = body.id ?? this.runtime.uuid();
    const row = {
      id,
      name,
      strategyType: 'pureMarketMaking' as const,
      accountId: account.id,
      venue: account.venue,
    };
    const rest = { symbol, config, allocation, userOrderId: body.userOrderId ?? null };
    if (!(await this.strategies.insert({ ...row, ...rest }))) return this.existing(id, body, config);
    if (body.isUnfunded !== true) await this.allocate(id, account.id, instrument, allocation);
    return { strategy: await this.get(id), isNew: true };
  }

  /** Changes what is wanted. Throws ILLEGAL_TRANSITION with what is possible instead. */
  async request(id: string, move: Move, by: string, timeoutMs?: number): Promise<object> {
    const strategy = await this.get(id);
    const isJoining = joins(move, strategy.state, strategy.desiredState);
    if (!isJoining && !allowedMoves(strategy.state).includes(move)) {
      throw new IllegalTransition(move, strategy.state, allowedMoves(strategy.state));
    }
    const desired = desiredOf(move);
    if (desired === 'running' && strategy.environment === 'live' && !this.settings.liveTrading) {
      throw new DomainError('MODE_NOT_ALLOWED', 'Live trading is off.', 'Set LIVE_TRADING=true and restart.');
    }
    if (!isJoining) await this.change(strategy, move, by, timeoutMs);
    return this.operation(id);
  }

  async operation(id: string): Promise<object> {
    const strategy = await this.get(id);
    return operationOf(strategy, this.requests.get(id), this.execution.orders(id), this.runtime.now());
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async change(strategy: Strategy, move: Move, by: string, timeoutMs?: number): Promise<void> {
    const now = this.runtime.now();
    const desired = desiredOf(move);
    const deadline = timeoutMs ?? (desired === 'running' ? startMs : stopMs);
    this.requests.set(strategy.id, {
      ...{ id: this.runtime.uuid(), move, desired, requestedBy: `user:${by}` },
      ...{ createdAtMs: now, deadlineAtMs: now + deadline },
    });
    await this.strategies.setDesired(strategy.id, desired);
    const reason = { code: 'REQUESTED', detail: `${move} asked for by ${by}` };
    const to = desired === 'running' ? 'starting' : undefined;
    if (to) await this.strategies.move({ id: strategy.id, from: strategy.state, to, reason, actor: by });
    for (const listener of this.listeners) listener();
  }

  private configOf(body: PlanDto): unknown {
    const type = body.strategyType ?? 'pureMarketMaking';
    if ((body.config === undefined) === (body.preset === undefined)) {
      const field = { pointer: '/config', code: 'REQUIRED', detail: 'give either config or preset' };
      throw new DomainError('REQUIRED', 'Give either config or preset.', 'Remove one, or add one.', [field]);
    }
    const raw = body.preset ? configOfPreset(body.preset, body.allocation.quote) : body.config;
    const checked = this.execution.validateConfig(type, raw);
    if (checked.ok) return checked.config;
    const fields = checked.problems.map((problem) => ({ ...problem, pointer: `/config${problem.pointer}` }));
    const first = fields[0]!;
    throw new DomainError(first.code, `${first.pointer} ${first.detail}`, first.hint ?? '', fields);
  }

  private async allocate(
    id: string,
    accountId: string,
    assets: { readonly base: string; readonly quote: string },
    allocation: { readonly base: string; readonly quote: string },
  ): Promise<void> {
    const from = `unallocated:${accountId}`;
    const lines = (['base', 'quote'] as const).flatMap((leg) => [
      { holder: from, asset: assets[leg], quantity: allocation[leg] === '0' ? '0' : `-${allocation[leg]}` },
      { holder: `strategy:${id}`, asset: assets[leg], quantity: allocation[leg] },
    ]);
    const moved = lines.filter((line) => Number(line.quantity) !== 0);
    if (moved.length === 0) return;
    const key = `allocation:${id}`;
    const result = await this.execution.transfer({ key, kind: 'allocation', lines: moved, guarded: [from] });
    if (result.kind === 'done') return;
    await this.strategies.removeUnfunded(id);
    const free = await this.execution.balances([from]);
    const words = free.map(({ asset, total }) => `${total} ${asset}`).join(', ') || 'nothing';
    const field = { pointer: '/allocation', code: 'ALLOCATION_EXCEEDED', detail: result.detail };
    throw new DomainError('ALLOCATION_EXCEEDED', result.detail, `Free on the account: ${words}.`, [field]);
  }

  private async existing(
    id: string,
    body: CreateStrategy,
    config: unknown,
  ): Promise<{ readonly strategy: Strategy; readonly isNew: boolean }> {
    const strategy = await this.strategies.find(id);
    if (!strategy)
      throw new DomainError('NAME_TAKEN', `The name ${body.name} is taken.`, 'Choose another name.');
    const isSame =
      strategy.name === body.name &&
      strategy.symbol === body.symbol &&
      strategy.accountId === accountOf(strategy).id &&
      canonical(strategy.config) === canonical(config);
    if (isSame) return { strategy, isNew: false };
    throw new DomainError('ID_CONFLICT', `The id ${id} belongs to another strategy.`, 'Use a new id.');
  }
}

/** Equal values, equal text, whatever the order of keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
