import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Either user and password, or the token of a printed link. */
export class LoginDto {
  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly username?: string;

  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly password?: string;

  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly token?: string;
}
