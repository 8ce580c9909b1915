import { Module } from '@nestjs/common';
import { StrategyModule } from '../market-making/strategy/strategy.module';
import { HandoverHttpController } from './handover.http.controller';
import { HandoverService } from './handover.service';

/** What an administrator does to the engine itself. */
@Module({
  imports: [StrategyModule],
  controllers: [HandoverHttpController],
  providers: [HandoverService],
})
export class AdminModule {}
