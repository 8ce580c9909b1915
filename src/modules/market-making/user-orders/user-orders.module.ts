import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module';
import { StrategyModule } from '../strategy/strategy.module';
import { UserOrderRepository } from './user-order.repository';
import { UserOrdersHttpController } from './user-orders.http.controller';
import { UserOrdersService } from './user-orders.service';

@Module({
  imports: [LedgerModule, StrategyModule],
  controllers: [UserOrdersHttpController],
  providers: [UserOrderRepository, UserOrdersService],
})
export class UserOrdersModule {}
