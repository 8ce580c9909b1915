import { Module } from '@nestjs/common';
import { AccountCommandsService } from './account-commands.service';
import { AccountsHttpController } from './accounts.http.controller';
import { AccountsModule } from './accounts.module';

@Module({
  imports: [AccountsModule],
  controllers: [AccountsHttpController],
  providers: [AccountCommandsService],
})
export class AccountsHttpModule {}
