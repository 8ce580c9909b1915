import { Controller, Get, Param } from '@nestjs/common';
import { ExecutionService } from '../execution/execution.service';
import { AccountsService } from './accounts.service';

@Controller('api/v1/accounts')
export class AccountsHttpController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly execution: ExecutionService,
  ) {}

  @Get()
  async list(): Promise<object> {
    return { data: await this.accounts.list(), page: { nextCursor: null, hasMore: false } };
  }

  /** What of the account's money belongs to no strategy, and what the books say is on it in all. */
  @Get(':id/balances')
  async balances(@Param('id') id: string): Promise<object> {
    const account = await this.accounts.get(id);
    const balances = await this.execution.balances([`unallocated:${account.id}`]);
    const data = balances.map(({ asset, total, reserved }) => ({
      ...{ asset, total, reserved },
      ledgerTotal: this.execution.accountTotal(account.id, asset),
    }));
    return { account, data };
  }
}
