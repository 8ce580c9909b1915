import { Inject, Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Settings } from '../../config/load-config';
import { RUNTIME, SETTINGS } from '../../config/tokens';
import { DomainError, EngineFault } from '../../domain/errors';
import { venueIds } from '../../domain/instrument';
import type { Runtime } from '../../runtime/runtime';
import type { AccountConfig, CredentialSource } from '../execution/types';
import type { AccountView } from './account';
import { AccountRepository } from './account.repository';
import { decodeSealed, encodeSealed, packSecrets, unpackSecrets } from './credential-box';
import type { Secrets } from './credential-box';

export interface NewAccount {
  readonly name: string;
  readonly venue: AccountConfig['venue'];
  readonly environment: AccountConfig['environment'];
  readonly apiKey: string;
  readonly secret: string;
  /** Where the venue wants one (OKX). */
  readonly passphrase?: string;
}

const algorithm = 'aes-256-gcm';

/** Exchange accounts and the vault of their keys. Secrets are encrypted at rest and bound to their account. */
@Injectable()
export class AccountsService implements CredentialSource {
  constructor(
    private readonly accounts: AccountRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async list(): Promise<readonly AccountView[]> {
    return (await this.accounts.list()).map(viewOf);
  }

  /** Throws NOT_FOUND. */
  async get(id: string): Promise<AccountView> {
    const row = await this.accounts.find(id);
    if (!row) throw new DomainError('NOT_FOUND', `There is no account ${id}.`, 'See GET /api/v1/accounts.');
    return viewOf(row);
  }

  /** Throws VENUE_NOT_SERVED. */
  async add(account: NewAccount): Promise<AccountView> {
    if (!venueIds.includes(account.venue))
      throw new DomainError(
        'VENUE_NOT_SERVED',
        `There is no connector for ${account.venue}.`,
        `Use one of ${venueIds.join(', ')}.`,
      );
    const id = this.runtime.uuid();
    const { secret, passphrase, ...rest } = account;
    const row = { id, ...rest, secretEncrypted: this.seal(id, packSecrets({ secret, passphrase })) };
    await this.accounts.insert(row);
    return viewOf(row);
  }

  async credentials(accountId: string): Promise<Secrets & { readonly apiKey: string }> {
    const row = await this.accounts.find(accountId);
    if (!row)
      throw new DomainError('NOT_FOUND', `There is no account ${accountId}.`, 'Add the account first.');
    return { apiKey: row.apiKey, ...unpackSecrets(this.unseal(row.id, row.secretEncrypted)) };
  }

  private seal(accountId: string, secret: string): string {
    const nonce = Buffer.from(this.runtime.randomBytes(12));
    const cipher = createCipheriv(algorithm, this.settings.credentialsKek, nonce).setAAD(
      Buffer.from(accountId),
    );
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return encodeSealed({ nonce, tag: cipher.getAuthTag(), text });
  }

  private unseal(accountId: string, stored: string): string {
    const sealed = decodeSealed(stored);
    if (!sealed) throw new EngineFault('CREDENTIALS_UNREADABLE', { accountId });
    const decipher = createDecipheriv(algorithm, this.settings.credentialsKek, sealed.nonce, {
      authTagLength: 16,
    })
      .setAAD(Buffer.from(accountId))
      .setAuthTag(sealed.tag);
    return Buffer.concat([decipher.update(sealed.text), decipher.final()]).toString('utf8');
  }
}

const viewOf = ({ id, name, venue, environment }: AccountView): AccountView => ({
  id,
  name,
  venue,
  environment,
});
