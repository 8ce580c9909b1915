import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  IsUrl,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IsDecimal } from '../../http/validation';

/** ISO 8601 has forms that no date of this language is made of. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const momentRule = { message: 'at must look like 2026-01-31T12:00:00Z' };
const outcomes = ['filled', 'canceled', 'never_existed'] as const;
const idRule = { message: 'must be 1 to 64 of A-Z, a-z, 0-9 and _.:-' };
const idPattern = /^[A-Za-z0-9_.:-]{1,64}$/;

export class ReconcileDto {
  @IsUUID()
  readonly accountId!: string;
}

/** What shows it: the venue's page, its support, a statement. Kept in the audit log. */
export class EvidenceDto {
  @IsString()
  @MinLength(3)
  @MaxLength(1_000)
  readonly text!: string;

  @IsOptional()
  @IsUrl({ require_tld: false })
  @MaxLength(500)
  readonly url?: string;
}

/** A trade as the venue shows it. Without a fee it is asked for. */
export class TradeDto {
  @IsString()
  @Matches(idPattern, idRule)
  readonly tradeId!: string;

  @IsDecimal({ isPositive: true })
  readonly price!: string;

  @IsDecimal({ isPositive: true })
  readonly quantity!: string;

  @IsOptional()
  @IsDecimal()
  readonly fee?: string;

  @IsOptional()
  @IsString()
  @Matches(/^[A-Z0-9]{1,20}$/, { message: 'feeAsset must look like USDT' })
  readonly feeAsset?: string;

  @IsISO8601({ strict: true })
  @Matches(moment, momentRule)
  readonly at!: string;
}

export class BookFillDto extends TradeDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => EvidenceDto)
  readonly evidence!: EvidenceDto;
}

/** How an order ended that nobody else can account for. */
export class ResolveOrderDto {
  @IsIn(outcomes)
  readonly outcome!: (typeof outcomes)[number];

  /** Of the whole order. */
  @IsDecimal()
  readonly filledQuantity!: string;

  /** The venue's id of the order, where it was never learned. */
  @IsOptional()
  @IsString()
  @Matches(idPattern, idRule)
  readonly venueOrderId?: string;

  /** Those of its trades that are not in the books yet. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => TradeDto)
  readonly trades?: readonly TradeDto[];

  @IsDefined()
  @ValidateNested()
  @Type(() => EvidenceDto)
  readonly evidence!: EvidenceDto;
}
