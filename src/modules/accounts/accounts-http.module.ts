import { Module } from '@nestjs/common';
import { AccountCommandsService } from './account-commands.service';
import { AccountsHttpController } from './accounts.http.controller';
import { AccountsModule } from './accounts.module';
import { VenuesHttpController } from './venues.http.controller';

@Module({
  imports: [AccountsModule],
  controllers: [AccountsHttpController, VenuesHttpController],
  providers: [AccountCommandsService],
})
export class AccountsHttpModule {}
