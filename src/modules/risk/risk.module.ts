import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { StrategyModule } from '../market-making/strategy/strategy.module';
import { OrderCommandsHttpController } from './order-commands.http.controller';
import { OrderCommandsService } from './order-commands.service';
import { RiskHttpController } from './risk.http.controller';
import { RiskService } from './risk.service';

@Module({
  imports: [AccountsModule, StrategyModule],
  controllers: [RiskHttpController, OrderCommandsHttpController],
  providers: [RiskService, OrderCommandsService],
})
export class RiskModule {}
