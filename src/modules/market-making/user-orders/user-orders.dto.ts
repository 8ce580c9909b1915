import { Type } from 'class-transformer';
import {
  IsDefined,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IsDecimal } from '../../../http/validation';
import { AllocationDto } from '../strategy/strategy.dto';

export class CreateUserOrderDto {
  @IsOptional()
  @IsUUID()
  readonly id?: string;

  @IsString()
  @MaxLength(64)
  readonly userName!: string;

  @IsOptional()
  @IsString()
  @MaxLength(120)
  readonly label?: string;

  @IsUUID()
  readonly accountId!: string;

  @IsString()
  @Matches(/^[A-Z0-9]+\/[A-Z0-9]+$/, { message: 'symbol must look like BTC/USDT' })
  readonly symbol!: string;

  @IsOptional()
  @IsObject()
  readonly config?: Readonly<Record<string, unknown>>;

  @IsOptional()
  @IsString()
  @MaxLength(48)
  readonly preset?: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => AllocationDto)
  readonly allocation!: AllocationDto;
}

export class CreditDto {
  @IsString()
  @Matches(/^[A-Z0-9]{1,20}$/, { message: 'asset must look like USDT' })
  readonly asset!: string;

  @IsDecimal({ isPositive: true })
  readonly quantity!: string;

  @IsString()
  @Matches(/^[A-Za-z0-9_.:-]{1,128}$/, { message: 'externalId must be 1 to 128 of A-Z, a-z, 0-9 and _.:-' })
  readonly externalId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly note?: string;
}
