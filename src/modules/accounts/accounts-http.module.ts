import { Module } from '@nestjs/common';
import { AccountsHttpController } from './accounts.http.controller';
import { AccountsModule } from './accounts.module';

@Module({ imports: [AccountsModule], controllers: [AccountsHttpController] })
export class AccountsHttpModule {}
