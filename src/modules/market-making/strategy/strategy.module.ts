import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module';
import { LedgerModule } from '../ledger/ledger.module';
import { StrategyHttpController } from './strategy.http.controller';
import { StrategyRepository } from './strategy.repository';
import { StrategyService } from './strategy.service';
import { SupervisorService } from './supervisor.service';

@Module({
  imports: [AccountsModule, LedgerModule],
  controllers: [StrategyHttpController],
  providers: [StrategyRepository, StrategyService, SupervisorService],
  exports: [StrategyService, SupervisorService, StrategyRepository],
})
export class StrategyModule {}
