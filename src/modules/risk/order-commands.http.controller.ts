import { Body, Controller, Get, HttpCode, Param, Post, Req, SetMetadata, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { AdminGuard } from '../auth/admin.guard';
import { auditedCommand } from '../../http/audited';
import { BookFillDto, ReconcileDto, ResolveOrderDto } from './order-commands.dto';
import { OrderCommandsService } from './order-commands.service';

type Call = Request & { readonly user?: string };

@Controller('api/v1/orders')
export class OrderCommandsHttpController {
  constructor(private readonly commands: OrderCommandsService) {}

  /** Asks the venue everything about an account. */
  @Post('reconcile')
  @SetMetadata(auditedCommand, 'account.reconcile')
  @HttpCode(202)
  reconcile(@Body() body: ReconcileDto, @Req() request: Call): Promise<object> {
    return this.commands.reconcile(body.accountId, request.user ?? 'unknown');
  }

  @Get('reconcile/:accountId/operation')
  operation(@Param('accountId') accountId: string): object {
    return this.commands.reconcileOperation(accountId);
  }

  /** For an order that is LOST, or UNKNOWN a minute past its deadline. */
  @Post(':id/resolve')
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'order.resolve')
  @HttpCode(200)
  resolve(@Param('id') id: string, @Body() body: ResolveOrderDto): Promise<object> {
    return this.commands.resolve(id, body);
  }

  /** Books a fill the venue proves and its API does not deliver, or the fee of a booked one that has none. */
  @Post(':id/book-fill')
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'order.book-fill')
  @HttpCode(200)
  bookFill(@Param('id') id: string, @Body() body: BookFillDto): Promise<object> {
    return this.commands.bookFill(id, body);
  }
}
