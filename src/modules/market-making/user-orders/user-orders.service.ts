import { Inject, Injectable } from '@nestjs/common';
import { RUNTIME } from '../../../config/tokens';
import { DomainError } from '../../../domain/errors';
import { IllegalTransition } from '../../../http/illegal-transition';
import type { Runtime } from '../../../runtime/runtime';
import { ExecutionService } from '../../execution/execution.service';
import { LedgerRepository } from '../ledger/ledger.repository';
import { allowedMoves } from '../strategy/strategy-states';
import type { Move } from '../strategy/strategy-states';
import { StrategyService } from '../strategy/strategy.service';
import { allowedByMoney, stateOfLegs } from './money-states';
import type { MoneyState } from './money-states';
import type { UserOrder } from './user-order.repository';
import { UserOrderRepository } from './user-order.repository';
import type { CreateUserOrderDto, CreditDto } from './user-orders.dto';

/** A user's money and what it trades: stores where the money is, joins how it trades from its strategy. */
@Injectable()
export class UserOrdersService {
  constructor(
    private readonly orders: UserOrderRepository,
    private readonly strategies: StrategyService,
    private readonly execution: ExecutionService,
    private readonly ledger: LedgerRepository,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async list(): Promise<readonly object[]> {
    return Promise.all((await this.orders.list()).map((order) => this.view(order)));
  }

  async show(id: string): Promise<object> {
    return this.view(await this.get(id));
  }

  /** Freezes the terms and makes the strategy that will trade, without money and without orders. */
  async create(body: CreateUserOrderDto): Promise<object> {
    const id = body.id ?? this.runtime.uuid();
    const known = await this.orders.find(id);
    if (known) return this.view(known);
    const { accountId, symbol, allocation, userName } = body;
    const { strategy } = await this.strategies.create({
      ...{ accountId, symbol, allocation, name: `order-${id}`, userOrderId: id, isUnfunded: true },
      ...(body.preset ? { preset: body.preset } : {}),
      ...(body.config ? { config: body.config } : {}),
    });
    const [base = '', quote = ''] = symbol.split('/');
    const legs = [
      { asset: base, required: allocation.base, credited: '0' },
      { asset: quote, required: allocation.quote, credited: '0' },
    ];
    const fundingReference = id.replace(/-/g, '').slice(-16).toUpperCase();
    const row = { id, userName, label: body.label ?? null, state: 'intent' as const, accountId, symbol };
    const made = { ...row, legs, strategyId: strategy.id, fundingReference, createdAt: '' };
    await this.orders.insert(made, allocation);
    return this.show(id);
  }

  /** Books money that lies on the venue account to the order, once per external id. */
  async credit(id: string, body: CreditDto, actor: string): Promise<object> {
    const order = await this.get(id);
    if (!order.legs.some((leg) => leg.asset === body.asset)) {
      const hint = `Its assets are ${order.legs.map((leg) => leg.asset).join(' and ')}.`;
      const field = { pointer: '/asset', code: 'OUT_OF_RANGE', detail: 'is no asset of this order' };
      throw new DomainError('OUT_OF_RANGE', `${body.asset} is no asset of this order.`, hint, [field]);
    }
    if (order.state === 'cancelled') throw new IllegalTransition('credit', order.state, []);
    const { asset, quantity, externalId } = body;
    const result = await this.execution.transfer({
      key: `credit:admin:${externalId}`,
      kind: 'credit',
      lines: [
        { holder: `external:${order.accountId}`, asset, quantity: `-${quantity}` },
        { holder: `strategy:${order.strategyId}`, asset, quantity },
      ],
      guarded: [],
    });
    if (result.kind !== 'done') {
      throw new DomainError(
        'FUNDING_CONFLICT',
        `${externalId} was credited otherwise.`,
        'Use a new externalId.',
      );
    }
    await this.orders.insertCredit({ externalId, userOrderId: id, asset, quantity });
    await this.settle(id, actor);
    return { ...(await this.show(id)), duplicate: result.duplicate };
  }

  async request(id: string, move: Move, actor: string): Promise<object> {
    const order = await this.get(id);
    if (!allowedByMoney(order.state).includes(move)) {
      throw new IllegalTransition(move, order.state, allowedByMoney(order.state));
    }
    const operation = await this.strategies.request(order.strategyId, move, actor);
    if (order.state === 'funded') await this.orders.move(id, 'funded', 'active', actor);
    return operation;
  }

  async cancel(id: string, actor: string): Promise<object> {
    const order = await this.get(id);
    const moved = order.state === 'intent' && (await this.orders.move(id, 'intent', 'cancelled', actor));
    if (!moved) throw new IllegalTransition('cancel', order.state, allowedByMoney(order.state));
    return this.show(id);
  }

  private async get(id: string): Promise<UserOrder> {
    const order = await this.orders.find(id);
    if (!order)
      throw new DomainError('NOT_FOUND', `There is no user order ${id}.`, 'See GET /api/v1/user-orders.');
    return order;
  }

  private async settle(id: string, actor: string): Promise<void> {
    const order = await this.get(id);
    const to: MoneyState = stateOfLegs(order.legs);
    const isBeforeTrading = order.state === 'intent' || order.state === 'awaiting_funds';
    if (isBeforeTrading && to !== order.state) await this.orders.move(id, order.state, to, actor);
  }

  private async view(order: UserOrder): Promise<object> {
    const [strategy, totals, balances] = await Promise.all([
      this.strategies.get(order.strategyId),
      this.ledger.fillTotalsOf(order.strategyId),
      this.execution.balances([`strategy:${order.strategyId}`]),
    ]);
    const moves: readonly string[] = allowedMoves(strategy.state);
    const { state, desiredState, stateSince: since, stateReason: reason } = strategy;
    const money = allowedByMoney(order.state);
    return {
      ...order,
      display: order.state === 'active' ? state : order.state,
      trading: {
        ...{ state, desiredState, since, reason },
        openOrdersCount: this.execution.orders(strategy.id).length,
      },
      fills: {
        count: totals?.fillsCount ?? 0,
        boughtBase: totals?.boughtBase ?? '0',
        soldBase: totals?.soldBase ?? '0',
        spentQuote: totals?.spentQuote ?? '0',
        earnedQuote: totals?.earnedQuote ?? '0',
      },
      balances: balances.map(({ asset, total, reserved }) => ({ asset, total, reserved })),
      allowed: money.filter((move) => move === 'cancel' || moves.includes(move)),
    };
  }
}
