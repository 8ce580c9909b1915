import { Module } from '@nestjs/common';
import { LedgerModule } from '../market-making/ledger/ledger.module';
import { StrategyModule } from '../market-making/strategy/strategy.module';
import { DashboardHttpController } from './dashboard.http.controller';
import { FleetService } from './fleet.service';

@Module({
  imports: [LedgerModule, StrategyModule],
  controllers: [DashboardHttpController],
  providers: [FleetService],
})
export class DashboardModule {}
