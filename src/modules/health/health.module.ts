import { Module } from '@nestjs/common';
import { StrategyModule } from '../market-making/strategy/strategy.module';
import { HealthHttpController } from './health.http.controller';

@Module({ imports: [StrategyModule], controllers: [HealthHttpController] })
export class HealthModule {}
