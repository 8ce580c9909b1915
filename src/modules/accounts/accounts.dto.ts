import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { venueIds } from '../../domain/instrument';
import type { VenueId } from '../../domain/instrument';
import type { Environment } from './account';

const environments: readonly Environment[] = ['live', 'sandbox', 'sim'];
/** What a key of any venue is made of; nothing that a header could not carry. */
const printable = /^[\x21-\x7e]+$/;

/** An account at a venue and its key. What is secret goes in once and never comes out. */
export class CreateAccountDto {
  @IsOptional()
  @IsUUID()
  readonly id?: string;

  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{1,47}$/, { message: 'name must be 2 to 48 of a-z, 0-9 and -' })
  readonly name!: string;

  @IsIn(venueIds)
  readonly venue!: VenueId;

  @IsIn(environments)
  readonly environment!: Environment;

  @IsString()
  @Matches(printable, { message: 'apiKey must be printable, without blanks' })
  @MaxLength(512)
  readonly apiKey!: string;

  /** HMAC secret, or a private key in PEM where the venue takes one. */
  @IsString()
  @Matches(/^[\x20-\x7e\r\n]+$/, { message: 'apiSecret must be printable' })
  @MaxLength(8_192)
  readonly apiSecret!: string;

  /** Where the venue wants one: OKX, KuCoin, Bitget. */
  @IsOptional()
  @IsString()
  @Matches(/^[\x20-\x7e]+$/, { message: 'passphrase must be printable' })
  @MaxLength(512)
  readonly passphrase?: string;

  /** Nobody but this installation has orders on it: only then is the dead-man's switch of its venue armed. */
  @IsOptional()
  @IsBoolean()
  readonly dedicated?: boolean;
}

/** What may change of an account that is there. */
export class ChangeAccountDto {
  /** Nobody but this installation has orders on it: only then is the dead-man's switch of its venue armed. */
  @IsBoolean()
  readonly dedicated!: boolean;
}
