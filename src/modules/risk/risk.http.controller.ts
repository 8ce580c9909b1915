import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { auditedCommand } from '../../http/audited';
import { KillDto, LiftDto, RiskStateDto } from './risk.dto';
import { RiskService } from './risk.service';

const onePage = { nextCursor: null, hasMore: false } as const;
type Call = Request & { readonly user?: string };

@Controller('api/v1')
export class RiskHttpController {
  constructor(private readonly risk: RiskService) {}

  @Post('kill-switch')
  @SetMetadata(auditedCommand, 'kill-switch.engage')
  @HttpCode(202)
  kill(@Body() body: KillDto, @Req() request: Request): Promise<object> {
    return this.risk.kill(body, userOf(request));
  }

  @Get('kill-switch')
  standing(): object {
    return { data: this.risk.halts(), page: onePage };
  }

  @Get('kill-switch/:scopeKey/operation')
  operation(@Param('scopeKey') scopeKey: string): Promise<object> {
    return this.risk.operation(scopeKey);
  }

  @Delete('kill-switch/:scopeKey')
  @SetMetadata(auditedCommand, 'kill-switch.release')
  release(
    @Param('scopeKey') scopeKey: string,
    @Body() body: LiftDto,
    @Req() request: Request,
  ): Promise<object> {
    return this.risk.lift(scopeKey, body.reason, userOf(request));
  }

  @Get('risk/state')
  states(): object {
    return { data: this.risk.halts(), page: onePage };
  }

  @Post('risk/state')
  @SetMetadata(auditedCommand, 'risk.state')
  @HttpCode(200)
  setState(@Body() body: RiskStateDto, @Req() request: Request): Promise<object> {
    return this.risk.setState(body, userOf(request));
  }
}

const userOf = (request: Call): string => request.user ?? 'unknown';
