import { Inject, Injectable } from '@nestjs/common';
import { RUNTIME } from '../../config/tokens';
import { DomainError } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import { AccountsService } from '../accounts/accounts.service';
import { ExecutionService } from '../execution/execution.service';
import type { BookFillDto, ResolveOrderDto, TradeDto } from './order-commands.dto';
import { orderOf, reconcileOperationOf } from './reconcile-operation';

type Trade = Parameters<ExecutionService['bookFill']>[1];

/** What a person asks of an account, and what they say about an order the engine cannot account for. */
@Injectable()
export class OrderCommandsService {
  constructor(
    private readonly execution: ExecutionService,
    private readonly accounts: AccountsService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** Throws NOT_FOUND. */
  async reconcile(accountId: string, actor: string): Promise<object> {
    const view = await this.execution.reconcile(await this.accounts.get(accountId), actor);
    return reconcileOperationOf(view, this.runtime.now());
  }

  /** Throws NOT_FOUND. */
  reconcileOperation(accountId: string): object {
    const view = this.execution.reconcileView(accountId);
    if (view) return reconcileOperationOf(view, this.runtime.now());
    const detail = `Nobody has reconciled account ${accountId} since this engine started.`;
    throw new DomainError('NOT_FOUND', detail, 'Send POST /api/v1/orders/reconcile first.');
  }

  async resolve(clientOrderId: string, body: ResolveOrderDto): Promise<object> {
    const { outcome, filledQuantity, venueOrderId, trades = [] } = body;
    const named = venueOrderId === undefined ? {} : { venueOrderId };
    const wanted = { clientOrderId, outcome, filledQuantity, ...named, trades: trades.map(tradeOf) };
    const order = await this.execution.resolve(wanted).catch(unavailable);
    return { id: clientOrderId, order: orderOf(order) };
  }

  async bookFill(clientOrderId: string, body: BookFillDto): Promise<object> {
    const { booked, order } = await this.execution.bookFill(clientOrderId, tradeOf(body)).catch(unavailable);
    return { id: clientOrderId, booked, bookedBy: 'human', order: orderOf(order) };
  }
}

const tradeOf = ({ tradeId, price, quantity, fee, feeAsset, at }: TradeDto): Trade => ({
  ...{ tradeId, price, quantity, at: Date.parse(at) },
  ...(fee === undefined ? {} : { fee }),
  ...(feeAsset === undefined ? {} : { feeAsset }),
});

function unavailable(error: unknown): never {
  if (!(error instanceof Error) || error.name !== 'StoreUnavailable') throw error;
  throw new DomainError('DATABASE_UNAVAILABLE', error.message, 'Try again when the database answers.');
}
