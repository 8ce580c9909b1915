import { Module } from '@nestjs/common';
import { FillLogService } from './fill-log.service';
import { HousekeepingService } from './housekeeping.service';
import { LedgerRepository } from './ledger.repository';

@Module({
  providers: [LedgerRepository, FillLogService, HousekeepingService],
  exports: [LedgerRepository, FillLogService],
})
export class LedgerModule {}
