import { Controller, Get, HttpCode, Post, Req, SetMetadata, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { auditedCommand } from '../../http/audited';
import { AdminGuard } from '../auth/admin.guard';
import { HandoverService } from './handover.service';

@Controller('api/v1/admin/engine/handover')
@UseGuards(AdminGuard)
export class HandoverHttpController {
  constructor(private readonly handover: HandoverService) {}

  /** Leaves the strategies of this engine to another one with their orders where they are; the process then ends. */
  @Post()
  @SetMetadata(auditedCommand, 'engine.handover')
  @HttpCode(202)
  request(@Req() request: Request & { readonly user?: string }): object {
    return this.handover.request(request.user ?? 'unknown');
  }

  @Get('operation')
  operation(): object {
    return this.handover.operation();
  }
}
