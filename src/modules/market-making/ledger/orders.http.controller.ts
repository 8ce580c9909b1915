import { Controller, Get, Param } from '@nestjs/common';
import { DomainError } from '../../../domain/errors';
import { OrderHistoryRepository } from './order-history.repository';

@Controller('api/v1/orders')
export class OrdersHttpController {
  constructor(private readonly history: OrderHistoryRepository) {}

  /** Oldest first, at most 500 lines. */
  @Get(':clientOrderId/events')
  async events(@Param('clientOrderId') clientOrderId: string): Promise<object> {
    const found = await this.history.of(clientOrderId);
    if (!found) {
      const hint = 'See GET /api/v1/strategies/{id}/orders.';
      throw new DomainError('NOT_FOUND', `There is no order ${clientOrderId}.`, hint);
    }
    return { data: found.events, page: { nextCursor: null, hasMore: found.hasMore } };
  }
}
