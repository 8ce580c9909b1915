import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDecimal } from '../../../http/validation';

export class AllocationDto {
  @IsDecimal()
  readonly base!: string;

  @IsDecimal()
  readonly quote!: string;
}

/** What to run and with how much; either a configuration or the name of a preset. */
export class PlanDto {
  @IsOptional()
  @IsIn(['pureMarketMaking'])
  readonly strategyType?: 'pureMarketMaking';

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

export class CreateStrategyDto extends PlanDto {
  @IsOptional()
  @IsUUID()
  readonly id?: string;

  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{1,47}$/, { message: 'name must be 2 to 48 of a-z, 0-9 and -' })
  readonly name!: string;
}

export class MoveDto {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly reason?: string;

  @IsOptional()
  @IsInt()
  @Min(1_000)
  @Max(60_000)
  readonly timeoutMs?: number;
}
