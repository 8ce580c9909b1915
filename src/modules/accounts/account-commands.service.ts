import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../../config/load-config';
import { RUNTIME, SETTINGS } from '../../config/tokens';
import { DomainError } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import { ExecutionService } from '../execution/execution.service';
import type { CredentialCheck } from '../execution/types';
import type { AccountView } from './account';
import { checkPassphrase, mustPass } from './account-checks';
import type { CreateAccountDto } from './accounts.dto';
import { AccountsService } from './accounts.service';

export interface Probed {
  readonly account: AccountView;
  readonly checks: readonly CredentialCheck[];
}

/** What a person does with exchange accounts: nothing is kept that the venue has not let in. */
@Injectable()
export class AccountCommandsService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly execution: ExecutionService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Probes the key, keeps it and begins to follow the account. The same id and body give the same account once. */
  async create(body: CreateAccountDto): Promise<Probed & { readonly isNew: boolean }> {
    checkPassphrase(body.venue, body.passphrase);
    this.refuseEnvironment(body);
    const { apiSecret: secret, ...rest } = body;
    const wanted = { ...rest, secret, id: body.id ?? this.runtime.uuid() };
    const known = await this.accounts.same(wanted);
    if (known) return { account: known, checks: [], isNew: false };
    const { id, venue, environment, apiKey, passphrase } = wanted;
    const phrase = passphrase === undefined ? {} : { passphrase };
    const place = { id, venue, environment };
    const checks = await this.execution.probeCredentials(place, { apiKey, secret, ...phrase });
    mustPass(checks);
    const { account, isNew } = await this.accounts.keep(wanted);
    // It is asked everything from now on; how that goes is told with the account.
    void this.execution.addAccount(place).catch(() => undefined);
    return { account, checks, isNew };
  }

  /** Throws NOT_FOUND. What the checks say is the answer, also when they say no. */
  async probe(id: string): Promise<Probed> {
    const account = await this.accounts.get(id);
    const credentials = await this.accounts.credentials(id);
    const checks = await this.execution.probeCredentials(account, credentials);
    if (checks.every(({ ok, severity }) => ok !== false || severity === 'warn')) this.execution.reconnect(id);
    return { account, checks };
  }

  /** Throws NOT_FOUND, ACCOUNT_IN_USE. The key is erased; what was traded stays on record. */
  async remove(id: string): Promise<void> {
    await this.accounts.get(id);
    await this.accounts.mustBeIdle(id);
    await this.execution.removeAccount(id);
    await this.accounts.remove(id);
  }

  private refuseEnvironment({ venue, environment }: CreateAccountDto): void {
    if (environment === 'live' && !this.settings.liveTrading)
      throw new DomainError('MODE_NOT_ALLOWED', 'Live trading is off.', 'Set LIVE_TRADING=true and restart.');
    if (venue === 'gate' && environment === 'sandbox')
      throw new DomainError(
        'ENVIRONMENT_NOT_SUPPORTED',
        'Gate has no sandbox with sockets.',
        'Use the environment sim, or live.',
      );
  }
}
