import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

const scopes = ['global', 'venue', 'account', 'instrument', 'owner', 'strategy'] as const;
const states = ['ACTIVE', 'REDUCE_ONLY', 'CANCEL_ONLY', 'HALTED'] as const;
const scopeIdRule = { message: 'scopeId must be an id without spaces, <account>/<symbol> for an instrument' };

class ReasonDto {
  @IsString()
  @MinLength(3)
  @MaxLength(200)
  readonly reason!: string;
}

/** What to stop; `scopeId` names it unless it is everything. */
export class KillDto extends ReasonDto {
  @IsIn(scopes)
  readonly scope!: (typeof scopes)[number];

  @IsOptional()
  @IsString()
  @MaxLength(120)
  @Matches(/^\S+$/, scopeIdRule)
  readonly scopeId?: string;
}

export class LiftDto extends ReasonDto {}

/** `ACTIVE` lifts what stands over the scope itself; the others tighten. */
export class RiskStateDto extends ReasonDto {
  @IsIn(scopes)
  readonly scope!: (typeof scopes)[number];

  @IsOptional()
  @IsString()
  @MaxLength(120)
  @Matches(/^\S+$/, scopeIdRule)
  readonly id?: string;

  @IsIn(states)
  readonly state!: (typeof states)[number];
}
