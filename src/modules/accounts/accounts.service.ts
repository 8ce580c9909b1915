import { Inject, Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Settings } from '../../config/load-config';
import { RUNTIME, SETTINGS } from '../../config/tokens';
import { DomainError, EngineFault } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import type { AccountConfig, CredentialSource } from '../execution/types';
import type { AccountRow, AccountView } from './account';
import { hintOf, mustBeServed } from './account-checks';
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
  readonly passphrase?: string | undefined;
  /** False without it: then no switch of the venue is armed. */
  readonly dedicated?: boolean | undefined;
}

export type IdentifiedAccount = NewAccount & { readonly id: string };

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

  /** The same without a probe and under an id drawn here. */
  async add(account: NewAccount): Promise<AccountView> {
    return (await this.keep({ ...account, id: this.runtime.uuid() })).account;
  }

  /** The account of this id if it is the same one. Throws VENUE_NOT_SERVED, ID_CONFLICT, NAME_TAKEN, ACCOUNT_ALREADY_REGISTERED. */
  async same(wanted: IdentifiedAccount): Promise<AccountView | undefined> {
    mustBeServed(wanted.venue);
    const row = await this.accounts.find(wanted.id);
    if (!row) return this.refuseTaken(wanted);
    const secrets = unpackSecrets(this.unseal(row.id, row.secretEncrypted));
    if (termsOf({ ...row, ...secrets }) === termsOf(wanted)) return viewOf(row);
    throw new DomainError('ID_CONFLICT', `The id ${wanted.id} belongs to another account.`, 'Use a new id.');
  }

  /** Stores an account under its id; of two calls at once one finds what the other stored. Throws as `same`. */
  async keep(wanted: IdentifiedAccount): Promise<{ readonly account: AccountView; readonly isNew: boolean }> {
    mustBeServed(wanted.venue);
    const { id, secret, passphrase, name, venue, environment, apiKey, dedicated = false } = wanted;
    const secretEncrypted = this.seal(id, packSecrets({ secret, passphrase }));
    const row = { id, name, venue, environment, apiKey, secretEncrypted, dedicated };
    if (await this.accounts.insert(row)) return { account: viewOf(row), isNew: true };
    const account = await this.same(wanted);
    if (account) return { account, isNew: false };
    throw new DomainError('ID_CONFLICT', `The id ${id} was used by a removed account.`, 'Use a new id.');
  }

  /** Throws ACCOUNT_IN_USE. */
  async mustBeIdle(id: string): Promise<void> {
    const names = await this.accounts.runningOn(id);
    if (names.length === 0) return;
    const detail = `Not stopped on this account: ${names.join(', ')}.`;
    throw new DomainError('ACCOUNT_IN_USE', detail, 'Stop every strategy of the account first.');
  }

  /** Says whether the account is this installation's alone; every engine sees it within a second. Throws NOT_FOUND. */
  async declare(id: string, dedicated: boolean): Promise<AccountView> {
    await this.accounts.declare(id, dedicated);
    return this.get(id);
  }

  /** Erases the key. Throws ACCOUNT_IN_USE when a strategy was started meanwhile. */
  async remove(id: string): Promise<void> {
    await this.accounts.remove(id);
    await this.mustBeIdle(id);
  }

  async credentials(accountId: string): Promise<Secrets & { readonly apiKey: string }> {
    const row = await this.accounts.find(accountId);
    if (!row)
      throw new DomainError('NOT_FOUND', `There is no account ${accountId}.`, 'Add the account first.');
    return { apiKey: row.apiKey, ...unpackSecrets(this.unseal(row.id, row.secretEncrypted)) };
  }

  private async refuseTaken({ name, venue, environment, apiKey }: IdentifiedAccount): Promise<undefined> {
    const rows = await this.accounts.list();
    if (rows.some((row) => row.name === name))
      throw new DomainError('NAME_TAKEN', `The name ${name} is taken.`, 'Choose another name.');
    const twin = rows.find(
      (row) => row.venue === venue && row.environment === environment && row.apiKey === apiKey,
    );
    if (!twin) return undefined;
    const detail = `The key is that of the account ${twin.name}.`;
    throw new DomainError('ACCOUNT_ALREADY_REGISTERED', detail, 'Use that account, or another key.');
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

const viewOf = ({
  id,
  name,
  venue,
  environment,
  dedicated,
  apiKey,
}: Omit<AccountRow, 'secretEncrypted'>): AccountView => ({
  ...{ id, name, venue, environment, dedicated },
  keyHint: hintOf(apiKey),
});

/** What a repeated create must repeat; whose the account is may have been declared anew since. */
const termsOf = ({ name, venue, environment, apiKey, secret, passphrase }: NewAccount): string =>
  JSON.stringify([name, venue, environment, apiKey, secret, passphrase ?? null]);
