import { Controller, Get, Res, SetMetadata } from '@nestjs/common';
import type { Response } from 'express';
import { publicRoute } from '../auth/public';
import { ExecutionService } from '../execution/execution.service';

/** For load balancers and people without a login; says nothing about accounts or money. */
@Controller('health')
@SetMetadata(publicRoute, true)
export class HealthHttpController {
  constructor(private readonly execution: ExecutionService) {}

  @Get('live')
  live(): object {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(@Res({ passthrough: true }) response: Response): object {
    const { clock, venues, databaseDownSince } = this.execution.health();
    const waiting = venues.filter((venue) => !venue.publicLive || !venue.privateLive || !venue.isReconciled);
    const isReady = databaseDownSince === undefined && waiting.length === 0;
    response.status(isReady ? 200 : 503);
    return {
      status: isReady ? 'ok' : 'wait',
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
