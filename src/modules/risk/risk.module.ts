import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { RiskHttpController } from './risk.http.controller';
import { RiskService } from './risk.service';

@Module({ imports: [AccountsModule], controllers: [RiskHttpController], providers: [RiskService] })
export class RiskModule {}
