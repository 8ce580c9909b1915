import type { MessageEvent } from '@nestjs/common';
import { Controller, Get, Param, Sse } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { FleetService } from './fleet.service';

@Controller('api/v1')
export class DashboardHttpController {
  constructor(private readonly fleet: FleetService) {}

  @Sse('stream')
  stream(): Observable<MessageEvent> {
    return this.fleet.frames.pipe(map((data) => ({ type: 'fleet', data })));
  }

  @Get('strategies/:id/series')
  series(@Param('id') id: string): object {
    return this.fleet.seriesOf(id);
  }
}
