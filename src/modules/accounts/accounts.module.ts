import { Module } from '@nestjs/common';
import { AccountRepository } from './account.repository';
import { AccountsService } from './accounts.service';

/** The vault alone: the engine asks it for keys, so it knows no engine. */
@Module({ providers: [AccountRepository, AccountsService], exports: [AccountsService] })
export class AccountsModule {}
