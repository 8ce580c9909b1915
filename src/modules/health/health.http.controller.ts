import { Controller, Get, Res, SetMetadata } from '@nestjs/common';
import type { Response } from 'express';
import { publicRoute } from '../auth/public';
import { ExecutionService } from '../execution/execution.service';
import { SupervisorService } from '../market-making/strategy/supervisor.service';

/** For load balancers and people without a login; says nothing about accounts or money. */
@Controller('health')
@SetMetadata(publicRoute, true)
export class HealthHttpController {
  constructor(
    private readonly execution: ExecutionService,
    private readonly supervisor: SupervisorService,
  ) {}

  @Get('live')
  live(): object {
    return { status: 'ok' };
  }

  /** 200 while it takes new work; else 503, and `status` says whether that will come (`wait`) or is over (`stopping`). */
  @Get('ready')
  ready(@Res({ passthrough: true }) response: Response): object {
    const { clock, venues, databaseDownSince } = this.execution.health();
    const waiting = venues.filter((venue) => !venue.publicLive || !venue.privateLive || !venue.isReconciled);
    const isConnected = databaseDownSince === undefined && waiting.length === 0;
    const status = this.supervisor.isHalted ? 'stopping' : isConnected ? 'ok' : 'wait';
    response.status(status === 'ok' ? 200 : 503);
    return {
      status,
      database: databaseDownSince === undefined ? 'ok' : 'down',
      clock,
      venues: venues.map(({ venue, publicLive, privateLive, isReconciled }) => ({
        venue,
        publicLive,
        privateLive,
        isReconciled,
      })),
    };
  }
}
