import { Inject, Injectable } from '@nestjs/common';
import BigNumber from 'bignumber.js';
import { RUNTIME, SETTINGS } from '../../../config/tokens';
import type { Settings } from '../../../config/load-config';
import { DomainError } from '../../../domain/errors';
import { IllegalTransition } from '../../../http/illegal-transition';
import type { Runtime } from '../../../runtime/runtime';
import { AccountsService } from '../../accounts/accounts.service';
import { ExecutionService } from '../../execution/execution.service';
import type { AccountConfig, PlanView, TransferLine } from '../../execution/types';
import type { Requested } from './operation';
import { operationOf } from './operation';
import { configOfPreset } from './preset-config';
import type { CreateStrategyDto, PlanDto } from './strategy.dto';
import type { NewStrategy, Strategy } from './strategy';
import { accountOf, placeOf } from './strategy';
import type { Move } from './strategy-states';
import { allowedMoves, desiredOf, joins } from './strategy-states';
import { StrategyRepository } from './strategy.repository';

/** With a user order its money comes by credits, not from what is unallocated. */
export type CreateStrategy = CreateStrategyDto & { readonly userOrderId?: string };

/** Says whether the money of a user order lets its strategy run, and remembers that it does. */
export interface FundingGuard {
  /** Throws ILLEGAL_TRANSITION while the money is not complete. */
  admit(userOrderId: string, move: Move, by: string): Promise<void>;
}

const startMs = 60_000;
const stopMs = 10_000;

/** What people want of strategies. Nothing here touches a venue: the supervisor makes it true. */
@Injectable()
export class StrategyService {
  private readonly requests = new Map<string, Requested>();
  private readonly listeners = new Set<() => void>();
  private funding: FundingGuard | undefined;

  constructor(
    private readonly strategies: StrategyRepository,
    private readonly accounts: AccountsService,
    private readonly execution: ExecutionService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  guardFunding(guard: FundingGuard): void {
    this.funding = guard;
  }

  list(): Promise<readonly Strategy[]> {
    return this.strategies.list();
  }

  /** Every account a strategy trades on; undefined when the database does not answer. */
  async accountsTraded(): Promise<readonly AccountConfig[] | undefined> {
    const strategies = await this.list().catch(() => undefined);
    return strategies && [...new Map(strategies.map((one) => [one.accountId, accountOf(one)])).values()];
  }

  /** Throws NOT_FOUND. */
  async get(id: string): Promise<Strategy> {
    const found = await this.strategies.find(id);
    if (!found)
      throw new DomainError('NOT_FOUND', `There is no strategy ${id}.`, 'See GET /api/v1/strategies.');
    return found;
  }

  async plan(body: PlanDto): Promise<PlanView> {
    const config = this.configOf(body);
    const account = await this.accounts.get(body.accountId);
    const strategyType = body.strategyType ?? 'pureMarketMaking';
    const { symbol: instrument, allocation } = body;
    return this.execution.plan({ account, instrument, strategyType, config, allocation });
  }

  /**
   * Stores the strategy, then moves its allocation to it under a key made of its id: a repeated call, and the start of
   * a strategy whose process died in between, make up for a move that is missing. The same id and body give the same.
   */
  async create(body: CreateStrategy): Promise<{ readonly strategy: Strategy; readonly isNew: boolean }> {
    const config = this.configOf(body);
    const account = await this.accounts.get(body.accountId);
    const { name, symbol, allocation } = body;
    await this.mustList(account, symbol);
    const id = body.id ?? this.runtime.uuid();
    const row = {
      ...{ id, name, strategyType: 'pureMarketMaking' as const, accountId: account.id },
      ...{ venue: account.venue, symbol, config, allocation, userOrderId: body.userOrderId ?? null },
    };
    const isNew = await this.strategies.insert(row);
    const strategy = isNew ? await this.get(id) : await this.existing(row);
    await this.execution.assign(id, account.id);
    if (strategy.state === 'created') await this.allocate(strategy, isNew);
    return { strategy, isNew };
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
    if (desired === 'running') this.refuseHalted(strategy);
    if (desired === 'running') await this.mayRun(strategy, move, by);
    if (!isJoining && !(await this.change(strategy, move, by, timeoutMs))) await this.mayJoin(strategy, move);
    return this.operation(id);
  }

  async operation(id: string): Promise<object> {
    const strategy = await this.get(id);
    return operationOf(strategy, this.requests.get(id), this.execution.orders(id), this.runtime.now());
  }

  /** Something that decides about strategies has changed: what runs is looked at now. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private refuseHalted(strategy: Strategy): void {
    const halt = this.execution.haltOver(placeOf(strategy));
    if (!halt || halt.level === 'REDUCE_ONLY' || halt.scopeKey.startsWith('engine:')) return;
    const since = new Date(halt.at).toISOString();
    const detail = `${halt.scopeKey} is ${halt.level} since ${since} by ${halt.actor}: ${halt.reason}`;
    const hint = `An administrator can release it: DELETE /api/v1/kill-switch/${encodeURIComponent(halt.scopeKey)}.`;
    throw new DomainError('KILL_SWITCH_ENGAGED', detail, hint);
  }

  /** Without its money, a user's or its own, nothing runs. */
  private async mayRun(strategy: Strategy, move: Move, by: string): Promise<void> {
    const { userOrderId } = strategy;
    if (userOrderId === null) {
      if (strategy.state === 'created') await this.allocate(strategy, false);
    } else if (this.funding) await this.funding.admit(userOrderId, move, by);
    else throw new IllegalTransition(move, 'its funding is not known', []);
  }

  private async mustList(account: AccountConfig, symbol: string): Promise<void> {
    const { id, venue, environment } = account;
    await this.execution.addAccount({ id, venue, environment });
    const instruments = await this.execution.instruments(venue, environment);
    if (instruments.some((one) => one.id === symbol)) return;
    const detail = `${venue} does not list ${symbol}.`;
    const field = { pointer: '/symbol', code: 'INSTRUMENT_UNKNOWN', detail };
    throw new DomainError('INSTRUMENT_UNKNOWN', detail, 'Use a symbol of the venue.', [field]);
  }

  /** What overtook the request stands, a stop above all, unless both want the same. */
  private async mayJoin({ id, accountId }: Strategy, move: Move): Promise<void> {
    const { state, desiredState } = await this.get(id);
    if (joins(move, state, desiredState)) return;
    await this.accounts.get(accountId);
    const detail = `${move}: meanwhile it was asked to be ${desiredState}.`;
    throw new DomainError('ILLEGAL_TRANSITION', detail, 'Ask again if it is still wanted.');
  }

  /** A stop always stands; anything else is false when it was overtaken. */
  private async change(strategy: Strategy, move: Move, by: string, timeoutMs?: number): Promise<boolean> {
    const now = this.runtime.now();
    const desired = desiredOf(move);
    if (desired === 'stopped') await this.strategies.setDesired(strategy.id, desired);
    else if (!(await this.strategies.want(strategy, desired))) return false;
    const deadline = timeoutMs ?? (desired === 'running' ? startMs : stopMs);
    this.requests.set(strategy.id, {
      ...{ id: this.runtime.uuid(), move, desired, requestedBy: `user:${by}` },
      ...{ createdAtMs: now, deadlineAtMs: now + deadline },
    });
    const reason = { code: 'REQUESTED', detail: `${move} asked for by ${by}` };
    const to = desired === 'running' ? 'starting' : undefined;
    if (to) await this.strategies.move({ id: strategy.id, from: strategy.state, to, reason, actor: by });
    this.changed();
    return true;
  }

  private configOf(body: PlanDto): unknown {
    const type = body.strategyType ?? 'pureMarketMaking';
    if ((body.config === undefined) === (body.preset === undefined)) {
      const field = { pointer: '/config', code: 'REQUIRED', detail: 'give either config or preset' };
      throw new DomainError('REQUIRED', 'Give either config or preset.', 'Remove one, or add one.', [field]);
    }
    const raw = body.preset === undefined ? body.config : this.presetOf(body.preset, body.allocation.quote);
    const checked = this.execution.validateConfig(type, raw);
    if (checked.ok) return checked.config;
    const fields = checked.problems.map((problem) => ({ ...problem, pointer: `/config${problem.pointer}` }));
    const first = fields[0]!;
    throw new DomainError(first.code, `${first.pointer} ${first.detail}`, first.hint ?? '', fields);
  }

  private presetOf(name: string, allocationQuote: string): unknown {
    const presets = this.execution.presets();
    const preset = presets.find((one) => one.name === name);
    if (preset) return configOfPreset(preset, allocationQuote);
    const detail = `must be one of ${presets.map((one) => one.name).join(', ')}`;
    const field = { pointer: '/preset', code: 'OUT_OF_RANGE', detail };
    throw new DomainError('OUT_OF_RANGE', `/preset ${detail}.`, 'Choose one of them, or give config.', [
      field,
    ]);
  }

  /** Once per strategy. A user order gets its money by credits instead. */
  private async allocate(
    { id, accountId, symbol, allocation, userOrderId }: Strategy,
    isNew: boolean,
  ): Promise<void> {
    if (userOrderId !== null) return;
    const [base = '', quote = ''] = symbol.split('/');
    const from = `unallocated:${accountId}`;
    const lines = [
      ...moveLines(from, `strategy:${id}`, base, allocation.base),
      ...moveLines(from, `strategy:${id}`, quote, allocation.quote),
    ];
    if (lines.length === 0) return;
    const key = `allocation:${id}`;
    const result = await this.execution.transfer({ key, kind: 'allocation', lines, guarded: [from] });
    if (result.kind === 'done') return;
    if (isNew) await this.strategies.removeUnfunded(id);
    const free = await this.execution.balances([from]);
    const words = free.map(({ asset, total }) => `${total} ${asset}`).join(', ') || 'nothing';
    const field = { pointer: '/allocation', code: 'ALLOCATION_EXCEEDED', detail: result.detail };
    throw new DomainError('ALLOCATION_EXCEEDED', result.detail, `Free on the account: ${words}.`, [field]);
  }

  private async existing(row: NewStrategy): Promise<Strategy> {
    const strategy = await this.strategies.find(row.id);
    if (!strategy)
      throw new DomainError('NAME_TAKEN', `The name ${row.name} is taken.`, 'Choose another name.');
    if (termsOf(strategy) === termsOf(row)) return strategy;
    throw new DomainError('ID_CONFLICT', `The id ${row.id} belongs to another strategy.`, 'Use a new id.');
  }
}

const moveLines = (from: string, to: string, asset: string, quantity: string): readonly TransferLine[] =>
  Number(quantity) === 0
    ? []
    : [
        { holder: from, asset, quantity: `-${quantity}` },
        { holder: to, asset, quantity },
      ];

/** What a repeated create must repeat. */
const termsOf = ({ name, accountId, symbol, config, allocation, userOrderId }: NewStrategy): string => {
  const [base, quote] = [allocation.base, allocation.quote].map((text) => new BigNumber(text).toFixed());
  return canonical({ name, accountId, symbol, config, base, quote, userOrderId });
};

/** Equal values, equal text, whatever the order of keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
