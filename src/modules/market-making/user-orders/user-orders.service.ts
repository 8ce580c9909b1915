import { Inject, Injectable } from '@nestjs/common';
import { RUNTIME } from '../../../config/tokens';
import { DomainError } from '../../../domain/errors';
import { IllegalTransition } from '../../../http/illegal-transition';
import type { Runtime } from '../../../runtime/runtime';
import { ExecutionService } from '../../execution/execution.service';
import { LedgerRepository } from '../ledger/ledger.repository';
import type { Move } from '../strategy/strategy-states';
import { StrategyService } from '../strategy/strategy.service';
import { allowedByMoney, stateOfLegs } from './money-states';
import type { MoneyState } from './money-states';
import type { UserOrder } from './user-order';
import { userOrderView } from './user-order-view';
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
  ) {
    strategies.guardFunding({ admit: (id, move, by) => this.admit(id, move, by) });
  }

  async list(): Promise<readonly object[]> {
    return Promise.all((await this.orders.list()).map((order) => this.view(order)));
  }

  async show(id: string): Promise<object> {
    return this.view(await this.get(id));
  }

  /** Freezes the terms and makes the strategy that will trade, without money and without orders. Repeatable by id. */
  async create(body: CreateUserOrderDto): Promise<object> {
    const id = body.id ?? this.runtime.uuid();
    const { accountId, symbol, allocation, userName } = body;
    const { strategy } = await this.strategies.create({
      ...{ id, accountId, symbol, allocation, name: `order-${id}`, userOrderId: id },
      ...(body.preset === undefined ? {} : { preset: body.preset }),
      ...(body.config === undefined ? {} : { config: body.config }),
    });
    const [base = '', quote = ''] = symbol.split('/');
    const legs = [
      { asset: base, required: allocation.base, credited: '0' },
      { asset: quote, required: allocation.quote, credited: '0' },
    ];
    const fundingReference = id.replace(/-/g, '').slice(-16).toUpperCase();
    const label = body.label ?? null;
    const row = { id, userName, label, state: 'intent' as const, accountId, symbol };
    const made = { ...row, legs, strategyId: strategy.id, fundingReference, createdAt: '' };
    await this.orders.insert(made, allocation);
    const known = await this.get(id);
    if (known.userName === userName && known.label === label) return this.view(known);
    throw new DomainError('ID_CONFLICT', `The id ${id} belongs to another user order.`, 'Use a new id.');
  }

  /** Books money that lies on the venue account to the order, once per external id. Meanwhile it cannot be cancelled. */
  async credit(id: string, body: CreditDto, actor: string): Promise<object> {
    const { asset, quantity, externalId } = body;
    const duplicate = await this.orders.locked(id, async (orders) => {
      const order = await this.get(id, orders);
      mustTrade(order, asset);
      if (order.state === 'cancelled') throw new IllegalTransition('credit', order.state, []);
      const isDuplicate = await this.moveIn(order, body);
      await orders.insertCredit({ externalId, userOrderId: id, asset, quantity });
      await this.settle(id, actor, orders);
      return isDuplicate;
    });
    return { ...(await this.show(id)), duplicate };
  }

  /** Only money the venue has shown on the account can be credited; what came after the opening is unexplained first. */
  private async moveIn(order: UserOrder, { asset, quantity, externalId }: CreditDto): Promise<boolean> {
    const { accountId, strategyId } = order;
    let isUsed = false;
    for (const from of [`unallocated:${accountId}`, `unexplained:${accountId}`]) {
      const result = await this.execution.transfer({
        key: `credit:admin:${externalId}`,
        kind: 'credit',
        lines: [
          { holder: from, asset, quantity: `-${quantity}` },
          { holder: `strategy:${strategyId}`, asset, quantity },
        ],
        guarded: [from],
      });
      if (result.kind === 'done') return result.duplicate;
      isUsed ||= result.kind === 'conflict';
    }
    if (isUsed) {
      const detail = `${externalId} was credited with another order, asset or quantity.`;
      throw new DomainError('FUNDING_CONFLICT', detail, 'Use a new externalId.');
    }
    const detail = `The account has no ${quantity} ${asset} that belong to nobody.`;
    const field = { pointer: '/quantity', code: 'ALLOCATION_EXCEEDED', detail };
    const hint = 'Deposit it at the venue first, or credit less.';
    throw new DomainError('ALLOCATION_EXCEEDED', detail, hint, [field]);
  }

  async request(id: string, move: Move, actor: string): Promise<object> {
    const order = await this.get(id);
    if (!allowedByMoney(order.state).includes(move)) {
      throw new IllegalTransition(move, order.state, allowedByMoney(order.state));
    }
    return this.strategies.request(order.strategyId, move, actor);
  }

  /** Both roads to a running strategy pass here. */
  private async admit(id: string, move: Move, by: string): Promise<void> {
    const order = await this.get(id);
    if (order.state === 'funded') await this.orders.move(id, 'funded', 'active', by);
    else if (order.state !== 'active') {
      throw new IllegalTransition(move, order.state, allowedByMoney(order.state));
    }
  }

  async cancel(id: string, actor: string): Promise<object> {
    const isCancelled = await this.orders.cancel(id, actor);
    const { state } = await this.get(id);
    const allowed = allowedByMoney(state).filter((move) => move !== 'cancel');
    if (!isCancelled) throw new IllegalTransition('cancel', state, allowed);
    return this.show(id);
  }

  private async get(id: string, orders: UserOrderRepository = this.orders): Promise<UserOrder> {
    const order = await orders.find(id);
    if (!order)
      throw new DomainError('NOT_FOUND', `There is no user order ${id}.`, 'See GET /api/v1/user-orders.');
    return order;
  }

  private async settle(id: string, actor: string, orders: UserOrderRepository): Promise<void> {
    const order = await this.get(id, orders);
    const to: MoneyState = stateOfLegs(order.legs);
    const isBeforeTrading = order.state === 'intent' || order.state === 'awaiting_funds';
    if (isBeforeTrading && to !== order.state) await orders.move(id, order.state, to, actor);
  }

  private async view(order: UserOrder): Promise<object> {
    const [strategy, totals, balances] = await Promise.all([
      this.strategies.get(order.strategyId),
      this.ledger.fillTotalsOf(order.strategyId),
      this.execution.balances([`strategy:${order.strategyId}`]),
    ]);
    const openOrdersCount = this.execution.orders(strategy.id).length;
    return userOrderView(order, { strategy, totals, balances, openOrdersCount });
  }
}

function mustTrade({ legs }: UserOrder, asset: string): void {
  if (legs.some((leg) => leg.asset === asset)) return;
  const hint = `Its assets are ${legs.map((leg) => leg.asset).join(' and ')}.`;
  const field = { pointer: '/asset', code: 'OUT_OF_RANGE', detail: 'is no asset of this order' };
  throw new DomainError('OUT_OF_RANGE', `${asset} is no asset of this order.`, hint, [field]);
}
