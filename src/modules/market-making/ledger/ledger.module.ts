import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditInterceptor } from './audit.interceptor';
import { AuditRepository } from './audit.repository';
import { FillLogService } from './fill-log.service';
import { HousekeepingService } from './housekeeping.service';
import { LedgerRepository } from './ledger.repository';
import { OrderHistoryRepository } from './order-history.repository';
import { OrdersHttpController } from './orders.http.controller';

@Module({
  controllers: [OrdersHttpController],
  providers: [
    ...[LedgerRepository, FillLogService, HousekeepingService, AuditRepository, OrderHistoryRepository],
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [LedgerRepository, FillLogService],
})
export class LedgerModule {}
