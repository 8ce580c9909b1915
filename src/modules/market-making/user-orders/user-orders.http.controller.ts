import { Body, Controller, Get, HttpCode, Param, Post, Req, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { auditedCommand } from '../../../http/audited';
import { CreateUserOrderDto, CreditDto } from './user-orders.dto';
import { UserOrdersService } from './user-orders.service';

const actorOf = (request: Request): string =>
  (request as Request & { readonly user?: string }).user ?? 'unknown';

@Controller('api/v1/user-orders')
export class UserOrdersHttpController {
  constructor(private readonly orders: UserOrdersService) {}

  @Post()
  @SetMetadata(auditedCommand, 'user-order.create')
  create(@Body() body: CreateUserOrderDto): Promise<object> {
    return this.orders.create(body);
  }

  @Get()
  async list(): Promise<object> {
    return { data: await this.orders.list(), page: { nextCursor: null, hasMore: false } };
  }

  @Get(':id')
  get(@Param('id') id: string): Promise<object> {
    return this.orders.show(id);
  }

  @Post(':id/credits')
  @SetMetadata(auditedCommand, 'user-order.credit')
  @HttpCode(200)
  credit(@Param('id') id: string, @Body() body: CreditDto, @Req() request: Request): Promise<object> {
    return this.orders.credit(id, body, actorOf(request));
  }

  @Post(':id/start')
  @SetMetadata(auditedCommand, 'user-order.start')
  @HttpCode(202)
  start(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.orders.request(id, 'start', actorOf(request));
  }

  @Post(':id/pause')
  @SetMetadata(auditedCommand, 'user-order.pause')
  @HttpCode(202)
  pause(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.orders.request(id, 'pause', actorOf(request));
  }

  @Post(':id/resume')
  @SetMetadata(auditedCommand, 'user-order.resume')
  @HttpCode(202)
  resume(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.orders.request(id, 'resume', actorOf(request));
  }

  @Post(':id/stop')
  @SetMetadata(auditedCommand, 'user-order.stop')
  @HttpCode(202)
  stop(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.orders.request(id, 'stop', actorOf(request));
  }

  @Post(':id/cancel')
  @SetMetadata(auditedCommand, 'user-order.cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.orders.cancel(id, actorOf(request));
  }
}
