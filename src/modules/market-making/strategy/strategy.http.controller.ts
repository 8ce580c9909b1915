import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res, SetMetadata } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../../domain/errors';
import { ExecutionService } from '../../execution/execution.service';
import { auditedCommand } from '../../../http/audited';
import { LedgerRepository } from '../ledger/ledger.repository';
import type { Strategy } from './strategy';
import type { Move } from './strategy-states';
import { allowedMoves } from './strategy-states';
import { CreateStrategyDto, MoveDto, PlanDto } from './strategy.dto';
import { StrategyService } from './strategy.service';

const onePage = { nextCursor: null, hasMore: false } as const;

@Controller('api/v1/strategies')
export class StrategyHttpController {
  constructor(
    private readonly strategies: StrategyService,
    private readonly execution: ExecutionService,
    private readonly ledger: LedgerRepository,
  ) {}

  @Post('plan')
  @HttpCode(200)
  plan(@Body() body: PlanDto): Promise<object> {
    return this.strategies.plan(body);
  }

  @Post()
  @SetMetadata(auditedCommand, 'strategy.create')
  async create(
    @Body() body: CreateStrategyDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const { strategy, isNew } = await this.strategies.create(body);
    response.status(isNew ? 201 : 200);
    return this.view(strategy);
  }

  @Get()
  async list(): Promise<object> {
    const strategies = await this.strategies.list();
    return { data: strategies.map((strategy) => this.view(strategy)), page: onePage };
  }

  @Get(':id')
  async get(@Param('id') id: string): Promise<object> {
    return this.view(await this.strategies.get(id));
  }

  @Get(':id/operation')
  operation(@Param('id') id: string): Promise<object> {
    return this.strategies.operation(id);
  }

  @Get(':id/orders')
  async orders(@Param('id') id: string): Promise<object> {
    await this.strategies.get(id);
    return { data: this.execution.orders(id), page: onePage };
  }

  @Get(':id/fills')
  async fills(@Param('id') id: string, @Query('limit') limit?: string): Promise<object> {
    await this.strategies.get(id);
    return { data: await this.ledger.fills(id, limitOf(limit)), page: onePage };
  }

  @Get(':id/decisions')
  async decisions(@Param('id') id: string, @Query('limit') limit?: string): Promise<object> {
    await this.strategies.get(id);
    return { data: this.execution.decisions(id, limitOf(limit)), page: onePage };
  }

  @Post(':id/start')
  @SetMetadata(auditedCommand, 'strategy.start')
  @HttpCode(202)
  start(@Param('id') id: string, @Body() body: MoveDto, @Req() request: Request): Promise<object> {
    return this.move(id, 'start', body, request);
  }

  @Post(':id/pause')
  @SetMetadata(auditedCommand, 'strategy.pause')
  @HttpCode(202)
  pause(@Param('id') id: string, @Body() body: MoveDto, @Req() request: Request): Promise<object> {
    return this.move(id, 'pause', body, request);
  }

  @Post(':id/resume')
  @SetMetadata(auditedCommand, 'strategy.resume')
  @HttpCode(202)
  resume(@Param('id') id: string, @Body() body: MoveDto, @Req() request: Request): Promise<object> {
    return this.move(id, 'resume', body, request);
  }

  @Post(':id/stop')
  @SetMetadata(auditedCommand, 'strategy.stop')
  @HttpCode(202)
  stop(@Param('id') id: string, @Body() body: MoveDto, @Req() request: Request): Promise<object> {
    return this.move(id, 'stop', body, request);
  }

  private move(id: string, move: Move, body: MoveDto | undefined, request: Request): Promise<object> {
    const { user } = request as Request & { readonly user?: string };
    return this.strategies.request(id, move, user ?? 'unknown', body?.timeoutMs);
  }

  private view(strategy: Strategy): object {
    const session = this.execution.session(strategy.id);
    return {
      ...strategy,
      quoting: {
        bid: session?.bestBid ?? null,
        ask: session?.bestAsk ?? null,
        reasons: session?.reasons ?? [],
      },
      openOrdersCount: this.execution.orders(strategy.id).length,
      allowed: allowedMoves(strategy.state),
    };
  }
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? 100 : Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new DomainError('OUT_OF_RANGE', `limit is ${text}.`, 'Use a whole number from 1 to 500.');
}
