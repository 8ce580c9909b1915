import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { StrategyModule } from '../market-making/strategy/strategy.module';
import { RiskHttpController } from './risk.http.controller';
import { RiskService } from './risk.service';

@Module({
  imports: [AccountsModule, StrategyModule],
  controllers: [RiskHttpController],
  providers: [RiskService],
})
export class RiskModule {}
