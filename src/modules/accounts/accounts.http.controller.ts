import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Res,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { Response } from 'express';
import { renderReason } from '../../domain/reasons';
import { AdminGuard } from '../auth/admin.guard';
import { ExecutionService } from '../execution/execution.service';
import { auditedCommand } from '../../http/audited';
import type { AccountView } from './account';
import { AccountCommandsService } from './account-commands.service';
import { ChangeAccountDto, CreateAccountDto } from './accounts.dto';
import { AccountsService } from './accounts.service';

@Controller('api/v1/accounts')
export class AccountsHttpController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly commands: AccountCommandsService,
    private readonly execution: ExecutionService,
  ) {}

  /** Keeps a key after the venue has let it in; it is never shown again. */
  @Post()
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'account.create')
  async create(
    @Body() body: CreateAccountDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const { account, checks, isNew } = await this.commands.create(body);
    response.status(isNew ? 201 : 200);
    return { ...this.view(account), checks };
  }

  @Get()
  async list(): Promise<object> {
    const accounts = await this.accounts.list();
    return {
      data: accounts.map((account) => this.view(account)),
      page: { nextCursor: null, hasMore: false },
    };
  }

  @Get(':id')
  async get(@Param('id') id: string): Promise<object> {
    return this.view(await this.accounts.get(id));
  }

  /** Declares whose the account is; a switch of the venue that must not be armed is ended within seconds. */
  @Patch(':id')
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'account.change')
  async change(@Param('id') id: string, @Body() body: ChangeAccountDto): Promise<object> {
    return this.view(await this.accounts.declare(id, body.dedicated));
  }

  /** Asks the venue whether the stored key still works. */
  @Post(':id/probe')
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'account.probe')
  @HttpCode(200)
  async probe(@Param('id') id: string): Promise<object> {
    const { account, checks } = await this.commands.probe(id);
    return { ...this.view(account), checks };
  }

  /** Forgets the key of an account that nothing trades on. */
  @Delete(':id')
  @UseGuards(AdminGuard)
  @SetMetadata(auditedCommand, 'account.delete')
  @HttpCode(204)
  remove(@Param('id') id: string): Promise<void> {
    return this.commands.remove(id);
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

  private view(account: AccountView): object {
    const { state, problems } = this.execution.accountHealth(account.id);
    const told = problems.map(({ symbols, since, ...reason }) => ({
      ...{ code: reason.code, effect: reason.effect, symbols, sinceMs: since },
      ...renderReason(reason),
    }));
    const { renewedAtMs = null, firesAtMs = null, ...deadMan } = this.execution.deadMan(account.id);
    return { ...account, status: state, deadMan: { ...deadMan, renewedAtMs, firesAtMs }, problems: told };
  }
}
